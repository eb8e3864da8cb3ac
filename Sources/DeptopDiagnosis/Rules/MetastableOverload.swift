package import DeptopModel

/// M14: the dependency works as always, and the callers' own queue and retries keep every request from success.
package struct MetastableOverload: Rule {
  package static let id: RuleID = "M14"
  package static let title = "Metastable overload: the upstream is well again, and its callers keep themselves down"
  package static let ticksNeeded = 3
  package static let explanation = """
    Looks for the state that outlasts its cause: what is answered takes 1.5 times the usual or less, the dependency \
    answers three quarters of its usual rate or more, and yet fewer than half of the usual requests succeed, because \
    half of the answers come after their caller has given up, or every request is sent 1.5 times or more; and callers \
    wait at a pool for longer than their deadline, or ever more of them.
    It tells the slow episode that came before; where none was seen, that the trigger is unknown.
    Always critical: it does not heal by itself.
    Silent without a usual rate, when the dependency answers less than it did (real loss of capacity, M13), and when \
    connections are dead or lead elsewhere (M01, M04, M17, M20, M21, M23).
    Proved wrong by many more first attempts than usual: then it is plain overload.
    Remedy: take the load away until the work that waits is gone: 1.2 times what waits / what is answered in a second. \
    A shorter pause does not help, nor does draining, which keeps the queue. Then a retry budget, and a queue that \
    drops what nobody waits for.
    """

  /// Response time / usual one up to which the dependency answers as always.
  static let asAlways = 1.5
  /// Answers / usual answers from which nothing of its capacity is lost.
  static let capacity = 0.75
  /// Requests that succeed / usual ones below which it is an outage.
  static let goodput = 0.5
  /// Late answers / answers, and attempts / requests, from which the work is its callers' own.
  static let wasted = 0.5
  static let amplified = 1.5
  /// Answers in the window below which nothing is told.
  static let leastAnswers: UInt64 = 20
  /// First attempts / usual ones from which it is load.
  static let surge = 1.5
  /// How much longer than the queue takes load must be shed.
  static let margin = 1.2

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let state = Metastable(dependency), dependency.deadEnd(at: now) == nil else { return nil }
    let grounds = state.grounds
    let label = dependency.shedLabel
    return Finding(
      rule: MetastableOverload.id, dependency: dependency.id, level: .critical, text: state.text, since: now,
      evidence: grounds.evidence, notFound: grounds.notFound, confidence: grounds.confidence,
      action: label == nil ? nil : .breaker, actionLabel: label,
      prohibition: Prohibition(
        verbs: [.drain],
        reason: "a drain keeps the queue: it is the waiting work that must go; shed load for at least "
          + "\(state.shedTime.words): B forced-open, then close"))
  }
}

/// A dependency in the state, with the figures of it.
private struct Metastable {
  let dependency: Dependency
  let calls: CallReading
  let source: SourceID
  let usual: UsualCalls
  let p50: Duration
  let usualP50: Duration
  /// Each per second.
  let answered: Double
  let goodput: Double
  let usualAnswered: Double
  let usualGoodput: Double
  /// Callers that wait at pools.
  let backlog: Int

  init?(_ dependency: Dependency) {
    guard let reading = dependency.calls, let usual = dependency.trend?.usual, !usual.isEstimated,
      let times = reading.value.responseTime, times.count >= MetastableOverload.leastAnswers,
      let usualP50 = usual.p50, let usualAnswered = usual.answered, let usualGoodput = usual.goodput,
      let answered = reading.value.rate(times.count), let goodput = reading.value.rate(reading.value.succeeded),
      usualGoodput > 0
    else { return nil }
    (self.dependency, calls, source) = (dependency, reading.value, reading.source)
    (self.usual, p50, self.usualP50) = (usual, times.p50.value, usualP50)
    (self.answered, self.goodput) = (answered, goodput)
    (self.usualAnswered, self.usualGoodput) = (usualAnswered, usualGoodput)
    backlog = dependency.callersWaiting
    guard p50 <= usualP50 * MetastableOverload.asAlways, answered >= usualAnswered * MetastableOverload.capacity,
      goodput < usualGoodput * MetastableOverload.goodput, waste != nil || amplification != nil, backlog > 0,
      isWaitLong || isQueueGrowing
    else { return nil }
  }

  /// Late answers / answers where that is half or more.
  private var waste: Double? { calls.wasted.flatMap { $0 >= MetastableOverload.wasted ? $0 : nil } }

  private var amplification: Double? {
    calls.amplification.flatMap { $0 >= MetastableOverload.amplified ? $0 : nil }
  }

  /// The longest wait that is known of; nil when nobody measures it.
  private var wait: Duration? {
    (dependency.pools.map(\.value.oldestWait) + [calls.waitTime?.p50.value]).compactMap(\.self).max()
  }

  private var isWaitLong: Bool {
    guard let wait, let deadline = dependency.policy?.deadline else { return false }
    return wait > deadline
  }

  /// True when as many callers wait as ten seconds ago, or more.
  private var isQueueGrowing: Bool { dependency.trend?.waitingBefore.map { $0 > 0 && backlog >= $0 } ?? false }

  /// Requests that succeed / those that ended, 0…1; of the usual where that is not known.
  private var share: Double {
    let ended = calls.rate(calls.ended) ?? 0
    return min(1, goodput / (ended > 0 ? ended : usualGoodput))
  }

  /// How long nothing may be let through until what waits is gone.
  var shedTime: Duration {
    let rate = max(answered, 0.1)
    return .seconds((MetastableOverload.margin * Double(backlog) / rate).rounded(.up).clamped(to: 1...86_400))
  }

  private var queue: String { "\(backlog) waiting / \(answered.words) per s" }

  var text: String {
    let work =
      waste.map { ", work for nobody \($0.percent)" } ?? amplification.map { ", \($0.words) attempts a request" }
    return "metastable overload: the upstream answers in \(p50.words) as always, and \(share.percent) of requests "
      + "succeed; \(backlog) wait at the pool\(work ?? ""); shed load for at least \(shedTime.words) (\(queue))"
      + (hasTrigger ? "" : "; trigger unknown")
  }

  private var hasTrigger: Bool { dependency.trend?.episode?.slowUntil != nil }

  var grounds: Grounds {
    var grounds = Grounds(necessary)
    grounds.support(waste.map { evidence("answers that came too late", $0.percent, MetastableOverload.wasted.percent) })
    grounds.support(amplification.map { evidence("attempts / requests", $0.words, MetastableOverload.amplified.words) })
    grounds.support(isWaitLong ? wait.map { evidence("wait at the pool", $0.words, deadline) } : nil)
    grounds.support(trigger)
    grounds.add(evidence("time to shed load", "\(shedTime.words) = 1.2 × \(queue)", nil))
    if !hasTrigger { grounds.add(evidence("trigger", "unknown", nil)) }
    if usual.isYoung { grounds.refute(evidence("health seen before it", "less than a minute", "60 s"), lookingFor: "") }
    refuteSurge(&grounds)
    return grounds
  }

  private var deadline: String? { dependency.policy?.deadline?.words }

  private var necessary: [Evidence] {
    [
      evidence(
        "response time, p50", "\(p50.words), usually \(usualP50.words)",
        (usualP50 * MetastableOverload.asAlways).words),
      evidence(
        "answers", "\(answered.words) /s, usually \(usualAnswered.words) /s",
        "\((usualAnswered * MetastableOverload.capacity).words) /s"),
      evidence(
        "requests that succeed", "\(goodput.words) /s, usually \(usualGoodput.words) /s",
        "\((usualGoodput * MetastableOverload.goodput).words) /s"),
      Evidence(
        reading: "callers waiting", value: "\(backlog)", threshold: "0",
        source: dependency.pools.first { ($0.value.pending ?? 0) > 0 }?.source ?? source),
    ]
  }

  private var trigger: Evidence? {
    guard let episode = dependency.trend?.episode, let since = episode.slowSince, let until = episode.slowUntil else {
      return nil
    }
    return evidence("slow before, and no more", "for \((max(.zero, until - since)).words)", nil)
  }

  private func refuteSurge(_ grounds: inout Grounds) {
    guard let requests = calls.rate(calls.counts.requests), let before = usual.requests, before > 0 else { return }
    let surge = evidence("first attempts", "\(requests.words) /s, usually \(before.words) /s", nil)
    grounds.refute(
      requests >= before * MetastableOverload.surge ? surge : nil, lookingFor: "many more requests than usual (load)")
  }

  private func evidence(_ reading: String, _ value: String, _ threshold: String?) -> Evidence {
    Evidence(reading: reading, value: value, threshold: threshold, source: source)
  }
}
