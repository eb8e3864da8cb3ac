import DeptopModel
import DeptopPgBouncer
import Testing

@Suite struct PgBouncerReportTests {
  @Test func `the pools of all users of a database are one pool`() throws {
    let pool = try #require(try Recorded.report.pool(of: "appdb", client: "pgbouncer/main"))
    #expect(
      pool
        == PoolReading(
          client: "pgbouncer/main", active: 4, idle: 3, transitional: 3, pending: 3, max: 50,
          oldestWait: .milliseconds(2250), mode: "transaction", maximumLifetime: .seconds(3600)))
  }

  @Test func `a paused and disabled database with a limit of its own says so`() throws {
    let pool = try #require(try Recorded.report.pool(of: "we\"ird", client: "p"))
    #expect(pool.isPaused && pool.isDisabled)
    #expect(pool.max == 12)
    #expect(pool.idle == 1)
  }

  @Test func `a database without pools has no connections and its own pool size`() throws {
    var report = try Recorded.report
    report.pools = []
    let pool = try #require(report.pool(of: "appdb", client: "p"))
    #expect(pool.size == 0 && pool.pending == 0 && pool.max == 25 && pool.mode == "transaction")
  }

  @Test func `a database that is not listed has no pool`() throws {
    #expect(try Recorded.report.pool(of: "typo", client: "p") == nil)
  }

  @Test func `a global pause shows from 1,19 on`() throws {
    let answers = ConsoleAnswers(
      version: "1.19.0/bouncer",
      recorded: [
        .pools: Recorded.pools, .databases: Recorded.databases,
        .state: "key|value\nactive|no\npaused|yes\nsuspended|no",
      ])
    #expect(answers.offersState)
    #expect(try PgBouncerReport(answers).pool(of: "appdb", client: "p")?.isPaused == true)
    #expect(!ConsoleAnswers(recorded: [:]).offersState)
  }

  @Test func `columns that moved, were renamed or are new are read by name`() throws {
    let answers = ConsoleAnswers(
      version: "1.24.1/bouncer",
      recorded: [
        .databases: """
        name|host|port|database|force_user|pool_size|min_pool_size|reserve_pool_size|server_lifetime|pool_mode|load_balance_hosts|max_connections|current_connections|max_client_connections|current_client_connections|paused|disabled
        appdb|a.lab,b.lab|5432|appdb||10|0|2|120|session|round-robin|0|3|0|5|0|0
        free|c.lab|5432|free||0|0|0|3600||disable|0|3|0|5|0|0
        """,
        .pools: """
        load_balance_hosts|pool_mode|maxwait_us|maxwait|sv_login|sv_tested|sv_used|sv_idle|sv_being_canceled|sv_active_cancel|sv_active|cl_waiting|cl_active|user|database
        round-robin|session|0|0|0|0|0|1|0|0|2|0|3|app|appdb
        """,
        .dnsHosts: "hostname|ttl|addrs\nB.lab.|3|[2001:db8::7]:0",
      ])
    let report = try PgBouncerReport(answers)
    let pool = try #require(report.pool(of: "appdb", client: "p"))
    #expect(pool.active == 2 && pool.idle == 1 && pool.max == 12)
    #expect(pool.maximumLifetime == .seconds(120))
    #expect(report.pool(of: "free", client: "p")?.max == nil)
    #expect(
      report.ownerResolution(of: "appdb", preferring: "b.lab")
        == OwnerResolution(host: "b.lab", addresses: [try #require(IPAddress("2001:db8::7"))], remaining: .seconds(3)))
  }

  @Test(arguments: ["sv_active", "sv_idle", "cl_waiting", "database"])
  func `a missing count makes the pool unknown, never zero`(column: String) throws {
    let text = Recorded.pools.split(separator: "\n").joined(separator: "\n")
    let answers = ConsoleAnswers(recorded: [
      .pools: text.replacing("|\(column)|", with: "|other|").replacing("\(column)|user", with: "other|user"),
      .databases: Recorded.databases,
    ])
    #expect(try PgBouncerReport(answers).pool(of: "appdb", client: "p") == nil)
  }

  @Test func `a wait that is not reported is unknown`() throws {
    let answers = ConsoleAnswers(recorded: [
      .pools: Recorded.pools.replacing("|maxwait|", with: "|other|"), .databases: Recorded.databases,
    ])
    #expect(try PgBouncerReport(answers).pool(of: "appdb", client: "p")?.oldestWait == nil)
  }

  @Test func `a wait of zero while callers wait is unknown, unless another pool reports one`() throws {
    let silent = Recorded.pools.replacing("|2|250000|", with: "|0|0|")
    let waiting = ConsoleAnswers(recorded: [.pools: silent, .databases: Recorded.databases])
    #expect(try PgBouncerReport(waiting).pool(of: "appdb", client: "p")?.oldestWait == nil)
    var report = try PgBouncerReport(waiting)
    report.pools?[1].oldestWait = .seconds(3)
    #expect(report.pool(of: "appdb", client: "p")?.oldestWait == .seconds(3))
  }

  @Test func `connections carry their two ends, and one over a Unix socket is left out`() throws {
    let report = try Recorded.report
    let connection = try #require(report.connections(of: "appdb")?.first)
    #expect(connection.local?.description == "127.0.0.1:48502")
    #expect(connection.remote.description == "127.0.0.2:25432")
    #expect(connection.isActive && connection.isClosing && connection.state == "active")
    #expect(connection.connectedAt == WallTime(secondsSinceEpoch: 1_795_449_222))
    #expect(report.connections(of: "local") == [])
    #expect(report.servers(of: "local")?.first?.connectedAt == nil)
  }

  @Test func `the DNS cache tells addresses, a remembered failure and no entry apart`() throws {
    var report = try Recorded.report
    let known = try #require(report.ownerResolution(of: "appdb", preferring: "db.lab"))
    #expect(known.addresses?.map(\.description) == ["127.0.0.2", "127.0.0.3"])
    #expect(known.remaining == .seconds(13))
    #expect(report.ownerResolution(of: "we\"ird", preferring: "db.lab") == nil)

    report.databases?[0].hosts = ["gone.lab"]
    #expect(report.ownerResolution(of: "appdb", preferring: "db.lab")?.addresses == [])
    report.databases?[0].hosts = ["new.lab"]
    let unknown = try #require(report.ownerResolution(of: "appdb", preferring: "db.lab"))
    #expect(unknown.addresses == nil && unknown.remaining == nil)
  }
}
