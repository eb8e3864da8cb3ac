package import DeptopModel

/// M13: the dependency answers slowly, and pools and callers suffer for it.
package struct SlowUpstream: Rule {
  package static let id: RuleID = "M13"
  package static let title = "Slow upstream: slow answers fill the pools, then calls fail"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks for response times of twice the usual or more, at the median or the 95th percentile, while a pool is full \
    and callers wait, or 10 % of the requests fail. Usual is the median over the last five minutes of health without \
    the newest 30 s; of a dependency of which less than a minute is known, what there is from 10 s on, which is told and makes it \
    less sure. Where hardly anything is answered, and where nobody reports response times, the age of the oldest \
    request counts, if half of the connections wait for a reply that the peer's kernel has acknowledged to owe.
    It tells the order: slow, then the pool full, then calls that fail.
    Critical when calls fail or the pool is full; else a warning.
    Silent without a usual response time, and when connections are dead, lead to an address that left DNS, or cannot \
    be opened (M01, M04, M17, M20, M21, M23): what never arrives is not slow.
    Proved wrong by replies that the kernel sees come as fast as ever (then the client is slow to read them: no CPU, \
    or a collector's pause), by a pool that was full before, and by many more answers than usual (then it is load).
    Remedy: shed load with the breaker, limit what runs at once, shorten time limits. Draining opens new connections \
    to the same slow place.
    """

  /// Failed / ended requests from which calls fail.
  static let failing = 0.10
  /// How much later than the pool slowness may be seen and still have come first: windows are of up to 10 s.
  static let tolerance = Duration.seconds(5)
  /// Answers / usual answers a second from which it is load.
  static let surge = 1.5
  /// The kernel's reply times are those of the last minute.
  static let replyMemory = Duration.seconds(60)

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let slow = SlowChain(dependency, at: now) else { return nil }
    let grounds = slow.grounds
    let label = dependency.shedLabel
    let isSevere = slow.isFailing || dependency.isSaturated
    return Finding(
      rule: SlowUpstream.id, dependency: dependency.id, level: isSevere ? .critical : .warning, text: slow.text,
      textSince: slow.failingSince, since: now, evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence, action: label == nil ? nil : .breaker, actionLabel: label,
      prohibition: Prohibition(
        verbs: [.drain],
        reason: "a drain does not make the upstream faster: shed load (B open), shorten time limits"))
  }
}

/// A slow dependency and what followed from it.
private struct SlowChain {
  let dependency: Dependency
  let slowness: Slowness
  let now: WallTime

  init?(_ dependency: Dependency, at now: WallTime) {
    guard let slowness = Slowness(of: dependency, at: now) else { return nil }
    (self.dependency, self.slowness, self.now) = (dependency, slowness, now)
    // Where nobody reports, that most connections wait is all there is, and it is in the slowness already.
    guard dependency.isSaturated || isFailing || dependency.callersWaiting > 0 || dependency.calls == nil,
      dependency.deadEnd(at: now) == nil
    else { return nil }
  }

  var isFailing: Bool { (dependency.calls?.value.errorRatio ?? 0) >= SlowUpstream.failing }
  private var episode: CallEpisode? { dependency.trend?.episode }
  /// When calls began to fail, where they still do.
  var failingSince: WallTime? { isFailing ? episode?.unavailableSince : nil }

  /// How much later the pool filled; nil when either moment is not known, or the pool was full before.
  private var filledAfter: Duration? {
    guard let slow = episode?.slowSince, let full = episode?.saturatedSince, full >= slow else { return nil }
    return full - slow
  }

  var text: String {
    var parts = ["slow upstream: \(slowness.words)"]
    if let filledAfter {
      parts.append(filledAfter < .seconds(1) ? "the pool filled at once" : "the pool filled \(filledAfter.words) later")
    } else if dependency.isSaturated {
      parts.append("the pool is full")
    }
    if failingSince != nil {
      parts.append("calls fail for {since}")
    } else if isFailing, let ratio = dependency.calls?.value.errorRatio {
      parts.append("\(ratio.percent) of calls fail")
    }
    return parts.joined(separator: "; ")
  }

  var grounds: Grounds {
    var grounds = Grounds([slowness.evidence])
    grounds.support(full)
    grounds.support(failures)
    grounds.support(order)
    grounds.support(dependency.waitingReplies)
    if let usual = dependency.trend?.usual, usual.isYoung {
      let young = Evidence(
        reading: "health seen before it", value: "less than a minute", threshold: "60 s", source: slowness.source)
      grounds.refute(young, lookingFor: "")
    }
    refuteOrder(&grounds)
    refuteFastReplies(&grounds)
    refuteSurge(&grounds)
    return grounds
  }

  private var full: Evidence? {
    guard dependency.isSaturated else { return dependency.waitingCallers }
    return Evidence(
      reading: "callers waiting at full pools", value: "\(dependency.callersWaiting)", threshold: "0",
      source: dependency.pools.first { ($0.value.pending ?? 0) > 0 }?.source ?? slowness.source)
  }

  private var failures: Evidence? {
    guard isFailing, let calls = dependency.calls, let ratio = calls.value.errorRatio else { return nil }
    return Evidence(
      reading: "requests that failed", value: ratio.percent, threshold: SlowUpstream.failing.percent,
      source: calls.source)
  }

  /// Slow, then full, then failing, as far as the moments are known; nil when they are not, or are in another order.
  private var order: Evidence? {
    guard let slow = episode?.slowSince else { return nil }
    let full = episode?.saturatedSince
    let failing = episode?.unavailableSince
    guard full != nil || failing != nil, full ?? slow >= slow, failing ?? slow >= full ?? slow else { return nil }
    let steps = [full.map { "full after \(($0 - slow).words)" }, failing.map { "failing after \(($0 - slow).words)" }]
    return Evidence(
      reading: "order", value: (["slow"] + steps.compactMap(\.self)).joined(separator: ", "), source: slowness.source)
  }

  private func refuteOrder(_ grounds: inout Grounds) {
    guard let slow = episode?.slowSince, let full = episode?.saturatedSince else { return }
    let before = Evidence(
      reading: "the pool was full before", value: (slow - full).words, threshold: SlowUpstream.tolerance.words,
      source: slowness.source)
    grounds.refute(slow - full > SlowUpstream.tolerance ? before : nil, lookingFor: "a pool that was full before")
  }

  /// The kernel sees when a reply arrives, whenever the client gets to read it.
  private func refuteFastReplies(_ grounds: inout Grounds) {
    guard slowness.isMeasured, let replies = dependency.sockets?.value.conditions.replies,
      let sockets = dependency.sockets,
      let since = episode?.slowSince, now - since >= SlowUpstream.replyMemory
    else { return }
    let fast = Evidence(
      reading: "replies as the kernel sees them", value: replies.median.words, threshold: slowness.usual.words,
      source: sockets.source)
    grounds.refute(
      replies.median <= slowness.usual * Slowness.asAlways ? fast : nil,
      lookingFor: "replies that arrive as fast as ever (a client that is slow to read)")
  }

  private func refuteSurge(_ grounds: inout Grounds) {
    guard let usual = dependency.trend?.usual?.answered, usual > 0, let calls = dependency.calls,
      let answered = calls.value.rate(calls.value.answered)
    else { return }
    let surge = Evidence(
      reading: "answers", value: "\(answered.words) /s, usually \(usual.words) /s", source: calls.source)
    grounds.refute(
      answered >= usual * SlowUpstream.surge ? surge : nil, lookingFor: "many more answers than usual (load)")
  }
}

extension Dependency {
  /// What the breaker's key says where a breaker can be opened by hand; nil where none can.
  var shedLabel: String? {
    let offer = actions.first { $0.verb == .breaker && $0.unavailable == nil }
    let states = offer?.breakerStates ?? []
    return states.contains(.forcedOpen) || states.contains(.open) ? "open / shed" : nil
  }
}
