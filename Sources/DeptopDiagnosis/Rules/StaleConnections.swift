package import DeptopModel

/// M01: pooled connections that a device on the path forgot while they were idle, without a word.
package struct StaleConnections: Rule {
  package static let id: RuleID = "M01"
  package static let title = "Stale connections: the path forgot them while they were idle"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks for established connections on which data was sent again at least twice and nothing comes back, after they \
    were idle for 5 s or more; from 20 s on it is surer (devices on the way forget after 60 s or more, 350 s in an AWS \
    NAT gateway, 240 s in an Azure load balancer). Where a longer silence was survived and a shorter one was not, the \
    path's idle timeout is told, with the kind of device whose default it is.
    It says that a new connection succeeds when a probe connected, or a client opened one, after the first stuck send; \
    a probe from the minute before is told as such. Where nothing tried, it takes 20 s of idle time.
    Silent when probes of the same addresses fail (then it is the address or the way to it, M20 or M23), when what is \
    sent again has the size of whole segments and they do not pass or no silence came before (a path-MTU black hole, \
    M17), and when the addresses left DNS and nothing answers there (M04).
    Critical when half of the connections are dead or callers wait for one; else a warning. Without TCP_USER_TIMEOUT \
    the application hangs for at least 924 s (tcp_retries2 of 15).
    Proved wrong by acknowledgements that come after all, by a new connection that hangs in the same way, and by a \
    connection that survived a longer silence.
    Remedy: repair prove: the kernel gives up what is stuck, proves the idle ones, and keeps the living alive. For \
    good: TCP keepalive, or the pool's own idle time, at a third of the path's idle timeout. A larger pool does not \
    help.
    """

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let path = DeadPath(dependency, at: now), StaleConnections.holds(for: path, at: now) else { return nil }
    let grounds = path.staleGrounds
    return Finding(
      rule: StaleConnections.id, dependency: dependency.id,
      level: dependency.level(without: path.idled, of: path.total), text: path.staleText, textSince: path.since,
      since: min(now, path.since), evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence, action: .repair, actionLabel: "prove & keep alive")
  }

  private static func holds(for path: DeadPath, at now: WallTime) -> Bool {
    guard path.idled > 0, !path.isBlackHole else { return false }
    switch path.newConnection {
    case .succeeds, .succeeded: return true
    case .fails: return false
    case .unknown: return path.isStronglyIdle && DNSDrift().finding(for: path.dependency, at: now) == nil
    }
  }
}

extension DeadPath {
  /// True when each idle time that is known is long enough to be sure of, and one is.
  fileprivate var isStronglyIdle: Bool { idleTimes.first.map { $0 >= DeadPath.strongIdle } ?? false }

  private var idle: String? {
    guard let shortest = idleTimes.first, let longest = idleTimes.last else { return nil }
    return Duration.inSeconds(shortest, to: longest)
  }

  fileprivate var staleText: String {
    let waiting = dependency.callersWaiting
    return "\(idled.areConnections(of: total)) dead: silent {since}" + (idle.map { " after \($0) idle" } ?? "")
      + newConnection.text + (waiting > 0 ? "; \(waiting.of("caller")) waiting" : "")
      + (IdleBracket(dependency.path).map { "; the path forgets \($0.words)" } ?? "")
  }

  fileprivate var staleGrounds: Grounds {
    var grounds = Grounds([count] + necessaryIdle)
    switch newConnection {
    case .succeeds(let evidence): grounds.support(evidence)
    case .succeeded(let before, var evidence):
      evidence.value += ", \(before.words) before the first stuck send"
      grounds.add(evidence)
    case .fails, .unknown: break
    }
    if isStronglyIdle { grounds.support(evidence("shortest idle time before", idleTimes.first, DeadPath.strongIdle)) }
    grounds.support(dependency.waitingCallers)
    grounds.support(checking)
    if let bracket = IdleBracket(dependency.path) {
      grounds.support(Evidence(reading: "the path forgets connections", value: bracket.words, source: source))
    }
    if let retransmits { grounds.refute(isFullSize ? retransmits : nil, lookingFor: "whole segments sent again") }
    grounds.refute(failing, lookingFor: "a probe of these addresses that fails")
    if let survived = dependency.path?.survivedIdle, let longest = idleTimes.last {
      let refuting = evidence("silence that a connection survived", survived, longest)
      grounds.refute(survived >= longest ? refuting : nil, lookingFor: "a longer silence that a connection survived")
    }
    return grounds
  }

  /// Connections that a pool tests before it hands them out: a test on a dead one hangs, and the pool looks too small.
  private var checking: Evidence? {
    guard let pool = dependency.pools.first(where: { $0.value.transitional > 0 && ($0.value.pending ?? 0) > 0 }) else {
      return nil
    }
    let all = pool.value.max.map { " of \($0)" } ?? ""
    return Evidence(
      reading: "connections of \(pool.value.client) being opened or checked", value: "\(pool.value.transitional)\(all)",
      threshold: "0", source: pool.source)
  }

  private var necessaryIdle: [Evidence] {
    idle.map {
      [
        Evidence(
          reading: "idle before the stuck send", value: $0, threshold: DeadPath.shortestIdle.words, source: source)
      ]
    } ?? []
  }

  private func evidence(_ reading: String, _ value: Duration?, _ threshold: Duration) -> Evidence? {
    value.map { Evidence(reading: reading, value: $0.inSeconds, threshold: threshold.inSeconds, source: source) }
  }

  private var failing: Evidence? {
    guard let probe = conditions.deadAddresses.lazy.compactMap(dependency.failingProbe).first,
      let source = dependency.connect?.source
    else { return nil }
    return Evidence(reading: "probe of \(probe.address)", value: probe.lastFailure ?? "failed", source: source)
  }
}
