/// What callers saw.
extension LedgerTally {
  /// Counts the requests that ended in [from, to).
  ///
  /// - Parameters:
  ///   - client: A service; nil means each.
  ///   - dependency: What was called; nil means everything.
  ///   - from: The first microsecond of the window.
  ///   - to: The first one after it.
  /// - Returns: nil when a part of the window is forgotten, or when it ends before it begins.
  package func counts(client: String?, dependency: String?, from: Int64, to: Int64) -> EndCounts? {
    guard knows(from: from, to: to) else { return nil }
    var counts = EndCounts()
    for request in endedRequests(client: client, dependency: dependency, from: from, to: to) {
      counts.add(request.end, limit: request.limit, attempts: request.attempts)
    }
    return counts
  }

  /// How long the successes took that ended in [from, to); nil as for ``counts(client:dependency:from:to:)``.
  package func successTimes(client: String?, dependency: String?, from: Int64, to: Int64) -> SuccessTimes? {
    guard knows(from: from, to: to) else { return nil }
    let requests = endedRequests(client: client, dependency: dependency, from: from, to: to)
    return SuccessTimes(requests.filter(\.end.isSuccess).map(\.took))
  }

  /// True when enough requests ended lately, and few enough of them as failures.
  ///
  /// - Parameters:
  ///   - client: A service; nil means all of them together.
  ///   - dependency: What was called; nil means everything together.
  ///   - seconds: The window, which ends at the moment; it is rounded to microseconds.
  ///   - now: The moment. Lines are written up to 100 ms late: a moment that long ago misses none.
  ///   - requests: How many have to have ended, at least; of none, nothing can be said.
  ///   - share: The largest share of failures that is healthy, 0…1.
  /// - Returns: nil when a part of the window is forgotten, or when it is none.
  package func isHealthy(
    client: String?, dependency: String?, over seconds: Double, at now: Int64, requests: Int, failures share: Double
  ) -> Bool? {
    guard let length = Self.microseconds(seconds),
      let counts = counts(client: client, dependency: dependency, from: now - length, to: now)
    else { return nil }
    guard counts.total >= requests, let failures = counts.failureShare else { return false }
    return failures <= share
  }

  /// True when the window is one, and all of it is remembered.
  func knows(from: Int64, to: Int64) -> Bool { from <= to && remembers(from) }

  /// A length of time, up to what is remembered; nil for what is none.
  static func microseconds(_ seconds: Double) -> Int64? {
    (0...Double(span) / 1_000_000).contains(seconds) ? Int64((seconds * 1_000_000).rounded()) : nil
  }

  private func endedRequests(client: String?, dependency: String?, from: Int64, to: Int64) -> [Request] {
    requests.filter { $0.key.matches(client, dependency) }
      .flatMap { $0.value.window(from: from, to: to).map(\.event) }
  }
}
