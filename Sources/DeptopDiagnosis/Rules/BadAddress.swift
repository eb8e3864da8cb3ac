package import DeptopModel

/// M23: one address of several does not answer.
package struct BadAddress: Rule {
  package static let id: RuleID = "M23"
  package static let title = "Bad address: one address of several does not answer"
  package static let explanation = """
    Holds a dependency's addresses against each other. One is bad when its probes fail, and not for the first time, or \
    when its connections are dead and a probe failed or none tried and no silence explains it. It is a finding when \
    every other address is well: its probe connects, or it has connections and none of them is dead.
    Critical when connections or callers are on the bad address; else a warning: each new connection may be the one \
    that meets it.
    Silent when there is one address only, when several are bad (M20), and when the bad one has left DNS (M04).
    Proved wrong by a probe of the address that connects.
    Remedy: take the address out of the name or the balancer, never the last one. Repair close gives up the dead \
    connections at once, so that the pool connects elsewhere.
    """

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    let path = DeadPath(dependency, at: now)
    let all = dependency.addressHealth(path)
    let bad = all.filter { $0.state == .bad }
    let fine = all.filter { $0.state == .fine }
    guard bad.count == 1, !fine.isEmpty, fine.count + 1 == all.count, bad[0].use?.standing != .left else { return nil }
    let one = bad[0]
    let grounds = one.grounds(besides: fine, path, of: dependency)
    let hasDead = path?.conditions.deadAddresses == [one.address]
    return Finding(
      rule: BadAddress.id, dependency: dependency.id,
      level: hasDead || (one.use?.connections ?? 0) > 0 ? .critical : .warning,
      text: one.text(path, besides: fine), textSince: hasDead ? path?.since : nil, since: now,
      evidence: grounds.evidence, notFound: grounds.notFound, confidence: grounds.confidence,
      action: hasDead ? .repair : nil, actionLabel: hasDead ? "close dead" : nil)
  }
}

/// One address of a dependency, and whether it answers.
private struct AddressHealth {
  enum State {
    case bad, fine, unknown
  }

  let address: IPAddress
  let state: State
  let use: AddressUse?
  let probe: AddressConnect?

  func text(_ path: DeadPath?, besides fine: [AddressHealth]) -> String {
    let failure = probe.flatMap { $0.last == nil ? "no new connection: \($0.lastFailure ?? "the probe failed")" : nil }
    let dead = path.flatMap { path -> String? in
      guard path.conditions.deadAddresses == [address] else { return nil }
      return "\(path.conditions.dead.of("connection")) dead for {since}"
    }
    let symptoms = [dead, failure].compactMap(\.self).joined(separator: ", ")
    let others = fine.count == 1 ? "\(fine[0].address) answers" : "the \(fine.count) others answer"
    return "1 of \(fine.count + 1) addresses does not answer: \(address), \(symptoms); \(others)"
  }

  func grounds(besides fine: [AddressHealth], _ path: DeadPath?, of dependency: Dependency) -> Grounds {
    let kernel = dependency.sockets?.source ?? "kernel"
    let prober = dependency.connect?.source ?? "probe"
    var grounds = Grounds([
      Evidence(reading: "addresses that answer", value: fine.map(\.address).names, source: prober)
    ])
    if let path, path.conditions.deadAddresses.contains(address) {
      grounds.support(
        Evidence(
          reading: "dead connections on \(path.conditions.deadAddresses.names)", value: "\(path.conditions.dead)",
          threshold: "0", source: kernel))
    }
    if let probe {
      let failed = Evidence(reading: "probe of \(address)", value: probe.lastFailure ?? "failed", source: prober)
      grounds.support(probe.last == nil ? failed : nil)
      grounds.refute(nil, lookingFor: "a probe of \(address) that connects")
    }
    return grounds
  }
}

extension Dependency {
  /// The addresses that are in use, probed, or dead, ascending.
  fileprivate func addressHealth(_ path: DeadPath?) -> [AddressHealth] {
    let uses = sockets?.value.addresses ?? []
    let dead = path?.conditions.deadAddresses ?? []
    let all = Set(uses.map(\.address)).union(probes.map(\.address)).union(dead)
    return all.sorted().map { address in
      let use = uses.first { $0.address == address }
      let probe = probes.first { $0.address == address }
      return AddressHealth(
        address: address, state: state(of: use, probe, path, isDead: dead.contains(address)), use: use, probe: probe)
    }
  }

  private func state(
    of use: AddressUse?, _ probe: AddressConnect?, _ path: DeadPath?, isDead: Bool
  ) -> AddressHealth.State {
    if let probe, isFailing(probe) { return .bad }
    if isDead { return probe == nil && path.map { $0.idled == 0 && !$0.isBlackHole } ?? false ? .bad : .unknown }
    if let probe { return probe.last != nil ? .fine : .unknown }
    return (use?.connections ?? 0) > 0 ? .fine : .unknown
  }
}
