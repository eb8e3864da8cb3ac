/// One request through a pooler, as its client saw it.
package struct PoolRequest: Sendable, Hashable {
  /// Microseconds.
  package var began: Int64
  package var ended: Int64
  package var end: End

  package enum End: Sendable, Hashable {
    case success
    /// The server answered, and refused.
    case refused
    /// The connection to the pooler was lost while the answer was waited for.
    case cut
    /// The pooler took no connection.
    case notConnected
  }

  package init(began: Int64, ended: Int64, end: End) {
    self.began = began
    self.ended = ended
    self.end = end
  }
}

extension Aftermath {
  /// Counts for a pooler's clients.
  ///
  /// Their connections to it are alive: one that is lost was lost by what was done.
  ///
  /// - Parameters:
  ///   - requests: All of them, in whatever order.
  ///   - measure: What well means.
  ///   - calm: Some time before anything was broken, microseconds.
  ///   - observed: From the action's start to the end of the observation, microseconds.
  ///   - connectionsPeak: Connections that the pooler made in its busiest second since the action.
  package init(
    _ requests: [PoolRequest], by measure: Recovery.Measure, calm: Range<Int64>, observed: Range<Int64>,
    connectionsPeak: Int?
  ) {
    let seen = requests.filter { observed.contains($0.ended) }
    let failures = seen.filter { $0.end != .success }
    let healthy = Recovery(seen.map { Recovery.Outcome(at: $0.ended, isFailure: $0.end != .success) })
      .healthy(by: measure, from: observed.lowerBound, until: observed.upperBound)
    let end = healthy ?? observed.upperBound
    let (cut, missed) = (failures.count { $0.end == .cut }, failures.count { $0.end == .notConnected })
    failed = Double(failures.count { $0.ended < end })
    (lostInFlight, notServed, causedByAction) = (Double(cut), Double(missed), Double(cut + missed))
    secondsToHealthy = healthy.map { Double($0 - observed.lowerBound) / 1_000_000 }
    self.connectionsPeak = connectionsPeak.map(Double.init)
    connectionsCalm = nil
    let load = Load(requests: requests.map(\.began))
    requestsPeak = load.peak(of: \.requests, observed)
    requestsCalm = load.rate(of: \.requests, calm)
    failuresPerSecond = Double(failures.count) * 1_000_000 / Double(observed.count)
  }
}
