internal import DeptopModel

/// A breaker of which ``BreakerTrouble`` has something to tell.
struct TroubledBreaker {
  private let reading: Reading<BreakerReading>
  private let dependency: Dependency
  private let changes: [BreakerTransition]
  private let isFlapping: Bool
  private let isStuck: Bool

  private var breaker: BreakerReading { reading.value }

  /// When it entered its state.
  var since: WallTime? { breaker.since }
  var isRejecting: Bool { breaker.state == .open || breaker.state == .forcedOpen }
  /// What is told first: what rejects, of that what flaps, then what is stuck, then what rejects most.
  var rank: (Int, Int, Int, UInt64) {
    (isRejecting ? 1 : 0, isFlapping ? 1 : 0, isStuck ? 1 : 0, breaker.notPermitted ?? 0)
  }

  init?(_ reading: Reading<BreakerReading>, of dependency: Dependency, at now: WallTime) {
    (self.reading, self.dependency) = (reading, dependency)
    let breaker = reading.value
    changes = breaker.transitions.filter { !$0.isForced && now - $0.at <= BreakerTrouble.flappingWindow }
    let fromClosed = changes.count { $0.from == .closed && $0.to == .open }
    let openings = changes.count { $0.to == .open }
    isFlapping =
      fromClosed >= BreakerTrouble.flappingFromClosed
      && (changes.count >= BreakerTrouble.flappingChanges || openings >= BreakerTrouble.flappingOpenings)
    isStuck = breaker.isOverdue(at: now) && dependency.connect?.isReachable(since: breaker.since) == true
    guard isFlapping || isRejecting else { return nil }
  }

  /// One sentence, which names the client when there are other breakers in front of the dependency.
  func text(among all: [BreakerReading]) -> String {
    let rejecting = all.count { $0.state == .open || $0.state == .forcedOpen }
    guard all.count > 1 else { return sentence("") }
    return sentence(" of \(breaker.client)") + (isRejecting ? "; \(rejecting) of \(all.count) breakers are open" : "")
  }

  private func sentence(_ name: String) -> String {
    let duration = breaker.since == nil ? "" : " for {since}"
    if isFlapping {
      let openings = changes.count { $0.to == .open }
      let told = "breaker flapping: the breaker\(name) opened \(openings.of("time")) in 10 min"
      return isRejecting ? told + "; open now\(duration): \(rejected)" : told
    }
    if isStuck, let wait = breaker.openWait {
      return "breaker\(name) stuck open\(duration), its wait is \(wait.words), and every probe connects: \(rejected)"
    }
    return "breaker\(name) \(breaker.state == .forcedOpen ? "forced open" : "open")\(duration): \(rejected)"
  }

  /// The calls that it did not let pass, as far as is known.
  private var rejected: String {
    guard let count = breaker.notPermitted ?? dependency.rejectedInWindow else { return "calls are not permitted" }
    return "\(count) \(count == 1 ? "call" : "calls") not permitted"
  }

  var grounds: Grounds {
    var grounds = Grounds(necessary)
    grounds.support(failureRatio)
    if isStuck { grounds.support(Evidence(reading: "probes that fail", value: "0", source: reading.source)) }
    guard isRejecting, let calls = dependency.calls, let rejected = dependency.rejectedInWindow else { return grounds }
    let told = Evidence(
      reading: "calls rejected", value: "\(rejected) in \(calls.value.window.words)", source: calls.source)
    grounds.support(rejected > 0 ? told : nil)
    let passes = rejected == 0 && calls.value.counts.requests ?? 0 > 0
    grounds.refute(passes ? told : nil, lookingFor: "calls that all pass")
    return grounds
  }

  private var necessary: [Evidence] {
    let state = Evidence(
      reading: "breaker of \(breaker.client)", value: breaker.state.rawValue + (breaker.reason.map { ", \($0)" } ?? ""),
      source: reading.source)
    guard isFlapping else { return [state] }
    let changed = Evidence(
      reading: "changes of state in 10 min", value: "\(changes.count)",
      threshold: "\(BreakerTrouble.flappingChanges - 1)", source: reading.source)
    return [state, changed]
  }

  private var failureRatio: Evidence? {
    breaker.failureRatio.map {
      Evidence(reading: "failures that the breaker sees", value: $0.percent, source: reading.source)
    }
  }

  /// The state that the action puts it into; nil when none is offered, or the dependency does not answer.
  var remedy: String? {
    guard isRejecting, dependency.connect?.isFailing != true else { return nil }
    let offer = dependency.actions.first { $0.verb == .breaker && $0.unavailable == nil }
    let states = offer?.breakerStates ?? []
    if breaker.state == .open, states.contains(.halfOpen) { return "half-open" }
    return states.contains(.closed) ? "close" : nil
  }
}

extension BreakerTransition {
  /// True when an operator's hand made it.
  fileprivate var isForced: Bool {
    let states: [BreakerState] = [.forcedOpen, .disabled]
    return states.contains(from) || states.contains(to)
  }
}

extension BreakerReading {
  /// True when it stays open much longer than its own wait.
  fileprivate func isOverdue(at now: WallTime) -> Bool {
    guard state == .open, let since, let openWait, openWait > .zero else { return false }
    return now - since > openWait * BreakerTrouble.stuckWaits
  }
}

extension ConnectSummary {
  /// True when the last attempt on any address failed.
  fileprivate var isFailing: Bool { addresses.contains { $0.last == nil } }

  /// True when every address was reached at its last attempt, which was after a moment.
  fileprivate func isReachable(since moment: WallTime?) -> Bool {
    guard let moment, !addresses.isEmpty else { return false }
    return addresses.allSatisfy { $0.last != nil && $0.lastAt > moment }
  }
}

extension Dependency {
  /// Calls that breakers rejected in the clients' latest window; nil when they are not counted.
  fileprivate var rejectedInWindow: UInt64? { calls?.value.counts.fates.map { $0[.rejected] ?? 0 } }
}
