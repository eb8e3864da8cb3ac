/// How a request ended, in the caller's eyes.
package enum Fate: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
  case success
  case successAfterRetry = "success-after-retry"
  /// Failed in a way that the client does not retry.
  case notRetryable = "not-retryable"
  case retriesExhausted = "retries-exhausted"
  /// Would have been retried, and the retry budget did not allow it.
  case retrySkipped = "retry-skipped"
  case timeout
  /// Never sent: the breaker was open.
  case rejected
  /// Failed, and the client does not say how.
  case failure

  /// True when the caller got what it asked for.
  package var isSuccess: Bool { self == .success || self == .successAfterRetry }
}

/// What was waited for when a time limit was reached.
package enum TimeoutCategory: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
  case poolAcquire = "pool-acquire"
  case dns, connect, tls, read, deadline
}

/// A part of the time that a request takes; the parts are never added to response time.
package enum Phase: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
  case dns, connect, tls
  case firstByte = "first-byte"
}

/// What a client has counted since it started; every count only grows, and one that it does not keep is nil.
package struct CallTotals: Sendable, Hashable, Codable {
  /// What callers asked for.
  package var requests: UInt64?
  /// What was sent, retries included.
  package var attempts: UInt64?
  /// Requests by how they ended; a fate that is missing is not told apart.
  package var fates: [Fate: UInt64]?
  package var timeouts: [TimeoutCategory: UInt64]?
  /// Failures by their `error.type`.
  package var errors: [String: UInt64]?
  /// Connections that the other side reset.
  package var resets: UInt64?
  /// Attempts that were answered after their caller had given up: work for nobody.
  package var late: UInt64?

  package init(
    requests: UInt64? = nil, attempts: UInt64? = nil, fates: [Fate: UInt64]? = nil,
    timeouts: [TimeoutCategory: UInt64]? = nil, errors: [String: UInt64]? = nil, resets: UInt64? = nil,
    late: UInt64? = nil
  ) {
    self.requests = requests
    self.attempts = attempts
    self.fates = fates
    self.timeouts = timeouts
    self.errors = errors
    self.resets = resets
    self.late = late
  }

  package static let none = CallTotals()

  /// What was counted since earlier totals; nil when any count went back, which means that the client began anew.
  package func subtracting(_ earlier: CallTotals) -> CallTotals? {
    guard let requests = CallTotals.difference(requests, earlier.requests),
      let attempts = CallTotals.difference(attempts, earlier.attempts),
      let resets = CallTotals.difference(resets, earlier.resets),
      let late = CallTotals.difference(late, earlier.late),
      let fates = CallTotals.difference(fates, earlier.fates),
      let timeouts = CallTotals.difference(timeouts, earlier.timeouts),
      let errors = CallTotals.difference(errors, earlier.errors)
    else { return nil }
    return CallTotals(
      requests: requests, attempts: attempts, fates: fates, timeouts: timeouts, errors: errors, resets: resets,
      late: late)
  }

  /// Adds counts; one that either side keeps is kept.
  package mutating func add(_ other: CallTotals) {
    requests = CallTotals.sum(requests, other.requests)
    attempts = CallTotals.sum(attempts, other.attempts)
    resets = CallTotals.sum(resets, other.resets)
    late = CallTotals.sum(late, other.late)
    CallTotals.add(other.fates, to: &fates)
    CallTotals.add(other.timeouts, to: &timeouts)
    CallTotals.add(other.errors, to: &errors)
  }

  /// nil inside where a count was not kept before: what it already had is not of this time.
  private static func difference(_ now: UInt64?, _ before: UInt64?) -> UInt64?? {
    guard let now, let before else { return .some(nil) }
    return now >= before ? .some(now - before) : nil
  }

  private static func difference<Key>(_ now: [Key: UInt64]?, _ before: [Key: UInt64]?) -> [Key: UInt64]?? {
    guard var rest = now else { return .some(nil) }
    for (key, count) in before ?? [:] {
      guard let later = rest[key], later >= count else { return nil }
      rest[key] = later - count
    }
    return rest
  }

  private static func sum(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
    guard left != nil || right != nil else { return nil }
    return (left ?? 0) &+ (right ?? 0)
  }

  /// In place: a dictionary of its own is not copied.
  private static func add<Key>(_ more: [Key: UInt64]?, to counts: inout [Key: UInt64]?) {
    guard let more else { return }
    guard counts != nil else {
      counts = more
      return
    }
    for (key, count) in more { counts?[key, default: 0] &+= count }
  }
}

/// What clients did with a dependency in the latest window, as rates.
package struct CallReading: Sendable, Hashable, Codable {
  /// What the counts were taken over.
  package var window: Duration
  /// Counts in the window, of all clients together.
  package var counts: CallTotals
  package var responseTime: LatencySummary?
  /// Time that callers waited for a connection; never part of ``responseTime``.
  package var waitTime: LatencySummary?
  package var phases: [Phase: LatencySummary]?
  /// Requests that have no answer yet; an overlay that is never merged into latencies.
  package var waiting: Int?
  package var oldestWaiting: Duration?

  private enum CodingKeys: String, CodingKey {
    case counts, responseTime, waitTime, phases, waiting
    case window = "windowSeconds"
    case oldestWaiting = "oldestWaitingSeconds"
  }

  package init(
    window: Duration, counts: CallTotals, responseTime: LatencySummary? = nil, waitTime: LatencySummary? = nil,
    phases: [Phase: LatencySummary]? = nil, waiting: Int? = nil, oldestWaiting: Duration? = nil
  ) {
    self.window = window
    self.counts = counts
    self.responseTime = responseTime
    self.waitTime = waitTime
    self.phases = phases
    self.waiting = waiting
    self.oldestWaiting = oldestWaiting
  }

  /// A count per second.
  package func rate(_ count: UInt64?) -> Double? {
    count.flatMap { window > .zero ? Double($0) / window.seconds : nil }
  }

  /// Requests that ended in the window, where the client tells; the base of the error ratio.
  package var ended: UInt64? { counts.fates.map { $0.values.reduce(0, &+) } ?? counts.requests }

  /// Attempts that were answered in the window, those that came too late among them; nil when they are not timed.
  package var answered: UInt64? { responseTime?.count }

  /// Answers that came after their caller had given up / answers, 0…1; nil when either is not counted.
  package var wasted: Double? {
    guard let late = counts.late, let answered, answered > 0 else { return nil }
    return min(1, Double(late) / Double(answered))
  }

  /// Requests whose caller got what it asked for; nil when nobody tells.
  package var succeeded: UInt64? {
    if let fates = counts.fates { return fates.filter(\.key.isSuccess).values.reduce(0, &+) }
    guard let ended, let failed else { return nil }
    return ended - min(ended, failed)
  }

  /// Requests that failed in the window; nil when nobody tells.
  package var failed: UInt64? {
    counts.fates?.filter { !$0.key.isSuccess }.values.reduce(0, &+) ?? counts.errors?.values.reduce(0, &+)
  }

  /// Failed requests / requests that ended, 0…1; nil without requests.
  package var errorRatio: Double? {
    guard let ended, ended > 0, let failed else { return nil }
    return min(1, Double(failed) / Double(ended))
  }

  /// Failed / ended requests from which callers suffer enough for a word: the first step of Hystrix' dashboard.
  package static let notableErrors = 0.1
  /// Failed / ended requests at which most callers do: where Hystrix opens its breaker.
  package static let graveErrors = 0.5
  /// Requests that ended in the window below which a share says little.
  package static let leastEnded: UInt64 = 10

  /// What the share of failures alone makes of the dependency, whatever the cause.
  package var level: Level {
    guard let errorRatio, ended ?? 0 >= CallReading.leastEnded, errorRatio >= CallReading.notableErrors else {
      return .ok
    }
    return errorRatio >= CallReading.graveErrors ? .critical : .warning
  }

  /// Retries / requests, 0…n; nil when attempts are not counted, or without requests.
  package var retryRatio: Double? { amplification.map { max(0, $0 - 1) } }

  /// Attempts / requests that were sent, 1…n; nil when attempts are not counted, or without requests.
  package var amplification: Double? {
    guard let attempts = counts.attempts, let requests = counts.requests else { return nil }
    let sent = requests - min(requests, counts.fates?[.rejected] ?? 0)
    return sent > 0 ? Double(attempts) / Double(sent) : nil
  }
}
