import DeptopConfiguration
import DeptopControl
import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "pgbench", "dnsmasq"), .timeLimit(.minutes(3)))
struct PgBouncerControlTests {
  private let old = IPAddress(v4: 0x7f00_0002)
  private let new = IPAddress(v4: 0x7f00_0003)
  private let drain = PlanRequest(verb: .drain, dependency: "orders-db", scope: .stale)

  private func control(_ lab: PgBouncerLab, user: String = "admin") -> PgBouncerControl {
    PgBouncerControl(settings: lab.pgbouncer.settings(user: user), dependencies: [lab.dependency])
  }

  /// Waits for what the plan waits for, executes it, and polls what is left until nothing is.
  private func carryOut(
    _ plan: Plan, with control: PgBouncerControl, within limit: Duration = .seconds(30)
  ) async throws -> [Remaining] {
    try await waitUntil("nothing is in the plan's way", within: limit) { try await control.obstacle(to: plan) == nil }
    #expect(try await control.execute(plan).hasPrefix("sent RECONNECT \"appdb\" to pgbouncer at 127.0.0.1:"))
    var steps: [Remaining] = []
    try await waitUntil("nothing of the plan is left", within: limit) {
      let step = try await control.remaining(of: plan)
      if steps.last != step { steps.append(step) }
      return step.connections == 0
    }
    return steps
  }

  @Test func `a drain moves every connection under load, fails nothing, and lets a transaction end where it began`()
    async throws
  {
    let lab = try await PgBouncerLab.start { $0.more["min_pool_size"] = "4" }
    let control = control(lab)
    let load = try await Pgbench.start(
      at: lab.clientAddress, database: "appdb", clients: 8, rate: 100, seconds: 8,
      script: "BEGIN;\nSELECT pg_sleep(0.005);\nEND;\n")
    let transaction = try await PsqlScript.start(
      """
      BEGIN;
      SELECT inet_server_addr();
      SELECT pg_sleep(5);
      SELECT inet_server_addr();
      COMMIT;
      SELECT inet_server_addr();
      """, at: lab.clientAddress, database: "appdb")
    try await waitUntil("the transaction has begun, and the pool is full") {
      let servers = try await lab.pgbouncer.console("SHOW SERVERS").filter { $0["database"] == "appdb" }
      return transaction.lines == ["\(old)"] && servers.count == 4 && servers.allSatisfy { $0["state"] != "new" }
    }
    try await lab.rename(to: new)

    let detail = try lab.detail(current: [new], left: [old])
    let preparation = try await control.prepare(drain, for: detail)
    #expect(
      preparation.targets.allSatisfy { $0.remote.address == old && $0.isStale && !$0.cookie.isEmpty },
      "\(preparation.targets) \(detail.connections.map(\.local))")
    #expect(preparation.targets.contains { $0.isActive })
    #expect(preparation.confirmation == .typeName && preparation.drainTimeout == .seconds(30))
    #expect(
      preparation.texts("on return").first?.hasSuffix("carrying a query or transaction; waits up to 30 s for each")
        == true)
    #expect(preparation.texts("risk").first?.contains("to 127.0.0.3 follow") == true)

    let plan = preparation.plan(for: drain, destinations: [lab.second.address])
    let steps = try await carryOut(plan, with: control)
    #expect(
      steps.contains { $0.inUse == 1 && $0.note == "1 carrying a query or transaction: each closes when it ends" })
    #expect(try await transaction.finish() == ["\(old)", "\(old)", "\(new)"])
    let servers = try await lab.pgbouncer.console("SHOW SERVERS").filter { $0["database"] == "appdb" }
    #expect(!servers.isEmpty && servers.allSatisfy { $0["addr"] == "\(new)" })
    let outcome = try await load.outcome()
    #expect(outcome.failures == 0 && outcome.transactions > 400, "\(outcome.output)")
    try await lab.stop()
  }

  @Test func `an old address in PgBouncer's own cache is waited for, or the drain would lead back to it`() async throws
  {
    let lab = try await PgBouncerLab.start { $0.dnsMaximumTTL = 4 }
    let control = control(lab)
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    try await lab.rename(to: new)
    let preparation = try await control.prepare(drain, for: try lab.detail(current: [new], left: [old]))
    let waits = try #require(preparation.texts("waits").first)
    #expect(waits.hasSuffix("s first: PgBouncer's DNS cache holds 127.0.0.2 for db.lab for that long"))
    #expect(preparation.texts("closes now") == ["1 idle connection to 127.0.0.2, within a second"])
    #expect(preparation.confirmation == .key)

    let plan = preparation.plan(for: drain, destinations: [lab.second.address])
    let obstacle = try #require(try await control.obstacle(to: plan))
    #expect(obstacle.remaining > .seconds(1) && obstacle.remaining <= .seconds(5))
    let steps = try await carryOut(plan, with: control)
    // Nobody asked for a connection since: PgBouncer has opened none, and looked nothing up.
    #expect(try #require(steps.last?.note).contains("no caller has needed a new connection yet"))
    let rows = try await PsqlScript.start("SELECT inet_server_addr();", at: lab.clientAddress, database: "appdb")
      .finish()
    #expect(rows == ["\(new)"])
    #expect(try await control.remaining(of: plan) == Remaining(connections: 0, inUse: 0, note: nil))
    try await lab.stop()
  }

  @Test func `a cache that already holds the current answers is not waited for`() async throws {
    let lab = try await PgBouncerLab.start { $0.dnsMaximumTTL = 300 }
    let control = control(lab)
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    let request = PlanRequest(verb: .drain, dependency: "orders-db", scope: .all)
    let preparation = try await control.prepare(request, for: try lab.detail(current: [old]))
    #expect(preparation.texts("waits").isEmpty)
    let plan = preparation.plan(for: request, destinations: [lab.first.address])
    #expect(try await control.obstacle(to: plan) == nil)
    _ = try await carryOut(plan, with: control)
    try await lab.stop()
  }

  @Test func `resolving says that it is done by replacing connections`() async throws {
    let lab = try await PgBouncerLab.start()
    let control = control(lab)
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    try await lab.rename(to: new)
    let request = PlanRequest(verb: .resolve, dependency: "orders-db")
    let preparation = try await control.prepare(request, for: try lab.detail(current: [new], left: [old]))
    #expect(
      preparation.texts("cannot").first
        == "look db.lab up by command, PgBouncer has none: this waits for its DNS cache to run out, at most 1 s, "
        + "and replaces the connections; the first new one looks the name up")
    _ = try await carryOut(preparation.plan(for: request, destinations: [lab.second.address]), with: control)
    let rows = try await PsqlScript.start("SELECT inet_server_addr();", at: lab.clientAddress, database: "appdb")
      .finish()
    #expect(rows == ["\(new)"])
    try await lab.stop()
  }

  @Test func `in session pooling a connection is released only by its client`() async throws {
    let lab = try await PgBouncerLab.start { $0.poolMode = "session" }
    let control = control(lab)
    let session = try await PsqlScript.start(
      "SELECT inet_server_addr(); SELECT pg_sleep(600);", at: lab.clientAddress, database: "appdb")
    try await waitUntil("the session has begun") { !session.lines.isEmpty }
    try await lab.rename(to: new)
    let preparation = try await control.prepare(drain, for: try lab.detail(current: [new], left: [old]))
    #expect(
      preparation.texts("on return").first?.contains("closes only when its client disconnects (session pooling)")
        == true)
    let plan = preparation.plan(for: drain, destinations: [lab.second.address])
    try await waitUntil("the cache has run out") { try await control.obstacle(to: plan) == nil }
    _ = try await control.execute(plan)
    #expect(
      try await control.remaining(of: plan)
        == Remaining(
          connections: 1, inUse: 1, note: "1 held by clients' sessions: each closes when its client disconnects"))
    try await session.stop()
    try await waitUntil("its connection is closed") { try await control.remaining(of: plan).connections == 0 }
    try await lab.stop()
  }

  @Test func `what PgBouncer cannot do, or what would cure nothing, is refused with the reason`() async throws {
    let lab = try await PgBouncerLab.start()
    let control = control(lab)
    let idle = PlanRequest(verb: .drain, dependency: "orders-db", scope: .idle)
    await refuses("PgBouncer cannot retire idle connections alone") {
      try await control.prepare(idle, for: try lab.detail(current: [old]))
    }
    await refuses("holds no TCP connection of \"appdb\"") {
      try await control.prepare(drain, for: try lab.detail(current: [old]))
    }
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    await refuses("none of the 1 connections of \"appdb\" is on an address that left DNS") {
      try await control.prepare(drain, for: try lab.detail(current: [old]))
    }
    await refuses("no database of pgbouncer \"main\" is configured for cache") {
      try await control.prepare(PlanRequest(verb: .drain, dependency: "cache"), for: try lab.detail(current: [old]))
    }
    _ = try await lab.pgbouncer.console("PAUSE appdb")
    await refuses("database \"appdb\" is paused in PgBouncer") {
      try await control.prepare(drain, for: try lab.detail(current: [new], left: [old]))
    }
    try await lab.stop()
  }

  @Test func `a user who may only look is told so, and offered nothing afterwards`() async throws {
    let lab = try await PgBouncerLab.start()
    let control = control(lab, user: "stats")
    let detail = try lab.detail(current: [new], left: [old])
    #expect(control.offers(for: detail).filter { $0.verb != .breaker }.allSatisfy { $0.unavailable == nil })
    let reason = "user \"stats\" of pgbouncer \"main\" may look but not act: add it to admin_users"
    await refuses(reason) { try await control.prepare(drain, for: detail) }
    #expect(control.offers(for: detail).map(\.unavailable) == [reason, reason, reason])
    try await lab.stop()
  }

  @Test func `a frozen PgBouncer costs the timeout, and says that it is not known whether it was done`() async throws {
    let lab = try await PgBouncerLab.start()
    var settings = lab.pgbouncer.settings()
    settings.timeout = .milliseconds(400)
    let control = PgBouncerControl(settings: settings, dependencies: [lab.dependency])
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    let detail = try lab.detail(current: [new], left: [old])
    let plan = try await control.prepare(drain, for: detail).plan(for: drain, destinations: [lab.second.address])
    lab.pgbouncer.freeze()
    let start = ContinuousClock.now
    let error = await #expect(throws: ControlError.self) { _ = try await control.execute(plan) }
    #expect(.now - start < .milliseconds(900))
    #expect(error == .failed("pgbouncer at 127.0.0.1:\(lab.pgbouncer.port): no login within 0.4 s"))
    lab.pgbouncer.thaw()
    try await lab.stop()
  }

  private func refuses(_ reason: String, _ body: () async throws -> Preparation) async {
    let error = await #expect(throws: ControlError.self) { _ = try await body() }
    guard case .refused(let sentence)? = error else {
      Issue.record("not refused: \(String(describing: error))")
      return
    }
    #expect(sentence.contains(reason))
  }
}
