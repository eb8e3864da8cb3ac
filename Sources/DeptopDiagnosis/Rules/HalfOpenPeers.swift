package import DeptopModel

/// M21: connections whose other end is gone.
package struct HalfOpenPeers: Rule {
  package static let id: RuleID = "M21"
  package static let title = "Half-open connections: the other end is gone, or the path to it"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks for idle connections whose keepalive probes are not answered: the peer has crashed, lost its power, or the \
    path has forgotten the connection, and nobody has tried to use it yet. The kernel closes such a connection by \
    itself only after its last probe (9 probes, 75 s apart, unless set).
    Looks also for connections that were busy, got no answer for 6 s (5 retransmissions at the kernel's least \
    timeout), and to whose address a new connection succeeds meanwhile: the machine behind the address has changed.
    Critical when half of the connections are so or callers wait for one; else a warning.
    Silent when probes of the address fail (M20, M23), and for stuck sends after 5 s of silence or of whole segments \
    (M01, M17).
    Proved wrong by a keepalive probe that is answered, or an acknowledgement.
    Remedy: repair prove: the kernel proves which are dead, closes those and keeps the living. For good: keepalive or \
    TCP_USER_TIMEOUT below the time that a caller may wait.
    """

  /// Five retransmissions, at 204 ms and doubling, have gone unanswered after 6.3 s.
  static let leastSilence = Duration.seconds(6)

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let sockets = dependency.sockets, !dependency.isUnreachable else { return nil }
    let unanswered = sockets.value.conditions.keepaliveUnanswered
    let dead = DeadPath(dependency, at: now).flatMap { $0.isGonePeer(at: now) ? $0 : nil }
    let count = unanswered.addingSaturated(dead?.conditions.dead ?? 0)
    guard count > 0 else { return nil }
    let total = max(count, sockets.value.established)
    let grounds = HalfOpenPeers.grounds(unanswered, dead, of: total, on: dependency, sockets.source)
    return Finding(
      rule: HalfOpenPeers.id, dependency: dependency.id, level: dependency.level(without: count, of: total),
      text: "\(count.areConnections(of: total)) half-open: " + HalfOpenPeers.symptoms(unanswered, dead),
      textSince: dead?.since, since: now, evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence, action: .repair, actionLabel: "prove & keep alive")
  }

  private static func symptoms(_ unanswered: Int, _ dead: DeadPath?) -> String {
    let told = [
      unanswered > 0 ? "keepalive is not answered" : nil,
      dead.map { _ in "silent {since} in the middle of work; a new connection succeeds" },
    ]
    return told.compactMap(\.self).joined(separator: "; ")
  }

  private static func grounds(
    _ unanswered: Int, _ dead: DeadPath?, of total: Int, on dependency: Dependency, _ source: SourceID
  ) -> Grounds {
    let probed =
      unanswered > 0
      ? [
        Evidence(
          reading: "idle connections whose keepalive is not answered", value: "\(unanswered) of \(total)",
          threshold: "0", source: source)
      ] : []
    var grounds = Grounds(probed + (dead.map { [$0.count] } ?? []))
    if case .succeeds(let evidence) = dead?.newConnection { grounds.support(evidence) }
    grounds.support(dependency.waitingCallers)
    if !dependency.probes.isEmpty { grounds.refute(nil, lookingFor: "addresses that take no new connection") }
    return grounds
  }
}

extension DeadPath {
  /// True when a peer that has changed explains it, and neither silence nor size do.
  fileprivate func isGonePeer(at now: WallTime) -> Bool {
    guard idled == 0, !isBlackHole, now - since >= HalfOpenPeers.leastSilence else { return false }
    if case .succeeds = newConnection { return true }
    return false
  }
}
