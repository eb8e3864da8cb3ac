extension Aftermath {
  /// The median of each figure; of the time to health, those that were not reached count as the longest.
  ///
  /// - Returns: nil of none.
  package static func median(_ rounds: [Aftermath]) -> Aftermath? {
    guard var middle = rounds.first else { return nil }
    for key in [\Aftermath.failed, \.lostInFlight, \.notServed, \.causedByAction, \.failuresPerSecond] {
      middle[keyPath: key] = Percentiles(rounds.map { $0[keyPath: key] }).median ?? 0
    }
    for key in [\Aftermath.connectionsPeak, \.connectionsCalm, \.requestsPeak, \.requestsCalm] {
      middle[keyPath: key] = Percentiles(rounds.compactMap { $0[keyPath: key] }).median
    }
    let times = Percentiles(rounds.map { $0.secondsToHealthy ?? .infinity }).median
    middle.secondsToHealthy = times.flatMap { $0.isFinite ? $0 : nil }
    return middle
  }
}
