internal import DeptopControl
internal import DeptopModel

/// A fingerprint of what a plan was made for: FNV-1a over its targets and destinations.
///
/// It tells plans apart for a reader; that nothing has changed is checked on the values themselves.
struct PlanDigest {
  static func of(_ targets: [PlanTarget], _ destinations: [SocketAddress], clients: [PlanClient] = []) -> String {
    let parts =
      targets.map { "\($0.cookie) \($0.local) \($0.remote)" }.sorted() + destinations.map(\.description).sorted()
      + clients.sorted().map { "\($0.name) \($0.source) \($0.dependency)" }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in parts.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

/// How the world differs from the one that a plan was made for.
///
/// A connection is the same when its two ends are, and its cookie where the kernel has told one both times: a local
/// port that was used again is another connection.
struct PlanDifference {
  /// One sentence for each difference; empty when there is none.
  static func between(
    _ plan: Plan, _ preparation: Preparation, _ destinations: [SocketAddress]
  ) -> [String] {
    clientChange(plan.clients, preparation.clients) + between(plan, preparation.targets, destinations)
  }

  private static func clientChange(_ old: [PlanClient], _ new: [PlanClient]) -> [String] {
    Set(old).subtracting(new).sorted().map { "client \($0.name) is gone" }
      + Set(new).subtracting(old).sorted().map { "client \($0.name) is new and was not in the plan" }
  }

  static func between(
    _ plan: Plan, _ targets: [PlanTarget], _ destinations: [SocketAddress]
  ) -> [String] {
    let (planned, present) = (byEnds(plan.targets), byEnds(targets))
    let gone = planned.values.filter { target in !(present[target.ends]?.isSame(as: target) ?? false) }
    let new = present.values.filter { target in !(planned[target.ends]?.isSame(as: target) ?? false) }
    return gone.sorted(by: PlanTarget.isBefore).map { "connection \($0.local) → \($0.remote) has closed" }
      + new.sorted(by: PlanTarget.isBefore).map {
        "connection \($0.local) → \($0.remote) is new and was not in the plan"
      }
      + targets.filter { target in planned[target.ends].map { $0.isStale != target.isStale } ?? false }
      .sorted(by: PlanTarget.isBefore)
      .map { "the address of \($0.local) → \($0.remote) is \($0.isStale ? "no more" : "again") in DNS" }
      + destinationChange(plan.destinations, destinations)
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
      + destinationChange(plan.destinations, dependency.destinations)
  }

  private static func byEnds(_ targets: [PlanTarget]) -> [ConnectionPair: PlanTarget] {
    Dictionary(targets.map { ($0.ends, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func destinationChange(_ old: [SocketAddress], _ new: [SocketAddress]) -> [String] {
    guard Set(old) != Set(new) else { return [] }
    let list = { (addresses: [SocketAddress]) in addresses.map(\.description).sorted().joined(separator: ", ") }
    return ["new connections would go to \(list(new)) instead of \(list(old))"]
  }
}

extension PlanTarget {
  var ends: ConnectionPair { ConnectionPair(local: local, remote: remote) }

  /// True when the kernel's table has it; else only the pool's owner knows of it.
  var isInKernel: Bool { !cookie.isEmpty }

  fileprivate func isSame(as other: PlanTarget) -> Bool {
    ends == other.ends && (cookie == other.cookie || !isInKernel || !other.isInKernel)
  }

  fileprivate static func isBefore(_ left: PlanTarget, _ right: PlanTarget) -> Bool {
    (left.local, left.remote) < (right.local, right.remote)
  }
}
