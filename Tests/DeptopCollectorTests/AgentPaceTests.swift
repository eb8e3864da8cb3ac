import DeptopModel
import Testing

@testable import DeptopCollector

/// The figures of a paced drain.
struct AgentPaceTests {
  @Test(arguments: [
    (0, 0, 0), (1, 1, 1), (2, 2, 1), (3, 3, 1), (3, 2, 0), (10, 10, 2), (10, 6, 1), (10, 5, 0), (100, 100, 20),
  ])
  func `a batch is a fifth, and half stays ready`(live: Int, ready: Int, size: Int) {
    #expect(AgentPace.batch(live: live, ready: ready) == (live == 0 ? 0 : size))
  }

  @Test(arguments: [(1, 1, 1), (4, 4, 2), (4, 3, 1), (10, 10, 5), (10, 5, 0), (30, 30, 10), (100, 100, 20)])
  func `what fails anyway goes by halves, by few, and half stays ready`(live: Int, ready: Int, size: Int) {
    #expect(AgentPace.batch(live: live, ready: ready, isFailing: true) == size)
  }

  @Test(
    arguments: [(60, 60, true), (60, 54, true), (60, 53, false), (9, 9, false), (10, 10, true)]
      as [(UInt64, UInt64, Bool)])
  func `calls fail when nine of ten do, and there are enough to tell`(ended: UInt64, failed: UInt64, isFailing: Bool) {
    let totals = CallTotals(requests: ended, fates: [.success: ended - failed, .failure: failed])
    #expect(AgentPace.isFailing(CallReading(window: .seconds(1), counts: totals)) == isFailing)
    #expect(!AgentPace.isFailing(nil))
    let unserved = CallTotals(
      requests: ended, fates: [.success: ended - failed, .timeout: failed], timeouts: [.poolAcquire: failed])
    #expect(!AgentPace.isFailing(CallReading(window: .seconds(1), counts: unserved)), "they only waited")
  }

  @Test(
    arguments: [(nil, 1.0, 1.0), (100, 1, 1), (500, 1, 1.5), (500, 0.5, 0.75), (0, 9, 1.5), (0, 0, 0.5)]
      as [(Int?, Double, Double)])
  func `steps are three connect times apart, varied by half`(connect: Int?, jitter: Double, seconds: Double) {
    #expect(AgentPace.gap(connect: connect.map { .milliseconds($0) }, jitter: jitter) == .seconds(seconds))
  }

  @Test func `the time is bound by the steps and by the wait for what is in use`() {
    #expect(AgentPace.gap(connect: .milliseconds(5), isFailing: true, jitter: 1) == .milliseconds(100))
    #expect(AgentPace.steps(of: [(10, 10), (6, 6)]) == 6)
    #expect(AgentPace.timeLimit(steps: 6, connect: .zero, drainTimeout: .seconds(30)) == .seconds(57))
    #expect(
      AgentPace.timeLimit(steps: 10_000, connect: .zero, drainTimeout: .seconds(30)) == ActionPace.longestExecution)
  }
}
