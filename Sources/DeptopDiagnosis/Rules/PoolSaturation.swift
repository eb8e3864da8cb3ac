package import DeptopModel

/// M09: all connections of a pool are in use and callers wait.
package struct PoolSaturation: Rule {
  package static let id: RuleID = "M09"
  package static let title = "Pool exhaustion: callers wait because every connection is in use"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks at each client's pool on its own: 95 % of its connections or more in use, callers waiting, and a wait of at \
    least 10 ms and a fifth of the median response time. The wait is that of the caller at the head of the queue; \
    where a single pool is reported, the 95th percentile of its waits counts too.
    Critical when waiting is half of a call's time or more, when callers gave up waiting, or when the wait has \
    reached the pool's time limit or the request's deadline; else a warning.
    Silent for a pool that is paused or disabled, whose connections are being opened or checked (they are not in \
    use), and for a pool of one unless waiting is half of a call's time.
    Proved wrong by idle connections: in the pool (handing out is slow, not the dependency), or in the kernel, when a \
    quarter of those the pool counts as in use carry nothing (they are held or leaked by the application), unless the \
    answers of the window kept half of the pool busy.
    Where connections are dead, that is told as the cause, with its action (M01, M17, M20, M21, M23): the pool only \
    looks too small.
    Remedy: that of the cause. A slow dependency (M13) or a metastable overload (M14): shed load, shorten time limits, \
    open the breaker. A leak: drain all, which closes what the application holds when it is given back, and mend it. \
    Too small: enlarge it, if the server has room. Where the dependency is slow or the pool too small, draining does \
    not help, and is refused.
    """

  static let fullness = 0.95
  static let leastWait = Duration.milliseconds(10)
  /// Wait / median response time.
  static let waitToService = 0.2
  /// Wait / (wait + response time) from which waiting dominates.
  static let dominance = 0.5
  /// Connections idle in the kernel / in use by the pool's count from which the application holds them.
  static let heldIdle = 0.25
  /// Connections that the answers of the window kept busy / those in use from which they are not held.
  static let carrying = 0.5

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    let full = dependency.pools.compactMap { FullPool($0, of: dependency) }
    guard let worst = full.max(by: { ($0.pending, $0.head ?? .zero) < ($1.pending, $1.head ?? .zero) }) else {
      return nil
    }
    let cause = SaturationCause(of: dependency, held: worst.held, at: now)
    var grounds = worst.grounds
    grounds.support(cause.evidence)
    let place = dependency.pools.count > 1 ? " at \(full.count) of \(dependency.pools.count) clients" : ""
    return Finding(
      rule: PoolSaturation.id, dependency: dependency.id,
      level: full.contains(where: \.areCallersSuffering) ? .critical : .warning,
      text: "pool exhaustion\(place): \(worst.text)" + cause.text, since: now,
      evidence: grounds.evidence, notFound: grounds.notFound, confidence: grounds.confidence,
      action: cause.action, actionLabel: cause.actionLabel, actionScope: cause.actionScope,
      prohibition: cause.prohibition)
  }
}

/// A pool whose connections are all in use while callers wait.
private struct FullPool {
  let pool: PoolReading
  let source: SourceID
  let observedAt: WallTime
  let max: Int
  let pending: Int
  let dependency: Dependency

  init?(_ reading: Reading<PoolReading>, of dependency: Dependency) {
    let pool = reading.value
    guard !pool.isPaused, !pool.isDisabled, let max = pool.max, max > 0, let pending = pool.pending, pending > 0,
      Double(pool.active) >= PoolSaturation.fullness * Double(max)
    else { return nil }
    (self.pool, source, observedAt) = (pool, reading.source, reading.observedAt)
    (self.max, self.pending, self.dependency) = (max, pending, dependency)
    if let wait, wait < leastWait { return nil }
    if max == 1, !isWaitingDominant { return nil }
  }

  /// True when what all clients report together is about this pool alone.
  private var isOnly: Bool { dependency.pools.count == 1 }

  /// How long the caller at the head of the queue waits.
  var head: Duration? { pool.oldestWait.flatMap { $0 > .zero ? $0 : nil } }

  private var waitTime: LatencySummary? { isOnly ? dependency.calls?.value.waitTime : nil }

  /// The longest wait that is known of; nil when nobody measures it.
  private var wait: Duration? {
    let known = [pool.oldestWait, waitTime?.p95.value, isOnly ? dependency.requests?.value.waitMean : nil]
    return known.compactMap(\.self).max()
  }

  private var leastWait: Duration {
    let service = dependency.calls?.value.responseTime?.p50.value ?? dependency.requests?.value.upstreamMean
    return Swift.max(PoolSaturation.leastWait, (service ?? .zero) * PoolSaturation.waitToService)
  }

  /// Wait / (wait + response time) of a call, 0…1; nil when either is not measured for this pool alone.
  private var waitShare: Double? {
    guard isOnly else { return nil }
    let calls = dependency.calls?.value
    let requests = dependency.requests?.value
    guard let wait = calls?.waitTime?.p50.value ?? requests?.waitMean,
      let service = calls?.responseTime?.p50.value ?? requests?.upstreamMean, wait + service > .zero
    else { return nil }
    return wait / (wait + service)
  }

  private var isWaitingDominant: Bool { waitShare.map { $0 >= PoolSaturation.dominance } ?? false }

  /// Callers that gave up waiting in the window, at any client.
  private var gaveUp: UInt64 { dependency.calls?.value.counts.timeouts?[.poolAcquire] ?? 0 }

  private var limit: Duration? {
    [dependency.policy?.acquireTimeout, dependency.policy?.deadline].compactMap(\.self).min()
  }

  var areCallersSuffering: Bool {
    if let wait, let limit, wait >= limit { return true }
    return isWaitingDominant || gaveUp > 0
  }

  var text: String {
    let duration = waitTime.map { ", \($0.p99.value.words) at p99" } ?? head.map { ", the first for \($0.words)" } ?? ""
    let share = waitShare.map { "; waiting is \($0.percent) of a call's time" } ?? ""
    return "\(pool.active) of \(max.of("connection")) of \(pool.client) in use and \(pending.of("caller")) waiting"
      + duration + share
  }

  var grounds: Grounds {
    var grounds = Grounds([
      Evidence(
        reading: "connections of \(pool.client) in use", value: "\(pool.active) of \(max)",
        threshold: PoolSaturation.fullness.percent, source: source),
      Evidence(reading: "callers waiting", value: "\(pending)", threshold: "0", source: source),
    ])
    grounds.support(wait.map { Evidence(reading: "wait", value: $0.words, threshold: leastWait.words, source: source) })
    grounds.support(dominance)
    grounds.support(timeouts)
    if let idle = pool.idle {
      let found = Evidence(reading: "idle connections in the pool", value: "\(idle)", threshold: "0", source: source)
      grounds.refute(idle > 0 ? found : nil, lookingFor: "idle connections in the pool")
    }
    if isOnly, dependency.sockets?.value.established ?? 0 > 0 {
      grounds.refute(held?.evidence, lookingFor: "connections that carry nothing in the kernel")
    }
    return grounds
  }

  private var dominance: Evidence? {
    guard isWaitingDominant, let waitShare else { return nil }
    return Evidence(
      reading: "waiting / a call's time", value: waitShare.percent, threshold: PoolSaturation.dominance.percent,
      source: dependency.calls?.source ?? source)
  }

  private var timeouts: Evidence? {
    guard gaveUp > 0, let calls = dependency.calls else { return nil }
    return Evidence(
      reading: "callers that gave up waiting", value: "\(gaveUp) in \(calls.value.window.words)", threshold: "0",
      source: calls.source)
  }

  /// True when the answers of the window kept half of the connections busy: answers a second × response time (Little's
  /// law).
  ///
  /// A saturated connection sends its next request in the millisecond of the last reply, which the kernel's times cannot
  /// tell from silence.
  private var isCarrying: Bool {
    guard let calls = dependency.calls, let times = calls.value.responseTime, let rate = calls.value.rate(times.count)
    else { return false }
    return rate * times.p50.value.seconds >= PoolSaturation.carrying * Double(pool.active)
  }

  /// Connections that the pool counts as in use and that carry nothing in the kernel; nil when they carry requests.
  ///
  /// What the kernel has beyond those may be of a client that reports no pool, and be idle by right.
  var held: HeldConnections? {
    guard isOnly, !isCarrying, pool.active > 0, let sockets = dependency.sockets else { return nil }
    let others = Swift.max(0, sockets.value.established - pool.active)
    let held = HeldConnections(idle: sockets.value.idle - others, inUse: pool.active, source: sockets.source)
    return Double(held.idle) >= PoolSaturation.heldIdle * Double(held.inUse) ? held : nil
  }
}
