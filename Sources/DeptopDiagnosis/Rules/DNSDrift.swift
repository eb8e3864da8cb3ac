package import DeptopModel

/// M04: connections on addresses that DNS no longer gives.
package struct DNSDrift: Rule {
  package static let id: RuleID = "M04"
  package static let title = "DNS drift: the pool keeps connections to addresses that left DNS"
  package static let explanation = """
    Looks for established connections whose kernel peer is missing from the answers for the dependency's name. \
    An address counts as gone when it was missing from at least 3 consecutive answers of every resolver asked, \
    for more than twice the record's TTL and at least 30 s; when answers were seen to rotate (an address came back \
    after it had left), it takes 20 answers and 10 TTLs. Failed look-ups never count as an answer.
    An address that was never in an answer is called a suspicion, and only when the pool's owner itself resolved \
    the same name to it and its connections are older than deptop's first answer; otherwise it may be a virtual \
    address (DNAT, a cluster IP) and nothing is claimed.
    Critical when half of the connections or more are on such addresses, any for longer than 5 TTLs, or when some of \
    them are dead; else a warning. Proved wrong by a resolver that still gives the address to the application.
    Remedy: let the pool's own DNS cache run out, then retire the connections; set a maximum lifetime below the \
    time a failover may take.
    """

  /// Consecutive answers without an address before it counts as gone.
  static let absences = 3
  static let leastAge = Duration.seconds(30)
  static let rotatingAbsences = 20

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let sockets = dependency.sockets else { return nil }
    let uses = sockets.value.addresses
    let total = uses.reduce(0) { $0 + $1.connections }
    let views = View.all(of: dependency).compactMap { view in Judged(uses, by: view, now: now).map { (view, $0) } }
    let findings = views.map { view, judged in
      let finding =
        if let drift = judged.drift {
          Finding.drift(drift, of: total, on: dependency, view, sockets.source, at: now)
        } else {
          Finding.suspicion(judged.suspicion, of: total, on: dependency, view, sockets.source, at: now)
        }
      return (finding, judged.connections)
    }
    return findings.max { ($0.0.level, $0.1) < ($1.0.level, $1.1) }?.0
  }
}

/// The answers that the processes of one namespace get.
private struct View {
  var namespace: NamespaceID
  var resolution: Resolution
  var ttl: Duration
  /// nil for the collector's own.
  var label: String?

  /// Those that can be judged by: with an answer.
  static func all(of dependency: Dependency) -> [View] {
    let own = dependency.resolution.map { ResolutionView(namespace: .own, label: "", resolution: $0) }
    return ([own].compactMap { $0 } + dependency.views).compactMap { view in
      guard let ttl = view.resolution.ttl, !view.resolution.addresses.isEmpty else { return nil }
      return View(
        namespace: view.namespace, resolution: view.resolution, ttl: ttl,
        label: view.namespace == .own ? nil : view.label)
    }
  }

  /// Whose view it is, for a sentence about it; empty for the collector's own.
  var attribution: String { label.map { " (as \($0) sees it)" } ?? "" }
}

/// A dependency's addresses, sorted into what the rule may claim about them.
private struct Judged {
  /// Those that are gone; nil when nothing but a suspicion is there.
  var drift: [AddressUse]?
  var suspicion: [AddressUse]

  /// Connections that either is about.
  var connections: Int { (drift ?? suspicion).reduce(0) { $0 + $1.connections } }

  /// nil when nothing is to be claimed.
  init?(_ all: [AddressUse], by view: View, now: WallTime) {
    let uses = all.filter { $0.namespace == view.namespace }
    let (resolution, ttl) = (view.resolution, view.ttl)
    let gone = uses.filter { use in
      use.connections > 0 && use.standing == .left && Judged.isGone(use.address, in: resolution, ttl: ttl, now: now)
    }
    let suspect = uses.filter { use in
      use.connections > 0 && use.standing == .suspected
        && Judged.isSuspect(use, in: resolution, ttl: ttl, now: now)
    }
    if gone.isEmpty && suspect.isEmpty { return nil }
    drift = gone.isEmpty ? nil : gone
    suspicion = suspect
  }

  private static func isGone(
    _ address: IPAddress, in resolution: Resolution, ttl: Duration, now: WallTime
  ) -> Bool {
    guard let history = resolution.history.first(where: { $0.address == address }), let leftAt = history.leftAt
    else { return false }
    let rotates = resolution.isRotating
    let absences = rotates ? DNSDrift.rotatingAbsences : DNSDrift.absences
    let age = max(ttl * (rotates ? 10 : 2), DNSDrift.leastAge)
    return history.absences >= absences && now - leftAt > age
  }

  private static func isSuspect(_ use: AddressUse, in resolution: Resolution, ttl: Duration, now: WallTime) -> Bool {
    guard !resolution.isRotating, resolution.answers >= DNSDrift.absences, let first = resolution.firstAnsweredAt,
      now - first > max(ttl * 2, DNSDrift.leastAge), let newest = use.newestSince
    else { return false }
    return newest < first
  }
}

extension Finding {
  fileprivate static func drift(
    _ uses: [AddressUse], of total: Int, on dependency: Dependency, _ view: View, _ source: SourceID, at now: WallTime
  ) -> Finding {
    let (resolution, ttl) = (view.resolution, view.ttl)
    let count = uses.reduce(0) { $0 + $1.connections }
    let leftAt = uses.compactMap(\.leftAt).min() ?? now
    let dead = dependency.dead(on: uses, source)
    let isMajor = count * 2 >= total || now - leftAt > ttl * 5 || !dead.isEmpty
    let reopened = uses.contains { use in
      guard let newest = use.newestSince, let left = use.leftAt else { return false }
      return newest > left + ttl
    }
    // A drain alone would lead to the same address again.
    let asksAgain = reopened && dependency.actions.contains { $0.verb == .resolve && $0.unavailable == nil }
    return Finding(
      rule: DNSDrift.id, dependency: dependency.id, level: isMajor ? .critical : .warning,
      text: "\(count) of \(total) connections on \(uses.names), which left DNS {since} ago"
        + view.attribution + dependency.cause(reopened),
      textSince: leftAt, since: leftAt + max(ttl * 2, DNSDrift.leastAge),
      evidence: [
        Evidence(
          reading: "connections on \(uses.names)", value: "\(count) of \(total)", threshold: "0", source: source),
        Evidence(
          reading: "answers for \(resolution.name)", value: resolution.addresses.names,
          source: resolution.resolvers.first?.source ?? source),
      ] + dead + dependency.ownerEvidence(resolution),
      notFound: ["a resolver that still answers \(uses.names)"] + (resolution.isRotating ? [] : ["rotating answers"]),
      confidence: reopened ? 0.8 : 0.95, action: asksAgain ? .resolve : .drain,
      actionLabel: asksAgain ? "resolve again" : "drain stale")
  }

  fileprivate static func suspicion(
    _ uses: [AddressUse], of total: Int, on dependency: Dependency, _ view: View, _ source: SourceID, at now: WallTime
  ) -> Finding {
    let resolution = view.resolution
    let count = uses.reduce(0) { $0 + $1.connections }
    return Finding(
      rule: DNSDrift.id, dependency: dependency.id, level: count * 2 >= total ? .critical : .warning,
      text: "\(count) of \(total) connections on \(uses.names), which is not in DNS now\(view.attribution); "
        + "suspected drift: the pool itself resolved \(resolution.name) to it before deptop's first answer {since} ago",
      textSince: resolution.firstAnsweredAt, since: resolution.firstAnsweredAt ?? now,
      evidence: [
        Evidence(
          reading: "connections on \(uses.names)", value: "\(count) of \(total)", threshold: "0", source: source),
        Evidence(
          reading: "answers for \(resolution.name)", value: resolution.addresses.names,
          source: resolution.resolvers.first?.source ?? source),
      ] + dependency.ownerEvidence(resolution),
      notFound: ["rotating answers", "connections opened after the first answer"],
      confidence: 0.6, action: .drain, actionLabel: "drain stale")
  }
}

extension Dependency {
  /// Why the pool keeps the connections, as far as is known.
  fileprivate func cause(_ reopened: Bool) -> String {
    if reopened { return "; new connections still go there: the client's own DNS cache holds the old answer" }
    guard let lifetime = pools.compactMap({ $0.value.maximumLifetime }).max() else { return "" }
    return lifetime == .zero
      ? "; the pool sets no maximum lifetime"
      : "; the pool replaces connections only after \(Int(lifetime.seconds)) s"
  }

  /// Connections on addresses that left DNS on which nothing comes back, as evidence.
  fileprivate func dead(on uses: [AddressUse], _ source: SourceID) -> [Evidence] {
    let dead = sockets?.value.conditions.deadAddresses.filter { address in uses.contains { $0.address == address } }
    guard let dead, !dead.isEmpty else { return [] }
    return [Evidence(reading: "addresses of these on which nothing comes back", value: dead.names, source: source)]
  }

  /// What the pool's owner believes, as evidence.
  fileprivate func ownerEvidence(_ resolution: Resolution) -> [Evidence] {
    guard let owner = resolution.owner, let addresses = owner.value.addresses else { return [] }
    return [
      Evidence(
        reading: "the pool's own answer for \(owner.value.host)",
        value: addresses.isEmpty ? "none" : addresses.names, source: owner.source)
    ]
  }
}

extension [AddressUse] {
  fileprivate var names: String { map(\.address).names }
}
