import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite(.serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "pgbench", "dnsmasq"), .timeLimit(.minutes(3)))
struct PgBouncerSourceTests {
  @Test func `readings equal what psql reads on the console`() async throws {
    let lab = try await PgBouncerLab.start { $0.dnsMaximumTTL = 300 }
    let source = PgBouncerSource(settings: lab.pgbouncer.settings(), dependencies: [lab.dependency])
    // Two connections are opened at once; one of them is kept in a transaction, the other is returned.
    let other = try await PsqlScript.start("SELECT pg_sleep(0.5);", at: lab.clientAddress, database: "appdb")
    let holder = try await PsqlScript.start(
      "BEGIN; SELECT 1; SELECT pg_sleep(600);", at: lab.clientAddress, database: "appdb")
    _ = try await other.finish()
    try await waitUntil("one connection is in use and one is idle") {
      let row = try await lab.pgbouncer.console("SHOW POOLS").first { $0["database"] == "appdb" }
      return row?["sv_active"] == "1" && row?["sv_idle"] == "1"
    }

    let readings = Readings(try await source.poll())
    let pool = try #require(readings.pool)
    #expect(pool.client == "pgbouncer/main")
    #expect(pool.active == 1 && pool.idle == 1 && pool.transitional == 0 && pool.pending == 0)
    #expect(pool.max == 4 && pool.mode == "transaction" && pool.maximumLifetime == .seconds(3600))
    #expect(!pool.isPaused && !pool.isDisabled)

    let rows = try await lab.pgbouncer.console("SHOW SERVERS").filter { $0["database"] == "appdb" }
    #expect(rows.count == 2)
    #expect(
      Set(readings.connections.map { "\($0.local?.description ?? "-") \($0.remote) \($0.state) \($0.isClosing)" })
        == Set(
          rows.map { row in
            let column = { row[$0] ?? "?" }
            return "\(column("local_addr")):\(column("local_port")) \(column("addr")):\(column("port")) "
              + "\(column("state")) \(column("close_needed") == "1")"
          }))
    #expect(readings.connections.filter(\.isActive).count == 1)
    #expect(readings.connections.allSatisfy { abs(($0.connectedAt.map { $0 - .now() } ?? .seconds(999)).seconds) < 60 })

    let owner = try #require(readings.owner)
    #expect(owner.host == "db.lab" && owner.addresses == [lab.first.address.address])
    #expect(try #require(owner.remaining) > .seconds(200))
    #expect(readings.requests == nil)
    try await holder.stop()
    try await lab.stop()
  }

  @Test func `rate and mean of an interval are those of the load in it`() async throws {
    let lab = try await PgBouncerLab.start()
    let source = PgBouncerSource(settings: lab.pgbouncer.settings(), dependencies: [lab.dependency])
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    let start = ContinuousClock.now
    _ = try await source.poll()
    let load = try await Pgbench.start(
      at: lab.clientAddress, database: "appdb", clients: 2, rate: 40, seconds: 2, script: "SELECT pg_sleep(0.02);\n")
    let outcome = try await load.outcome()
    #expect(outcome.failures == 0, "\(outcome.output)")
    let requests = try #require(Readings(try await source.poll()).requests)
    let queries = requests.rate * (ContinuousClock.now - start).seconds
    #expect(queries >= Double(outcome.transactions) && queries < Double(outcome.transactions) * 1.2)
    #expect(try #require(requests.upstreamMean) >= .milliseconds(20))
    #expect(try #require(requests.waitMean) < .milliseconds(100))
    try await lab.stop()
  }

  @Test func `a paused database is reported as paused, and its callers as waiting`() async throws {
    let lab = try await PgBouncerLab.start()
    let source = PgBouncerSource(settings: lab.pgbouncer.settings(user: "stats"), dependencies: [lab.dependency])
    // Before its first login to the server PgBouncer does not say how long callers wait.
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    _ = try await lab.pgbouncer.console("PAUSE appdb")
    let waiter = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb")
    try await waitUntil("a caller waits for more than a second") {
      let pool = Readings(try await source.poll()).pool
      return pool?.isPaused == true && pool?.pending == 1 && (pool?.oldestWait ?? .zero) > .seconds(1)
    }
    _ = try await lab.pgbouncer.console("RESUME appdb")
    #expect(try await waiter.finish() == ["1"])
    try await lab.stop()
  }

  @Test func `a frozen PgBouncer costs the timeout and no more, and is read again when it thaws`() async throws {
    let lab = try await PgBouncerLab.start()
    var settings = lab.pgbouncer.settings()
    settings.timeout = .milliseconds(400)
    let kept = PgBouncerSource(settings: settings, dependencies: [lab.dependency])
    let fresh = PgBouncerSource(settings: settings, dependencies: [lab.dependency])
    _ = try await kept.poll()
    lab.pgbouncer.freeze()
    for source in [kept, fresh] {
      let start = ContinuousClock.now
      let error = await #expect(throws: SourceError.self) { _ = try await source.poll() }
      #expect(.now - start < .milliseconds(900))
      #expect(try #require(error).description.contains("within 0.4 s"))
      guard case .transient? = error else { Issue.record("not transient: \(String(describing: error))"); continue }
    }
    lab.pgbouncer.thaw()
    try await waitUntil("both sources read it again") {
      for source in [kept, fresh] {
        do throws(SourceError) { _ = try await source.poll() } catch { return false }
      }
      return true
    }
    try await lab.stop()
  }

  @Test func `a restarted PgBouncer is read again at once, without a rate across the restart`() async throws {
    let lab = try await PgBouncerLab.start()
    let source = PgBouncerSource(settings: lab.pgbouncer.settings(), dependencies: [lab.dependency])
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    _ = try await source.poll()
    #expect(Readings(try await source.poll()).requests != nil)
    try await lab.pgbouncer.restart()
    _ = try await PsqlScript.start("SELECT 1;", at: lab.clientAddress, database: "appdb").finish()
    let readings = Readings(try await source.poll())
    #expect(readings.pool != nil && readings.requests == nil)
    #expect(Readings(try await source.poll()).requests != nil)

    try await lab.pgbouncer.stop()
    let error = await #expect(throws: SourceError.self) { _ = try await source.poll() }
    #expect(error == .transient("pgbouncer at 127.0.0.1:\(lab.pgbouncer.port): connection refused"))
    try await lab.stop()
  }

  @Test(arguments: ["md5", "scram-sha-256", "plain"])
  func `each authentication lets the right password in and names the wrong one`(method: String) async throws {
    let lab = try await PgBouncerLab.start { $0.authentication = method }
    let right = PgBouncerSource(
      settings: lab.pgbouncer.settings(password: "admin"), dependencies: [lab.dependency])
    #expect(Readings(try await right.poll()).pool != nil)
    let place = "pgbouncer at 127.0.0.1:\(lab.pgbouncer.port)"
    let wrong = PgBouncerSource(
      settings: lab.pgbouncer.settings(password: "guess"), dependencies: [lab.dependency])
    let error = await #expect(throws: SourceError.self) { _ = try await wrong.poll() }
    let reason = method == "scram-sha-256" ? "SASL authentication failed" : "password authentication failed"
    #expect(error == .permanent("\(place): it refuses user \"admin\": \(reason)"))
    let none = PgBouncerSource(settings: lab.pgbouncer.settings(), dependencies: [lab.dependency])
    await #expect(throws: SourceError.permanent("\(place): user \"admin\" needs a password, and none is configured")) {
      _ = try await none.poll()
    }
    try await lab.stop()
  }

  @Test func `a database that PgBouncer does not list is named, and does not cost the others`() async throws {
    let lab = try await PgBouncerLab.start()
    var typo = lab.dependency
    typo.name = "other-db"
    typo.pgbouncer?.database = "appbd"
    let alone = PgBouncerSource(settings: lab.pgbouncer.settings(), dependencies: [typo])
    let error = await #expect(throws: SourceError.self) { _ = try await alone.poll() }
    #expect(try #require(error).description.contains("lists no database \"appbd\"; it lists appdb"))
    let both = PgBouncerSource(settings: lab.pgbouncer.settings(), dependencies: [typo, lab.dependency])
    #expect(both.dependencies == ["other-db", "orders-db"])
    #expect(Readings(try await both.poll()).dependencies == ["orders-db"])
    try await lab.stop()
  }

  @Test func `the console is reached through its Unix socket and by a host name`() async throws {
    let lab = try await PgBouncerLab.start()
    for host in [lab.pgbouncer.directory.path, "localhost"] {
      var settings = lab.pgbouncer.settings()
      settings.host = host
      let source = PgBouncerSource(settings: settings, dependencies: [lab.dependency])
      #expect(Readings(try await source.poll()).pool != nil, "by \(host)")
    }
    try await lab.stop()
  }
}

@Suite struct PgBouncerSourceSettingsTests {
  @Test func `there is one source for each configured PgBouncer`() async throws {
    var settings = Settings()
    settings.pgbouncers = [PgBouncerSettings(name: "main"), PgBouncerSettings(name: "spare")]
    var dependency = DependencySettings(name: "orders-db", host: "db.lab", port: 5432)
    dependency.pgbouncer = PgBouncerDatabase(instance: "main", database: "orders")
    settings.dependencies = [dependency, DependencySettings(name: "cache", host: "cache.lab", port: 6379)]
    let sources = PgBouncerSource.instances(in: settings, on: HostSurroundings())
    #expect(sources.map(\.id) == ["pgbouncer/main", "pgbouncer/spare"])
    #expect(sources.map(\.dependencies) == [["orders-db"], []])
    await #expect(throws: SourceError.noData("no dependency refers to pgbouncer \"spare\"")) {
      _ = try await sources[1].poll()
    }
  }
}

/// The observations of one poll by what they are about.
private struct Readings {
  var dependencies: Set<DependencyID> = []
  var pool: PoolReading?
  var connections: [PoolConnection] = []
  var requests: RequestReading?
  var owner: OwnerResolution?

  init(_ observations: [Observation]) {
    for observation in observations {
      switch observation {
      case .pool(let id, let reading): (pool, _) = (reading, dependencies.insert(id))
      case .poolConnections(let id, let list): (connections, _) = (list, dependencies.insert(id))
      case .requests(let id, let reading): (requests, _) = (reading, dependencies.insert(id))
      case .ownerResolution(let id, let resolution): (owner, _) = (resolution, dependencies.insert(id))
      default: Issue.record("unexpected: \(observation)")
      }
    }
  }
}
