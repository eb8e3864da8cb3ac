internal import DeptopModel

/// What one reading of an admin console said; a listing that could not be read is nil, never empty.
package struct PgBouncerReport: Sendable, Hashable {
  package var pools: [PoolRow]?
  package var servers: [ServerRow]?
  package var databases: [DatabaseRow]?
  package var stats: [StatsRow]?
  package var dnsHosts: [DNSHostRow]?
  package var configuration: ConsoleConfiguration?
  /// Whether all databases are paused at once; nil where the version cannot tell (before 1.19).
  package var isPaused: Bool?

  /// Reads the answers to the listings that were asked for.
  ///
  /// - Throws: ``PgBouncerError`` when the console refused a listing that every version has.
  package init(_ answers: ConsoleAnswers) throws(PgBouncerError) {
    pools = try everyRow(of: answers.table(.pools), as: PoolRow.init)
    servers = try everyRow(of: answers.table(.servers), as: ServerRow.init)
    databases = try everyRow(of: answers.table(.databases), as: DatabaseRow.init)
    stats = try everyRow(of: answers.table(.stats), as: StatsRow.init)
    configuration = try answers.table(.configuration).map { ConsoleConfiguration($0) }
    dnsHosts = everyRow(of: answers.tableIfOffered(.dnsHosts), as: DNSHostRow.init)
    isPaused = answers.tableIfOffered(.state)?.rows.first { $0.text("key") == "paused" }?
      .text("value").map { $0 == "yes" }
  }

  /// The database's row; nil when PgBouncer does not list it.
  package func database(_ name: String) -> DatabaseRow? {
    databases?.first { $0.name == name }
  }

  /// The server connections of a database; nil when they were not read.
  package func servers(of database: String) -> [ServerRow]? {
    servers?.filter { $0.database == database }
  }

  /// What PgBouncer's DNS cache has for a database's hosts.
  package func dnsHosts(of database: DatabaseRow) -> [DNSHostRow] {
    let names = database.hosts.filter { IPAddress($0) == nil }
    return (dnsHosts ?? []).filter { row in names.contains(where: row.names) }
  }

  /// How connections are shared by the clients of a database; several words when its users differ.
  package func mode(of database: DatabaseRow) -> String? {
    let modes = Set((pools ?? []).filter { $0.database == database.name }.compactMap(\.mode))
    if !modes.isEmpty { return modes.sorted().joined(separator: ", ") }
    return database.mode ?? configuration?.poolMode
  }
}

/// The rows of a listing; nil when it was not asked for, or when a row cannot be read: a sum over the rest
/// would be a wrong number.
private func everyRow<Row>(of table: ConsoleTable?, as row: (ConsoleRow) -> Row?) -> [Row]? {
  guard let table else { return nil }
  let rows = table.rows.compactMap(row)
  return rows.count == table.rows.count ? rows : nil
}
