/// What became of attempts, as clients and upstreams saw it.
extension LedgerTally {
  /// Counts the attempts that ended in [from, to), by outcome.
  ///
  /// An attempt's line does not say what it called: with a dependency, one counts as soon as its request has ended.
  ///
  /// - Parameters:
  ///   - client: A service; nil means each.
  ///   - dependency: What was called; nil means everything, requests in progress included.
  ///   - from: The first microsecond of the window.
  ///   - to: The first one after it.
  /// - Returns: nil when a part of the window is forgotten, or when it ends before it begins.
  package func attempts(client: String?, dependency: String?, from: Int64, to: Int64) -> [String: Int]? {
    guard knows(from: from, to: to) else { return nil }
    var counts: [String: Int] = [:]
    for entry in endedAttempts(client: client, dependency: dependency, from: from, to: to) {
      counts[entry.event.outcome, default: 0] += 1
    }
    return counts
  }

  /// Attempts that were under way when their connection was reset or closed; nil as for
  /// ``attempts(client:dependency:from:to:)``.
  package func lostInFlight(client: String?, dependency: String?, from: Int64, to: Int64) -> Int? {
    attempts(client: client, dependency: dependency, from: from, to: to).map { counts in
      ["reset", "closed"].reduce(0) { $0 + (counts[$1] ?? 0) }
    }
  }

  /// Counts the attempts that an upstream was done with in [from, to), by outcome.
  ///
  /// - Parameters:
  ///   - upstream: The name of its ledger, as lines were added; nil means each.
  ///   - address: One of its addresses; nil means all of them.
  ///   - from: The first microsecond of the window.
  ///   - to: The first one after it.
  /// - Returns: nil when a part of the window is forgotten, or when it ends before it begins.
  package func served(upstream: String?, address: String? = nil, from: Int64, to: Int64) -> [String: Int]? {
    guard knows(from: from, to: to) else { return nil }
    var counts: [String: Int] = [:]
    for entry in Self.entries(of: served, upstream, address, from, to) { counts[entry.event, default: 0] += 1 }
    return counts
  }

  func endedAttempts(client: String?, dependency: String?, from: Int64, to: Int64) -> [LedgerTimeline<Attempt>.Entry] {
    attempts.filter { $0.key == client ?? $0.key }.flatMap { name, timeline in
      let entries = timeline.window(from: from, to: to)
      guard let dependency else { return Array(entries) }
      return entries.filter { dependencies[name]?[$0.event.number] == dependency }
    }
  }

  static func entries<Event>(
    of timelines: [Place: LedgerTimeline<Event>], _ upstream: String?, _ address: String?, _ from: Int64, _ to: Int64
  ) -> [LedgerTimeline<Event>.Entry] {
    timelines.filter { $0.key.matches(upstream, address) }.flatMap { $0.value.window(from: from, to: to) }
  }
}
