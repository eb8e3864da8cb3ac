import DeptopBenchmarkFigures
import Testing

struct RecoveryTests {
  /// Callers are well when 1 s has at least 2 requests and no failure.
  private let strict = Recovery.Measure(window: 1_000_000, failures: 0, fewest: 2)

  /// A request each 100 ms from 0 s to 10 s; those within the ranges of seconds fail.
  private func recovery(failing: [Range<Double>]) -> Recovery {
    Recovery(
      (0..<100).map { index in
        let at = Int64(index) * 100_000
        return Recovery.Outcome(at: at, isFailure: failing.contains { $0.contains(Double(at) / 1_000_000) })
      })
  }

  @Test func `health begins right after the last failure`() {
    #expect(recovery(failing: [0..<4]).healthy(by: strict, from: 0, until: 10_000_000) == 3_900_001)
  }

  @Test func `a failure that comes later means that it was not healed before`() {
    let recovery = recovery(failing: [0..<2, 6..<6.1])
    #expect(recovery.healthy(by: strict, from: 0, until: 10_000_000) == 6_000_001)
  }

  @Test func `whoever was never ill is well at once`() {
    #expect(recovery(failing: []).healthy(by: strict, from: 500_000, until: 9_000_000) == 500_000)
  }

  @Test func `it is not healed while the last window has a failure`() {
    #expect(recovery(failing: [9.5..<9.6]).healthy(by: strict, from: 0, until: 10_000_000) == nil)
  }

  @Test func `silence is not health`() {
    #expect(Recovery([]).healthy(by: strict, from: 0, until: 10_000_000) == nil)
    #expect(recovery(failing: []).healthy(by: strict, from: 0, until: 12_000_000) == nil)
  }

  @Test func `a share of failures may be left`() {
    let measure = Recovery.Measure(window: 1_000_000, failures: 0.2, fewest: 2)
    // Of the ten requests of a window, two may fail: 3.8 s and 3.9 s.
    #expect(recovery(failing: [0..<4]).healthy(by: measure, from: 0, until: 10_000_000) == 3_700_001)
  }

  @Test func `an observation shorter than the window proves nothing`() {
    #expect(recovery(failing: []).healthy(by: strict, from: 0, until: 900_000) == nil)
  }
}
