/// One pool of `SHOW POOLS`: the connections of one user to one database.
package struct PoolRow: Sendable, Hashable {
  package var database: String
  package var active: Int
  /// Ready, and those that are checked before their next use because they were idle for long.
  package var idle: Int
  /// Logging in, being checked, or taking part in a cancellation.
  package var transitional: Int
  package var waiting: Int
  /// Age of the oldest waiter; nil when not reported.
  package var oldestWait: Duration?
  /// `session`, `transaction` or `statement`.
  package var mode: String?

  /// nil when the row lacks a count that every version has.
  package init?(_ row: ConsoleRow) {
    guard let database = row.text("database"), let active = row.integer("sv_active"),
      let idle = row.integer("sv_idle"), let used = row.integer("sv_used"), let tested = row.integer("sv_tested"),
      let login = row.integer("sv_login"), let waiting = row.integer("cl_waiting")
    else { return nil }
    self.database = database
    self.active = active
    self.idle = idle + used
    // The columns of cancellations came with 1.18: before it there were no such states.
    let cancelling = (row.integer("sv_active_cancel") ?? 0) + (row.integer("sv_being_canceled") ?? 0)
    transitional = tested + login + cancelling
    self.waiting = waiting
    let wait = row.seconds("maxwait").map { $0 + .microseconds(row.integer("maxwait_us") ?? 0) }
    // While PgBouncer has never reached the server, waiting logins are counted and their wait stays at zero.
    oldestWait = waiting > 0 && wait == .zero ? nil : wait
    mode = row.text("pool_mode")
  }
}
