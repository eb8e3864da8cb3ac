/// What deptop needs of `SHOW CONFIG`; nil where a version does not say.
package struct ConsoleConfiguration: Sendable, Hashable {
  /// The age at which server connections are replaced.
  package var serverLifetime: Duration?
  /// How long an answer stays in the DNS cache, whatever its TTL.
  package var dnsMaximumTTL: Duration?
  package var poolMode: String?

  package init(_ table: ConsoleTable) {
    let values = Dictionary(
      table.rows.compactMap { row in row.text("key").map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
    serverLifetime = values["server_lifetime"]?.seconds("value")
    dnsMaximumTTL = values["dns_max_ttl"]?.seconds("value")
    poolMode = values["pool_mode"]?.text("value")
  }
}
