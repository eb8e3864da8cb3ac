/// What calls of a dependency usually are, and how the present episode of trouble went so far.
///
/// Moments instead of ages, so that a dependency of which nothing changed stays equal.
package struct CallTrend: Sendable, Hashable, Codable {
  /// nil until 10 s of health were seen.
  package var usual: UsualCalls?
  /// nil while all is as always.
  package var episode: CallEpisode?
  /// The most attempts that were answered in a second: what the dependency is known to be able to do; nil when nobody
  /// counts answers.
  package var capacity: Double?
  /// Callers that waited at the pools 10 s ago; nil when they were not counted then.
  package var waitingBefore: Int?

  package init(
    usual: UsualCalls? = nil, episode: CallEpisode? = nil, capacity: Double? = nil, waitingBefore: Int? = nil
  ) {
    self.usual = usual
    self.episode = episode
    self.capacity = capacity
    self.waitingBefore = waitingBefore
  }
}

/// Medians over the healthy part of the last five minutes; nil where nobody reports it.
package struct UsualCalls: Sendable, Hashable, Codable {
  /// The median and the 95th percentile of response times.
  package var p50: Duration?
  package var p95: Duration?
  /// Requests, requests that succeeded, and attempts that were answered, each per second.
  package var requests: Double?
  package var goodput: Double?
  package var answered: Double?
  /// Failed requests / requests that ended, 0…1.
  package var errorRatio: Double?
  /// True when less than a minute of health was seen: the medians are of few windows, the newest among them.
  package var isYoung: Bool
  /// True when response times are not measured but estimated from the socket table.
  package var isEstimated: Bool

  private enum CodingKeys: String, CodingKey {
    case errorRatio, isYoung, isEstimated
    case p50 = "p50Seconds"
    case p95 = "p95Seconds"
    case requests = "requestsPerSecond"
    case goodput = "goodputPerSecond"
    case answered = "answeredPerSecond"
  }

  package init(
    p50: Duration? = nil, p95: Duration? = nil, requests: Double? = nil, goodput: Double? = nil,
    answered: Double? = nil, errorRatio: Double? = nil, isYoung: Bool = false, isEstimated: Bool = false
  ) {
    (self.p50, self.p95) = (p50, p95)
    (self.requests, self.goodput, self.answered) = (requests, goodput, answered)
    (self.errorRatio, self.isYoung, self.isEstimated) = (errorRatio, isYoung, isEstimated)
  }
}

/// The first moments of what went wrong, in an episode that ends when nothing of it was seen for 30 s.
package struct CallEpisode: Sendable, Hashable, Codable {
  /// When responses became slow: about twice as long as usual at the 95th percentile.
  package var slowSince: WallTime?
  /// When response times came back to 1.2 times the usual or less; nil while they are slow.
  package var slowUntil: WallTime?
  /// When all connections of a pool were in use and callers waited.
  package var saturatedSince: WallTime?
  /// When 10 % of the requests or more failed, or fewer than half of the usual succeeded.
  package var unavailableSince: WallTime?

  package init(
    slowSince: WallTime? = nil, slowUntil: WallTime? = nil, saturatedSince: WallTime? = nil,
    unavailableSince: WallTime? = nil
  ) {
    self.slowSince = slowSince
    self.slowUntil = slowUntil
    self.saturatedSince = saturatedSince
    self.unavailableSince = unavailableSince
  }
}
