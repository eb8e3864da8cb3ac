package import DeptopModel

/// M03: keepalive that comes too late for the path, or not at all.
package struct CeremonialKeepalive: Rule {
  package static let id: RuleID = "M03"
  package static let title = "Ceremonial keepalive: the path forgets connections before keepalive speaks"
  package static let explanation = """
    Looks at the idle time before the first keepalive probe on idle connections, as their timers tell it, and holds it \
    against the path's idle timeout: the declared one, else the shortest silence that killed a connection. It is a \
    finding when the longest keepalive time is above four fifths of that, or a connection has none, and connections \
    are left idle for more than half of it, now or as seen in the last 30 minutes. The kernel's own default is 7200 s: \
    a dead peer is noticed after 7875 s.
    A warning before anything fails; critical when connections to the same dependency are dead or reset after idle \
    (M01, M02).
    Silent when the path's idle timeout is neither declared nor learned, and when an application keeps its connections \
    busy by itself (then none is idle for that long).
    Proved wrong by a connection that survived a longer silence than the path's idle timeout. Classic and application \
    load balancers of AWS do not count keepalive probes: there only requests keep a connection.
    Remedy: repair prove sets keepalive at a third of the path's idle timeout on the connections there are. For good: \
    TCP_KEEPIDLE in the application, or the pool's own keepalive; net.ipv4.tcp_keepalive_time reaches only sockets \
    that ask for keepalive and set no time.
    """

  /// Keepalive time / the path's idle timeout above which a probe may come too late: a fifth is left for a probe that
  /// is lost and for timers that are rounded.
  static let lateness = 0.8
  /// Idle time / the path's idle timeout from which connections are used so seldom that it matters: a pause twice as
  /// long as one that was seen is to be expected (deptop's own step).
  static let idleness = 0.5
  /// The path's idle timeout / a keepalive time that holds even when two probes are lost.
  static let safety = 3

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let found = LateKeepalive(dependency, at: now) else { return nil }
    let symptom =
      StaleConnections().finding(for: dependency, at: now) ?? ResetAfterIdle().finding(for: dependency, at: now)
    let grounds = found.grounds(symptom)
    return Finding(
      rule: CeremonialKeepalive.id, dependency: dependency.id, level: symptom == nil ? .warning : .critical,
      text: found.text, since: now, evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence, action: .repair, actionLabel: "keep alive")
  }
}

/// Idle connections whose keepalive does not keep them.
private struct LateKeepalive {
  private let source: SourceID
  private let conditions: SocketConditions
  private let path: NetworkPath
  /// The path's idle timeout.
  private let timeout: Duration
  /// The longest idle time that is known of.
  private let idle: Duration

  init?(_ dependency: Dependency, at now: WallTime) {
    guard let sockets = dependency.sockets, let path = dependency.path, let timeout = path.idleTimeout, timeout > .zero
    else { return nil }
    (source, conditions) = (sockets.source, sockets.value.conditions)
    (self.path, self.timeout) = (path, timeout)
    idle = max(conditions.idleSince.map { now - $0 } ?? .zero, path.survivedIdle ?? .zero)
    guard idle > timeout * CeremonialKeepalive.idleness, isLate else { return nil }
  }

  private var isLate: Bool {
    conditions.keepaliveOff > 0
      || conditions.keepaliveOn > 0
        && conditions.keepaliveLongest.map { $0 > timeout * CeremonialKeepalive.lateness } ?? false
  }

  private var keepalive: String {
    guard conditions.keepaliveOff == 0, let longest = conditions.keepaliveLongest else { return "no keepalive" }
    return "keepalive after \(longest.words)"
  }

  private var isDeclared: Bool { path.declaredIdleTimeout != nil }

  var text: String {
    "\(keepalive) on a path that forgets after \(timeout.inSeconds)\(isDeclared ? "" : " at most"): "
      + "an idle connection dies unnoticed"
  }

  func grounds(_ symptom: Finding?) -> Grounds {
    let bound = (timeout * CeremonialKeepalive.lateness).inSeconds
    var grounds = Grounds([
      Evidence(reading: "the path's idle timeout", value: timeoutWords, source: isDeclared ? "configuration" : source),
      Evidence(reading: "idle connections", value: counts, threshold: "keepalive after \(bound)", source: source),
      Evidence(
        reading: "longest idle time", value: idle.inSeconds,
        threshold: (timeout * CeremonialKeepalive.idleness).inSeconds, source: source),
    ])
    grounds.add(
      Evidence(
        reading: "keepalive that holds for good",
        value: "TCP_KEEPIDLE of \((timeout / CeremonialKeepalive.safety).inSeconds) or less in the application",
        source: source))
    grounds.support(
      symptom.map { Evidence(reading: "seen already (\($0.rule))", value: $0.evidence[0].value, source: source) })
    if let survived = path.survivedIdle {
      let longer = Evidence(
        reading: "silence that a connection survived", value: survived.inSeconds, threshold: timeout.inSeconds,
        source: source)
      grounds.refute(survived > timeout ? longer : nil, lookingFor: "a longer silence that a connection survived")
    }
    return grounds
  }

  private var timeoutWords: String {
    isDeclared ? "\(timeout.inSeconds), declared" : "\(timeout.inSeconds) at most, learned"
  }

  private var counts: String {
    let without = conditions.keepaliveOff > 0 ? "\(conditions.keepaliveOff) without keepalive" : nil
    let with = conditions.keepaliveLongest.flatMap {
      conditions.keepaliveOn > 0 ? "\(conditions.keepaliveOn) with, the longest after \($0.words)" : nil
    }
    return [without, with].compactMap(\.self).joined(separator: ", ")
  }
}
