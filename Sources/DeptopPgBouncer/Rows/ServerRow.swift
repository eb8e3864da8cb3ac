package import DeptopModel

/// One server connection of `SHOW SERVERS`.
package struct ServerRow: Sendable, Hashable {
  package var database: String
  /// PgBouncer's word: `active`, `idle`, `used`, `tested`, `new`.
  package var state: String
  /// nil for a Unix socket, and before it is connected.
  package var local: SocketAddress?
  /// Where the connection really goes; nil for a Unix socket.
  package var remote: SocketAddress?
  package var connectedAt: WallTime?
  /// True when it is closed as soon as it is returned.
  package var isClosing: Bool

  /// nil when the row lacks a column that every version has.
  package init?(_ row: ConsoleRow) {
    guard let database = row.text("database"), let state = row.text("state") else { return nil }
    self.database = database
    self.state = state
    local = row.address("local_addr", port: "local_port")
    remote = row.address("addr", port: "port")
    connectedAt = row.text("connect_time").flatMap { WallTime(consoleText: $0) }
    isClosing = row.flag("close_needed") ?? false
  }

  /// True when a client is linked to it: a query, a transaction, or in session mode a whole session.
  package var isActive: Bool { state == "active" }
}
