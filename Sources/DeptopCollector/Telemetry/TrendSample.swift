internal import DeptopModel

/// One window of a dependency's calls, as the trend takes it; nil where nobody tells.
struct TrendSample: Sendable, Hashable {
  /// Requests that ended in a window below which a share of them says little.
  static let leastRequests: UInt64 = 10
  /// Answers below which a percentile says little.
  static let leastAnswers: UInt64 = 5
  /// Established connections that wait for a reply / all of them from which the age of the oldest request tells how
  /// slow the dependency is: one alone may be a long query.
  static let waitingShare = 0.5

  /// Seconds.
  var p50: Double?
  var p95: Double?
  /// Each per second.
  var requests: Double?
  var goodput: Double?
  var answered: Double?
  /// 0…1.
  var errorRatio: Double?
  /// True when response times are estimated from the socket table.
  var isEstimated = false
  /// nil when no pool counts the callers that wait.
  var callersWaiting: Int?
  /// True when all connections of a pool are in use and callers wait.
  var isSaturated = false
}

extension TrendSample {
  /// Takes what a dependency's readings say now; nil when they say nothing of calls.
  init?(_ dependency: Dependency, at now: WallTime) {
    if let calls = dependency.calls?.value {
      take(calls)
    } else if let sockets = dependency.sockets?.value {
      take(sockets, at: now)
    }
    guard p50 != nil || requests != nil || isEstimated else { return nil }
    for pool in dependency.pools.lazy.map(\.value) where !pool.isPaused && !pool.isDisabled {
      guard let pending = pool.pending else { continue }
      callersWaiting = (callersWaiting ?? 0).addingSaturated(max(0, pending))
      isSaturated = isSaturated || pending > 0 && pool.max.map { $0 > 0 && pool.active >= $0 } ?? false
    }
  }

  private mutating func take(_ calls: CallReading) {
    requests = calls.rate(calls.counts.requests ?? calls.ended)
    answered = calls.rate(calls.answered ?? (requests == nil ? nil : 0))
    if let times = calls.responseTime, times.count >= TrendSample.leastAnswers {
      (p50, p95) = (times.p50.value.seconds, times.p95.value.seconds)
    }
    if let ended = calls.ended, ended >= TrendSample.leastRequests {
      goodput = calls.rate(calls.succeeded)
      errorRatio = calls.errorRatio
    }
  }

  /// What the kernel knows: how long requests wait for their reply while the peer's kernel acknowledges them.
  private mutating func take(_ sockets: SocketSummary, at now: WallTime) {
    let conditions = sockets.conditions
    let waits = Double(conditions.waiting) >= TrendSample.waitingShare * Double(max(1, sockets.established))
    let age = waits ? conditions.waitingSince.map { max(0, (now - $0).seconds) } : nil
    guard let time = [conditions.replies?.median.seconds, age].compactMap(\.self).max() else { return }
    (p50, p95, isEstimated) = (time, time, true)
  }
}
