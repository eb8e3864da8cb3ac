package import DeptopModel

extension PgBouncerReport {
  /// The pools of all users of one database, together; nil when PgBouncer does not list it.
  package func pool(of name: String, client: String) -> PoolReading? {
    guard let database = database(name), let pools else { return nil }
    let rows = pools.filter { $0.database == name }
    return PoolReading(
      client: client,
      active: rows.reduce(0) { $0 + $1.active },
      idle: rows.reduce(0) { $0 + $1.idle },
      transitional: rows.reduce(0) { $0 + $1.transitional },
      pending: rows.reduce(0) { $0 + $1.waiting },
      max: limit(of: database, pools: rows.count),
      oldestWait: oldestWait(in: rows),
      mode: mode(of: database),
      isPaused: database.isPaused || isPaused == true,
      isDisabled: database.isDisabled,
      maximumLifetime: database.serverLifetime ?? configuration?.serverLifetime)
  }

  /// The TCP connections of a database as PgBouncer lists them; nil when they were not read.
  package func connections(of database: String) -> [PoolConnection]? {
    servers(of: database)?.compactMap { row in
      guard let remote = row.remote else { return nil }
      return PoolConnection(
        local: row.local, remote: remote, state: row.state, isActive: row.isActive, isClosing: row.isClosing,
        connectedAt: row.connectedAt)
    }
  }

  /// What PgBouncer believes about a database's host; nil when the host is no name.
  ///
  /// Of a database with several hosts it is the one given, or else the first name.
  package func ownerResolution(of name: String, preferring host: String) -> OwnerResolution? {
    guard let database = database(name), let dnsHosts else { return nil }
    let names = database.hosts.filter { IPAddress($0) == nil }
    guard let chosen = names.first(where: { $0.lowercased() == host.lowercased() }) ?? names.first else { return nil }
    let entry = dnsHosts.first { $0.names(chosen) }
    return OwnerResolution(host: chosen, addresses: entry?.addresses, remaining: entry?.remaining)
  }

  /// The most connections that all pools of a database may open; nil when there is no limit.
  private func limit(of database: DatabaseRow, pools: Int) -> Int? {
    let perPool = database.poolLimit.map { $0 * max(pools, 1) }
    return [perPool, database.databaseLimit].compactMap { $0 }.min()
  }

  /// The longest wait that a pool reports; nil when none is known and a pool does not report it.
  private func oldestWait(in rows: [PoolRow]) -> Duration? {
    let waits = rows.compactMap(\.oldestWait)
    let longest = waits.max() ?? .zero
    return longest > .zero || waits.count == rows.count ? longest : nil
  }
}
