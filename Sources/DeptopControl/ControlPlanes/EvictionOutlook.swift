internal import DeptopConfiguration
internal import DeptopJVM
internal import DeptopModel

/// What `softEvictConnections` would do to one HikariCP pool, as of one reading.
struct EvictionOutlook {
  /// How long a JVM keeps an answer when nothing sets `networkaddress.cache.ttl` (OpenJDK's `InetAddressCachePolicy`).
  static let defaultCacheTime = Duration.seconds(30)

  let pool: HikariPool
  let request: PlanRequest
  let targets: [PlanTarget]
  let membership: PoolMembership
  /// The addresses in the answers now; nil when the name has no answer, or there is no name.
  let current: Set<IPAddress>?
  /// True when the client reaches the dependency by a name.
  let hasName: Bool
  let drainTimeout: Duration
  /// When the JVM has forgotten the newest of the addresses that left, by default; nil when none left.
  let cacheEnd: WallTime?

  /// Finds the pool's connections in the kernel's table.
  ///
  /// - Throws: ``ControlError/refused(_:)`` when nothing can be cured, or its connections cannot be told from others.
  init(
    of pool: HikariPool, pid: Int32?, detail: DependencyDetail, settings: JolokiaSettings, request: PlanRequest
  ) throws(ControlError) {
    guard pool.total > 0 else {
      throw .refused("pool \"\(pool.name)\" holds no connection: the next caller opens one")
    }
    self.pool = pool
    self.request = request
    membership = try PoolMembership(of: pool, pid: pid, in: detail)
    drainTimeout = settings.drainTimeout
    targets = membership.connections.map { connection in
      PlanTarget(
        cookie: connection.cookie, local: connection.local, remote: connection.remote,
        isActive: connection.pool?.isActive ?? (connection.awaitingReply != nil),
        isStale: connection.standing.isStale)
    }
    let resolution = detail.dependency.resolution
    current = resolution.flatMap { $0.addresses.isEmpty ? nil : Set($0.addresses) }
    hasName = detail.dependency.host.map { IPAddress($0) == nil } ?? false
    let left = Set(targets.filter(\.isStale).map(\.remote.address)).compactMap { resolution?.leftAt($0) }.max()
    cacheEnd = left.map { $0 + Self.defaultCacheTime }
    if request.scope == .stale && !targets.contains(where: \.isStale) {
      throw .refused(
        "none of the \(targets.count) connections of pool \"\(pool.name)\" is on an address that left DNS; "
          + "scope all replaces them nevertheless")
    }
  }

  func preparation() -> Preparation {
    let isInUse = pool.active > 0 || targets.contains(where: \.isActive)
    return Preparation(
      targets: targets, lines: lines, confirmation: isInUse ? .typeName : .key, drainTimeout: drainTimeout)
  }
}

/// Which of a dependency's connections are a pool's, and how that is known.
struct PoolMembership {
  let connections: [Connection]
  /// True when the kernel says that the JVM's process owns them; false when only their number fits.
  let isByOwner: Bool

  /// HikariCP lists no connection: those of the JVM's process are taken, or else all when there are as many.
  ///
  /// - Throws: ``ControlError/refused(_:)`` when neither tells them from others.
  init(of pool: HikariPool, pid: Int32?, in detail: DependencyDetail) throws(ControlError) {
    let open = detail.connections.filter { $0.state == "established" || $0.state == "closeWait" }
    let owned = open.filter { pid != nil && $0.owner?.pid == pid }
    isByOwner = !owned.isEmpty
    connections = isByOwner ? owned : open
    guard isByOwner || open.count == pool.total else {
      throw .refused(
        "which connections are the pool's cannot be told: pool \"\(pool.name)\" holds \(pool.total), this host's "
          + "socket table has \(open.count) to \(detail.dependency.id), and none is known to be the JVM's")
    }
  }
}
