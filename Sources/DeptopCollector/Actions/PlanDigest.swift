internal import DeptopModel

/// A fingerprint of what a plan was made for: FNV-1a over its targets and destinations.
///
/// It tells plans apart for a reader; that nothing has changed is checked on the values themselves.
struct PlanDigest {
  static func of(_ targets: [PlanTarget], _ destinations: [SocketAddress]) -> String {
    let parts = targets.map(\.cookie).sorted() + destinations.map(\.description).sorted()
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in parts.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

/// How the world differs from the one that a plan was made for.
struct PlanDifference {
  /// One sentence for each difference; empty when there is none.
  static func between(
    _ plan: Plan, _ targets: [PlanTarget], _ destinations: [SocketAddress]
  ) -> [String] {
    let planned = Dictionary(plan.targets.map { ($0.cookie, $0) }, uniquingKeysWith: { first, _ in first })
    let present = Dictionary(targets.map { ($0.cookie, $0) }, uniquingKeysWith: { first, _ in first })
    let gone = planned.values.filter { present[$0.cookie] == nil }.sorted { $0.local < $1.local }
    let new = present.values.filter { planned[$0.cookie] == nil }.sorted { $0.local < $1.local }
    let stale = present.values.filter { target in planned[target.cookie].map { $0.isStale != target.isStale } ?? false }
    return gone.map { "connection \($0.local) → \($0.remote) has closed" }
      + new.map { "connection \($0.local) → \($0.remote) is new and was not in the plan" }
      + stale.map { "the address of \($0.local) → \($0.remote) is \($0.isStale ? "no more" : "again") in DNS" }
      + destinationChange(plan.destinations, destinations)
  }

  private static func destinationChange(_ old: [SocketAddress], _ new: [SocketAddress]) -> [String] {
    guard Set(old) != Set(new) else { return [] }
    let list = { (addresses: [SocketAddress]) in addresses.map(\.description).sorted().joined(separator: ", ") }
    return ["new connections would go to \(list(new)) instead of \(list(old))"]
  }
}
