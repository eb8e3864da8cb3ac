internal import DeptopModel

/// What most of the failures of one window have in common.
enum FailureCause: String, Sendable, Hashable {
  /// The breaker did not let them through.
  case rejected
  /// The time for the whole request was over.
  case deadline
  /// Another time limit was reached.
  case timeout
}

extension CallReading {
  /// Retries / requests from which on retries are a storm: the usual retry budget of 20 %.
  static let retryStorm = 0.2
  /// Attempts / requests from which on the factor says more than a percentage.
  static let amplified = 2.0
  /// Requests that end at their deadline / requests, from which on the deadline is what fails.
  static let deadlineExhaustion = 0.2

  /// True when requests were counted and there were none.
  var isWithoutTraffic: Bool { (ended ?? counts.requests).map { $0 == 0 } ?? false }

  var isRetryStorm: Bool { retryRatio.map { $0 >= Self.retryStorm } ?? false }

  /// Requests that reached their deadline / requests, 0…1; nil when it is not counted, or without requests.
  var deadlineRatio: Double? {
    guard let reached = counts.timeouts?[.deadline], let base = counts.requests ?? ended, base > 0 else { return nil }
    return min(1, Double(reached) / Double(base))
  }

  /// What at least half of the failures have in common; nil when nothing has, or nobody tells.
  var failureCause: FailureCause? {
    guard let failed, failed > 0 else { return nil }
    let limits = counts.timeouts?.values.reduce(0, &+)
    let timedOut = counts.fates?[.timeout] ?? limits ?? 0
    if Self.isHalf(counts.fates?[.rejected] ?? 0, of: failed) { return .rejected }
    guard Self.isHalf(timedOut, of: failed) else { return nil }
    let atDeadline = counts.timeouts?[.deadline] ?? 0
    return atDeadline > 0 && Self.isHalf(atDeadline, of: timedOut) ? .deadline : .timeout
  }

  private static func isHalf(_ part: UInt64, of whole: UInt64) -> Bool { part >= whole - whole / 2 }

  /// The cause of failures, and the share of requests that failed, where they are worth a word.
  var notableFailure: (cause: FailureCause, ratio: Double)? {
    if let errorRatio, errorRatio >= Self.notableErrors, let failureCause { return (failureCause, errorRatio) }
    // Attempts that end at the deadline may be retried, and then do not fail.
    if let deadlineRatio, deadlineRatio >= Self.deadlineExhaustion { return (.deadline, deadlineRatio) }
    return nil
  }
}

extension PoolReading {
  /// Callers that wait for a connection though the pool may open no more; nil when it may, or none waits.
  var exhaustedPending: Int? {
    guard let max, active >= max, let pending, pending > 0 else { return nil }
    return pending
  }
}

extension Dependency {
  /// Callers that wait at exhausted pools; nil when none is.
  var exhaustedPending: Int? {
    let waiting = pools.compactMap(\.value.exhaustedPending)
    return waiting.isEmpty ? nil : waiting.reduce(0, +)
  }
}
