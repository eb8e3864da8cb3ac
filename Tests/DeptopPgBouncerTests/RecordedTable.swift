import DeptopPgBouncer

extension ConsoleTable {
  /// A table as `psql -A` prints it: a line of column names, a line for each row, `|` in between.
  init(recorded text: String) {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
    self.init(columns: lines.first ?? [], cells: lines.dropFirst().map { $0 })
  }

  /// The only row.
  static func row(_ text: String) -> ConsoleRow? { ConsoleTable(recorded: text).rows.first }
}

extension ConsoleAnswers {
  /// Answers that were recorded, as those of one connection.
  init(version: String = "1.18.0/bouncer", recorded: [ConsoleCommand.Listing: String]) {
    self.init(
      connection: 1, version: version,
      tables: Dictionary(
        uniqueKeysWithValues: recorded.map { (.show($0.key), .success(ConsoleTable(recorded: $0.value))) }))
  }
}

/// What PgBouncer 1.18.0 answered in one moment.
enum Recorded {
  static let pools = """
    database|user|cl_active|cl_waiting|cl_active_cancel_req|cl_waiting_cancel_req|sv_active|sv_active_cancel|sv_being_canceled|sv_idle|sv_used|sv_tested|sv_login|maxwait|maxwait_us|pool_mode
    appdb|postgres|7|3|0|0|4|0|0|0|0|0|0|2|250000|transaction
    appdb|reports|1|0|0|0|0|1|0|2|1|1|1|0|0|transaction
    pgbouncer|pgbouncer|1|0|0|0|0|0|0|0|0|0|0|0|0|statement
    we"ird|postgres|0|0|0|0|0|0|0|1|0|0|0|0|0|transaction
    """
  static let databases = """
    name|host|port|database|force_user|pool_size|min_pool_size|reserve_pool|pool_mode|max_connections|current_connections|paused|disabled
    appdb|db.lab|25432|postgres|postgres|20|0|5||0|1|0|0
    pgbouncer||26432|pgbouncer|pgbouncer|2|0|0|statement|0|0|0|0
    we"ird|127.0.0.2|25432|postgres|postgres|20|0|0|session|12|1|1|1
    """
  static let servers = """
    type|user|database|state|addr|port|local_addr|local_port|connect_time|request_time|wait|wait_us|close_needed|ptr|link|remote_pid|tls|application_name
    S|postgres|appdb|active|127.0.0.2|25432|127.0.0.1|48502|2026-11-23 15:53:42 UTC|2026-11-23 15:53:42 UTC|0|0|1|0x557a3c78fff0|0x557a3c788b70|13947||psql
    S|postgres|we"ird|idle|127.0.0.2|25432|127.0.0.1|48510|2026-11-23 15:53:42 UTC|2026-11-23 15:53:42 UTC|0|0|0|0x557a3c790250||13951||psql
    S|postgres|local|used|unix|5432|unix|5432|2026-11-23 15:53:42 CET|2026-11-23 15:53:42 CET|0|0|0|0x557a3c790251||13952||psql
    """
  static let stats = """
    database|total_xact_count|total_query_count|total_received|total_sent|total_xact_time|total_query_time|total_wait_time|avg_xact_count|avg_query_count|avg_recv|avg_sent|avg_xact_time|avg_query_time|avg_wait_time
    appdb|2|2|70|124|1333|1333|8619|0|0|21|37|666|666|2608
    """
  static let dnsHosts = """
    hostname|ttl|addrs
    db.lab|13|127.0.0.2:0,127.0.0.3:0
    gone.lab|4|
    """
  static let configuration = """
    key|value|default|changeable
    dns_max_ttl|15|15|yes
    pool_mode|transaction|session|yes
    server_lifetime|3600|3600|yes
    """

  static var report: PgBouncerReport {
    get throws {
      try PgBouncerReport(
        ConsoleAnswers(recorded: [
          .pools: pools, .databases: databases, .servers: servers, .stats: stats, .dnsHosts: dnsHosts,
          .configuration: configuration,
        ]))
    }
  }
}
