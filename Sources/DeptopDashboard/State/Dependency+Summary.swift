internal import DeptopModel

/// The figures of a dependency that tables show and sort by, each nil when it is not known.
extension Dependency {
  /// All clients' pools as one; nil when no client reports one.
  var pool: PoolTotals? { pools.isEmpty ? nil : PoolTotals(pools.map(\.value)) }

  var connections: Int? { sockets?.value.total }

  /// The longest that a caller waits now.
  var longestWait: Duration? { pools.compactMap(\.value.oldestWait).max() }

  /// Connections on addresses that left DNS or are suspected to, and all connections whose address DNS can judge.
  var drift: (left: Int, total: Int)? {
    guard resolution != nil, let addresses = sockets?.value.addresses else { return nil }
    let left = addresses.filter(\.standing.isStale).reduce(0) { $0 + $1.connections }
    return (left, addresses.reduce(0) { $0 + $1.connections })
  }

  /// How long the oldest connection has been seen.
  var oldestSince: WallTime? { sockets?.value.oldestSince }

  /// The source whose silence hides the pool; nil when none is silent or the silent ones read something else.
  var silentPoolSource: SilentSource? {
    let others = Set(
      [sockets?.source, connect?.source].compactMap { $0 } + (resolution?.resolvers.map(\.source) ?? []))
    let owners = Set(pools.map(\.source))
    return silentSources.first { owners.contains($0.source) || (owners.isEmpty && !others.contains($0.source)) }
  }

  /// Since when a source is silent; nil when it answers.
  func silence(of source: SourceID?) -> SilentSource? {
    source.flatMap { source in silentSources.first { $0.source == source } }
  }
}

/// Several pools to one dependency, added up.
struct PoolTotals: Sendable, Hashable {
  var active = 0
  var idle = 0
  var transitional = 0
  var pending = 0
  /// nil when any of the pools has no limit.
  var limit: Int?

  init(_ pools: [PoolReading]) {
    var limits = 0
    for pool in pools {
      active += pool.active
      idle += pool.idle
      transitional += pool.transitional
      pending += pool.pending
      limits += pool.max ?? 0
    }
    limit = pools.contains { $0.max == nil } ? nil : limits
  }

  /// The part of the pools that is in use, 0…1; nil without a limit.
  var usage: Double? { limit.flatMap { $0 > 0 ? Double(active) / Double($0) : nil } }
}
