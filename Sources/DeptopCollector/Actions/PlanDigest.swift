internal import DeptopControl
internal import DeptopModel

/// A fingerprint of what a plan was made for: FNV-1a over its targets and destinations.
///
/// It tells plans apart for a reader; that nothing has changed is checked on the values themselves.
struct PlanDigest {
  static func of(_ targets: [PlanTarget], _ destinations: [SocketAddress], clients: [PlanClient] = []) -> String {
    let parts =
      targets.map(line).sorted() + destinations.map(\.description).sorted()
      + clients.sorted().map { "\($0.name) \($0.source) \($0.dependency)" }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in parts.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return String(hash, radix: 16)
  }

  private static func line(_ target: PlanTarget) -> String {
    let ends = "\(target.cookie) \(target.local) \(target.remote)"
    guard let treatment = target.treatment, let socket = target.socket else { return ends }
    return "\(ends) \(treatment.rawValue) \(socket.inode) \(socket.pid) \(socket.processStart)"
  }
}

/// How the world differs from the one that a plan was made for.
///
/// A connection is the same when its two ends are, and its cookie where the kernel has told one both times: a local
/// port that was used again is another connection.
struct PlanDifference {
  /// One sentence for each difference; empty when there is none.
  ///
  /// - Parameters:
  ///   - plan: What the operator has read.
  ///   - preparation: What would be done now.
  ///   - destinations: Where new connections would go now.
  ///   - present: The cookies of the connections that there are.
  /// - Returns: Differences that matter, ascending by connection.
  static func between(
    _ plan: Plan, _ preparation: Preparation, _ destinations: [SocketAddress], present: Set<String>
  ) -> [String] {
    let clients = clientChange(plan.clients, preparation.clients)
    // Clients that ask DNS again close nothing for it: which connections there are does not matter.
    guard plan.request.verb != .resolve || plan.clients.isEmpty else {
      return clients + destinationChange(plan.destinations, destinations)
    }
    return clients + between(plan, preparation.targets, destinations, present: present)
  }

  private static func clientChange(_ old: [PlanClient], _ new: [PlanClient]) -> [String] {
    let isSame = { (left: PlanClient, right: PlanClient) in left.source == right.source && left.name == right.name }
    guard zip(old, new).contains(where: { !isSame($0, $1) }) || old.count != new.count else {
      return zip(old, new).filter { !$0.takesSameCommands(as: $1) }
        .map { "client \($0.0.name) takes other commands than it did" }
    }
    return old.filter { client in !new.contains { isSame(client, $0) } }.sorted().map { "client \($0.name) is gone" }
      + new.filter { client in !old.contains { isSame(client, $0) } }.sorted()
      .map { "client \($0.name) is new and was not in the plan" }
  }

  static func between(
    _ plan: Plan, _ targets: [PlanTarget], _ destinations: [SocketAddress], present: Set<String>
  ) -> [String] {
    let (planned, chosen) = (byEnds(plan.targets), byEnds(targets))
    let gone = planned.values.filter { target in !(chosen[target.place]?.isSame(as: target) ?? false) }
    let new = chosen.values.filter { target in !(planned[target.place]?.isSame(as: target) ?? false) }
    return losses(plan, gone, present: present)
      + (plan.request.verb == .repair
        ? [] : sentences(new) { "connection \($0) is new and was not in the plan" })
      + targets.sorted(by: PlanTarget.isBefore).compactMap { target in
        planned[target.place].flatMap { $0.isSame(as: target) ? $0.change(to: target) : nil }
      }
      + targets.filter { target in planned[target.place].map { $0.isStale != target.isStale } ?? false }
      .sorted(by: PlanTarget.isBefore)
      .map { "the address of \($0.local) → \($0.remote) is \($0.isStale ? "no more" : "again") in DNS" }
      + destinationChange(plan.destinations, destinations)
  }

  /// What is not there any more, or not to be treated.
  ///
  /// A repair chooses by what each connection does, which changes by the second while a plan is read, and it touches
  /// nothing that the plan does not name. So nothing matters but what it would close and what answers again: less to do
  /// is no difference, nor are others that could be treated now.
  private static func losses(_ plan: Plan, _ gone: [PlanTarget], present: Set<String>) -> [String] {
    guard plan.request.verb == .repair else { return sentences(gone) { "connection \($0) has closed" } }
    let wrong = gone.filter { target in target.treatment != .keepalive && present.contains(target.cookie) }
    if !wrong.isEmpty { return sentences(wrong) { "connection \($0) is not to be treated any more" } }
    return gone.count == plan.targets.count ? sentences(gone) { "connection \($0) needs no repair any more" } : []
  }

  private static func sentences(_ targets: [PlanTarget], _ text: (String) -> String) -> [String] {
    targets.sorted(by: PlanTarget.isBefore).map { text("\($0.local) → \($0.remote)") }
  }

  /// The differences that turn a plan against its purpose: what it takes for stale is in DNS again, or new connections
  /// would go elsewhere.
  ///
  /// Connections that opened or closed since do not count, as some always do while a plan waits.
  static func reversals(_ plan: Plan, in dependency: Dependency) -> [String] {
    let current = Set(dependency.resolution?.addresses ?? [])
    return plan.targets.filter { $0.isStale && current.contains($0.remote.address) }
      .sorted(by: PlanTarget.isBefore)
      .map { "the address of \($0.local) → \($0.remote) is again in DNS" }
      + destinationChange(plan.destinations, dependency.destinations(for: plan.targets))
  }

  private static func byEnds(_ targets: [PlanTarget]) -> [PlanTarget.Place: PlanTarget] {
    Dictionary(targets.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func destinationChange(_ old: [SocketAddress], _ new: [SocketAddress]) -> [String] {
    guard Set(old) != Set(new) else { return [] }
    let list = { (addresses: [SocketAddress]) in addresses.map(\.description).sorted().joined(separator: ", ") }
    return ["new connections would go to \(list(new)) instead of \(list(old))"]
  }
}

extension PlanClient {
  /// Whether its calls fail at the moment is no difference: it changes by the second, and only sets the pace.
  fileprivate func takesSameCommands(as other: PlanClient) -> Bool {
    dependency == other.dependency && choosesConnections == other.choosesConnections
  }
}

extension PlanTarget {
  var ends: ConnectionPair { ConnectionPair(local: local, remote: remote) }

  /// Its ends, which several network namespaces may have in common.
  fileprivate struct Place: Hashable {
    var ends: ConnectionPair
    var namespace: NamespaceID?
  }

  fileprivate var place: Place { Place(ends: ends, namespace: socket?.namespace) }

  /// True when the kernel's table has it; else only the pool's owner knows of it.
  var isInKernel: Bool { !cookie.isEmpty }

  fileprivate func isSame(as other: PlanTarget) -> Bool {
    ends == other.ends && (cookie == other.cookie || !isInKernel || !other.isInKernel)
  }

  /// What makes another treatment of it; nil when the planned one still fits.
  ///
  /// Of the two ways to end what is dead either will do, as the time to the next retransmission runs while a plan waits.
  fileprivate func change(to now: PlanTarget) -> String? {
    if isDead != now.isDead, treatment != nil {
      return "connection \(local) → \(remote) \(now.isDead ? "is dead now" : "answers again")"
    }
    if socket != now.socket { return "connection \(local) → \(remote) is held by another process" }
    guard treatment != now.treatment, let treatment, let other = now.treatment else { return nil }
    if isDead, treatment.closes, other.closes { return nil }
    return "connection \(local) → \(remote) needs another treatment: \(other.rawValue) instead of \(treatment.rawValue)"
  }

  fileprivate static func isBefore(_ left: PlanTarget, _ right: PlanTarget) -> Bool {
    (left.local, left.remote) < (right.local, right.remote)
  }
}
