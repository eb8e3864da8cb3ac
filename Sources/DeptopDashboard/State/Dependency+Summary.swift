internal import DeptopModel

/// The figures of a dependency that tables show and sort by, each nil when it is not known.
extension Dependency {
  /// All clients' pools as one; nil when no client reports one.
  var pool: PoolTotals? { pools.isEmpty ? nil : PoolTotals(pools.map(\.value)) }

  var connections: Int? { sockets?.value.total }

  /// Requests per second as the clients count them, else as the pool's owner does.
  var requestRate: Double? {
    if let calls, let rate = calls.value.rate(calls.value.counts.requests) { return rate }
    return requests?.value.rate
  }

  /// What the picture of two minutes is about: requests per second, else connections.
  ///
  /// Never inlined: the optimiser of Swift 6.3.1 fails on a loop that it is inlined into.
  @inline(never) var trendReading: Double? {
    if let requestRate { return requestRate }
    return connections.map(Double.init)
  }

  /// The longest that a caller waits now.
  var longestWait: Duration? { pools.compactMap(\.value.oldestWait).max() }

  /// Connections on addresses that left DNS or are suspected to, and all connections whose address DNS can judge, in
  /// the network namespace where most have left.
  var drift: (left: Int, total: Int)? {
    guard resolution != nil || !views.isEmpty, let addresses = sockets?.value.addresses else { return nil }
    var worst = (left: 0, total: 0)
    // Most hosts have one view: no dictionary for those.
    let others = Set(addresses.lazy.map(\.namespace))
    for namespace in others.isEmpty ? [.own] : others.sorted() {
      var drift = (left: 0, total: 0)
      for use in addresses where use.namespace == namespace {
        drift.total += use.connections
        if use.standing.isStale { drift.left += use.connections }
      }
      if drift.left > worst.left || (drift.left == worst.left && drift.total > worst.total) { worst = drift }
    }
    return worst
  }

  /// What each namespace that has connections to it is told of its name, the collector's own first.
  var resolutions: [Resolution] { [resolution].compactMap { $0 } + views.map(\.resolution) }

  /// How long the oldest connection has been seen.
  var oldestSince: WallTime? { sockets?.value.oldestSince }

  /// The source whose silence hides the pool; nil when none is silent or the silent ones read something else.
  var silentPoolSource: SilentSource? {
    let others = Set(
      [sockets?.source, connect?.source, calls?.source].compactMap { $0 } + breakers.map(\.source)
        + (resolution?.resolvers.map(\.source) ?? []))
    let owners = Set(pools.map(\.source))
    return silentSources.first { owners.contains($0.source) || (owners.isEmpty && !others.contains($0.source)) }
  }

  /// The source whose silence hides everything that clients say; nil when any of them still answers.
  var silentReporter: SilentSource? {
    let reporters = Set(pools.map(\.source) + breakers.map(\.source) + [calls?.source].compactMap { $0 })
    let silent = silentSources.filter { reporters.contains($0.source) }
    return silent.count == reporters.count ? silent.first : nil
  }

  /// Since when a source is silent; nil when it answers.
  func silence(of source: SourceID?) -> SilentSource? {
    source.flatMap { source in silentSources.first { $0.source == source } }
  }
}

/// Several pools to one dependency, added up.
struct PoolTotals: Sendable, Hashable {
  var active = 0
  /// nil when any of the pools does not count them: a part of them is not their sum.
  var idle: Int?
  var transitional = 0
  /// Of those that count them; nil when none does.
  var pending: Int?
  /// nil when any of the pools has no limit.
  var limit: Int?

  init(_ pools: [PoolReading]) {
    var limits = 0
    for pool in pools {
      active += pool.active
      transitional += pool.transitional
      limits += pool.max ?? 0
    }
    limit = pools.contains { $0.max == nil } ? nil : limits
    idle = pools.contains { $0.idle == nil } ? nil : pools.reduce(0) { $0 + ($1.idle ?? 0) }
    let queues = pools.compactMap(\.pending)
    pending = queues.isEmpty ? nil : queues.reduce(0, +)
  }

  /// True when callers wait for a connection now.
  var isAwaited: Bool { pending.map { $0 > 0 } ?? false }

  /// The part of the pools that is in use, 0…1; nil without a limit.
  var usage: Double? { limit.flatMap { $0 > 0 ? Double(active) / Double($0) : nil } }
}
