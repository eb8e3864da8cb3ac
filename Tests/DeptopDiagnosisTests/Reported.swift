import DeptopModel

/// A dependency that nothing is known of yet.
func dependency() -> Dependency {
  Dependency(id: "orders-db", kind: "postgres", host: "db.lab", port: 5432, origin: .configured)
}

/// The moment of every reading in these tests.
let moment = WallTime(secondsSinceEpoch: 10_000)

extension Reading {
  /// A reading of `app`, taken at ``moment``.
  init(reported value: Value) { self.init(value, source: "app", observedAt: moment) }
}

extension LatencySummary {
  /// As many values of one latency as a percentile needs.
  static func all(_ latency: Duration) -> LatencySummary? {
    var histogram = Histogram()
    for _ in 0..<100 { histogram.record(latency) }
    return LatencySummary(.exponential(histogram))
  }
}
