import DeptopDashboard
import DeptopModel
import Testing

@Suite("Trends")
struct TrendTests {
  private func peaks(_ samples: [(seconds: Double, rate: Double?)]) -> [Double?] {
    var bench = Bench(nil)
    for (number, sample) in samples.enumerated() {
      var snapshot = Fixture.healthyHost
      snapshot.sequence = UInt64(number + 1)
      // The fixture's moment is 10 s into an interval of 12 s.
      snapshot.takenAt = Fixture.ago(10) + .seconds(sample.seconds)
      snapshot.dependencies = [Fixture.healthy("cache", "redis", host: "cache", port: 1, rate: sample.rate)]
      if sample.rate == nil { snapshot.dependencies[0].sockets = nil }
      bench.snapshot = snapshot
      bench.send(.snapshotReceived)
    }
    return bench.state.trends["cache"]?.peaks ?? []
  }

  @Test("an interval keeps its highest reading")
  func highest() {
    #expect(peaks([(0, 3), (1, 9), (2, 4), (12, 1)]) == [9, 1])
  }

  @Test("what was not read is a gap, not zero")
  func gaps() {
    #expect(peaks([(0, 3), (12, nil), (36, 5)]) == [3, nil, nil, 5])
  }

  @Test("two minutes are kept")
  func bounded() {
    #expect(peaks((0..<30).map { (Double($0) * 12, Double($0)) }).count == 10)
  }
}
