/// One database of `SHOW DATABASES`.
package struct DatabaseRow: Sendable, Hashable {
  package var name: String
  /// Host names or addresses of the servers; empty for a Unix socket.
  package var hosts: [String]
  /// The most connections of one pool; nil when unlimited or not reported.
  package var poolLimit: Int?
  /// The most connections of all pools of the database; nil when unlimited or not reported.
  package var databaseLimit: Int?
  /// The database's own pool mode; nil when it has none.
  package var mode: String?
  /// The database's own connection lifetime; nil when it has none (reported since 1.23).
  package var serverLifetime: Duration?
  package var isPaused: Bool
  package var isDisabled: Bool

  /// nil when the row has no name.
  package init?(_ row: ConsoleRow) {
    guard let name = row.text("name") else { return nil }
    self.name = name
    hosts = (row.text("host") ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
      .filter { !$0.hasPrefix("/") }
    poolLimit = row.integer("pool_size").flatMap { size in
      // Zero is unlimited since 1.24; nobody could connect before it.
      size > 0 ? size + (row.integer("reserve_pool", "reserve_pool_size") ?? 0) : nil
    }
    databaseLimit = row.integer("max_connections").flatMap { $0 > 0 ? $0 : nil }
    mode = row.text("pool_mode").flatMap { $0.isEmpty ? nil : $0 }
    serverLifetime = row.seconds("server_lifetime")
    isPaused = row.flag("paused") ?? false
    isDisabled = row.flag("disabled") ?? false
  }
}
