/// The totals of one database in `SHOW STATS`, since PgBouncer started.
package struct StatsRow: Sendable, Hashable {
  package var database: String
  package var queries: Int
  /// Time from a client's query to its end, the wait for a connection included.
  package var queryTime: Duration
  /// Time that clients waited for a connection; added when they get one.
  package var waitTime: Duration

  /// nil when the row lacks a total that is needed.
  package init?(_ row: ConsoleRow) {
    guard let database = row.text("database"), let queries = row.integer("total_query_count"),
      let queryTime = row.integer("total_query_time"), let waitTime = row.integer("total_wait_time")
    else { return nil }
    self.database = database
    self.queries = queries
    self.queryTime = .microseconds(queryTime)
    self.waitTime = .microseconds(waitTime)
  }
}
