internal import DeptopModel

/// How much slower a dependency answers than usual.
struct Slowness {
  /// Response time / usual one from which a dependency is slow, and up to which it answers as always.
  static let slow = 2.0
  static let asAlways = 1.2
  /// Times below which no caller is hurt, whatever their ratio.
  static let least = Duration.milliseconds(5)
  static let leastOfKernel = Duration.milliseconds(200)
  /// Answers in the window from which their percentiles are believed.
  static let leastAnswers: UInt64 = 5

  /// `p50`, or what is known where nothing is answered.
  let name: String
  let now: Duration
  let usual: Duration
  let source: SourceID
  /// True when response times are measured: requests that wait say nothing about those that are answered.
  let isMeasured: Bool

  var ratio: Double { now / usual }
  /// `p50 512 ms, 43 × its usual`.
  var words: String { "\(name) \(now.words), \(ratio.words) × its usual" }

  var evidence: Evidence {
    Evidence(
      reading: "response time, \(name)", value: "\(now.words), usually \(usual.words)",
      threshold: (usual * Slowness.slow).words, source: source)
  }

  /// nil when the dependency answers in less than twice its usual time, or either time is not known.
  init?(of dependency: Dependency, at now: WallTime) {
    let all = Slowness.readings(of: dependency, at: now)
    guard let found = all.first(where: { $0.ratio >= Slowness.slow && $0.now >= $0.floor }) else { return nil }
    self = found
  }

  private init?(_ name: String, _ now: Duration?, usual: Duration?, source: SourceID, isMeasured: Bool) {
    guard let now, let usual, usual > .zero else { return nil }
    (self.name, self.now, self.usual, self.source, self.isMeasured) = (name, now, usual, source, isMeasured)
  }

  private var floor: Duration { isMeasured ? Slowness.least : Slowness.leastOfKernel }

  /// What is known, the surest first; ages of requests that wait only where hardly any is answered.
  private static func readings(of dependency: Dependency, at now: WallTime) -> [Slowness] {
    guard let usual = dependency.trend?.usual else { return [] }
    guard let calls = dependency.calls else { return kernel(dependency, usual, at: now) }
    guard !usual.isEstimated else { return [] }
    if let times = calls.value.responseTime, times.count >= leastAnswers {
      return [
        Slowness("p50", times.p50.value, usual: usual.p50, source: calls.source, isMeasured: true),
        Slowness("p95", times.p95.value, usual: usual.p95, source: calls.source, isMeasured: true),
      ].compactMap(\.self)
    }
    let age = calls.value.waiting.map { $0 > 0 } == true ? calls.value.oldestWaiting : nil
    let reported = Slowness("oldest request", age, usual: usual.p95, source: calls.source, isMeasured: false)
    return [reported].compactMap(\.self) + kernel(dependency, usual, at: now)
  }

  /// Requests whose reply the application on the other side owes, while its kernel has acknowledged them.
  private static func kernel(_ dependency: Dependency, _ usual: UsualCalls, at now: WallTime) -> [Slowness] {
    guard let sockets = dependency.sockets, dependency.isMostlyWaiting else { return [] }
    let age = sockets.value.conditions.waitingSince.map { now - $0 }
    let waiting = Slowness("oldest reply", age, usual: usual.p95, source: sockets.source, isMeasured: false)
    return [waiting].compactMap(\.self)
  }
}

extension Dependency {
  /// Connections that wait for a reply / established from which the kernel tells that the other side is slow.
  private static let waitingShare = 0.5

  /// True when two connections or more, and half of all, wait for a reply that the peer's kernel acknowledged to owe.
  var isMostlyWaiting: Bool {
    guard let sockets = sockets?.value, sockets.conditions.waiting >= 2 else { return false }
    return Double(sockets.conditions.waiting) >= Dependency.waitingShare * Double(sockets.established)
  }

  /// What speaks for slowness beside the times themselves; nil when the kernel does not show it.
  var waitingReplies: Evidence? {
    guard isMostlyWaiting, let sockets else { return nil }
    return Evidence(
      reading: "connections that wait for a reply, the peer's kernel alive",
      value: "\(sockets.value.conditions.waiting) of \(sockets.value.established)", source: sockets.source)
  }

  /// True when a pool has all its connections in use and callers wait.
  var isSaturated: Bool {
    pools.contains { reading in
      let pool = reading.value
      guard !pool.isPaused, !pool.isDisabled, let max = pool.max, max > 0, pool.pending ?? 0 > 0 else { return false }
      return Double(pool.active) >= PoolSaturation.fullness * Double(max)
    }
  }

  /// What explains slow and missing answers better than a slow upstream: connections that are dead, or lead elsewhere.
  func deadEnd(at now: WallTime) -> Finding? {
    let drift = DNSDrift().finding(for: self, at: now)
    let dead = DeadCause(of: self, at: now)?.finding
    let unanswered = isUnreachable ? UnansweredConnects().finding(for: self, at: now) : nil
    return [dead, drift, unanswered].compactMap(\.self).first { $0.level == .critical }
  }
}
