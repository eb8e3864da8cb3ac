import DeptopModel

@testable import DeptopCollector

/// What a client says of `orders-db`, unless told otherwise.
func report(
  _ name: String? = "orders-db", host: String? = nil, port: UInt16? = nil,
  _ change: (inout ClientReport) -> Void = { _ in }
) -> ClientReport {
  var report = ClientReport(name: name, host: host, port: port)
  change(&report)
  return report
}

/// A report by one client.
func observed(
  _ report: ClientReport, by client: String = "app-1", uid: UInt32? = 0, since: Double? = nil
) -> Observation {
  .client(
    ClientObservation(
      client: ClientIdentity(name: client, pid: 7, uid: uid), report: report, countingSince: since.map(at)))
}

/// Requests and how many of them failed, as totals.
func totals(_ requests: UInt64, failed: UInt64 = 0, attempts: UInt64? = nil) -> CallTotals {
  CallTotals(
    requests: requests, attempts: attempts, fates: [.success: requests - failed, .timeout: failed])
}

/// A histogram of one latency, several times.
func times(_ latency: Duration, _ count: Int) -> Distribution {
  var histogram = Histogram()
  for _ in 0..<count { histogram.record(latency) }
  return .exponential(histogram)
}

extension Knowledge {
  /// Takes one client's report.
  mutating func fold(
    _ report: ClientReport, by client: String = "app-1", since: Double? = nil, from source: SourceID, at time: Double
  ) {
    fold([observed(report, by: client, since: since)], from: source, at: at(time))
  }

  /// A dependency as the screen would show it.
  func dependency(_ id: DependencyID, at time: Double = 200) -> Dependency? {
    Assembly(of: self, at: at(time)).dependencies().first { $0.id == id }
  }
}
