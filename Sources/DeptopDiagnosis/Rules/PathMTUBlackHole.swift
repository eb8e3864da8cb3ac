package import DeptopModel

/// M17: packets above a size vanish on the way, and nobody tells the sender.
package struct PathMTUBlackHole: Rule {
  package static let id: RuleID = "M17"
  package static let title = "Path-MTU black hole: large packets vanish on the way, small ones pass"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks for established connections on which data was sent again at least twice, nothing comes back, and the mean \
    size of what is sent again is 90 % of a segment or more: only full packets are lost. (On a connection that the \
    path has forgotten, a small request is sent again as a small packet.) The path check confirms it when the largest \
    packet that passes is smaller than a full segment with its headers, and tells the size and the tunnel that it \
    suggests.
    Critical: a request that is larger than a packet hangs, however often it is tried.
    Silent when a probe of the same addresses fails (nothing passes), when a path check after the first stuck send saw \
    packets of that size pass, and when the connection was idle for 5 s or more before, longer than any silence that \
    was survived, and no path check has tried (M01).
    Proved wrong by acknowledgements of a part of what was sent (congestion), and by full packets that pass.
    Remedy: repair unstick: sends smaller packets on the stuck connections. For good: the right MTU on the route, \
    net.ipv4.tcp_mtu_probing=1 where the service runs, or a clamp of the segment size on the way, then a drain: open \
    connections keep the size they agreed on.
    """

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let path = DeadPath(dependency, at: now), path.isBlackHole else { return nil }
    if case .fails = path.newConnection { return nil }
    let grounds = path.blackHoleGrounds
    return Finding(
      rule: PathMTUBlackHole.id, dependency: dependency.id, level: .critical, text: path.blackHoleText,
      textSince: path.since, since: min(now, path.since), evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence, action: .repair, actionLabel: "unstick")
  }
}

extension DeadPath {
  private var isConfirmed: Bool {
    conditions.deadSegmentSize.flatMap { dependency.path?.takes(segmentsOf: $0, since: since) } == false
  }

  /// The largest packet that passes, bytes, when that is why.
  private var largestPacket: Int? {
    guard isConfirmed, let path = dependency.path else { return nil }
    return path.check?.largestPacket ?? path.declaredMTU
  }

  fileprivate var blackHoleText: String {
    let size = conditions.deadSegmentSize.map { "segments of \($0) B" } ?? "full segments"
    let start = "\(conditions.dead.areConnections(of: total)) stuck for {since}: \(size) get no answer"
    guard let largestPacket else {
      return start + "; small packets \(isAnswering ? "pass" : "may pass"): path-MTU black hole"
    }
    let overlay = dependency.path?.check?.overlay.map { " (\($0))" } ?? ""
    return start + "; the path takes packets of \(largestPacket) B at most\(overlay)"
  }

  private var isAnswering: Bool {
    if case .succeeds = newConnection { return true }
    return false
  }

  fileprivate var blackHoleGrounds: Grounds {
    var grounds = Grounds([count] + (retransmits.map { [$0] } ?? []))
    if case .succeeds(let evidence) = newConnection { grounds.support(evidence) }
    if let check = dependency.path?.check, let largest = check.largestPacket, isConfirmed {
      grounds.support(
        Evidence(
          reading: "largest packet that passes to \(check.address)",
          value: "\(largest) B" + (check.overlay.map { ", as in \($0)" } ?? ""), source: probe))
    }
    if let declared = dependency.path?.declaredMTU, isConfirmed {
      grounds.support(Evidence(reading: "declared largest packet", value: "\(declared) B", source: "configuration"))
    }
    let idled = idleTimes.last.map {
      Evidence(
        reading: "idle before the stuck send", value: $0.inSeconds, threshold: DeadPath.shortestIdle.inSeconds,
        source: source)
    }
    grounds.refute(isConfirmed ? nil : idled, lookingFor: "a silence that explains it")
    return grounds
  }

  private var probe: SourceID { dependency.connect?.source ?? "probe" }
}
