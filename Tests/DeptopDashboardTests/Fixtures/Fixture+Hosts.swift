import DeptopModel

extension Fixture {
  /// Everything as it should be.
  static let healthyHost = snapshot([
    healthy("cache", "redis", host: "cache.internal", port: 6379),
    healthy("ledger", "postgres", host: "ledger.internal", port: 5432, active: 3, idle: 9, max: 20, rate: 12.4),
    healthy("orders-db", "postgres", host: "orders-db.internal", port: 5432, active: 6, idle: 4, max: 20, rate: 38),
  ])

  /// A failover that a pool has not noticed, beside other kinds of trouble.
  static let driftedHost = snapshot(
    [
      ordersDatabase, payments, search, healthy("cache", "redis", host: "cache.internal", port: 6379), mailRelay,
      ledger, kafka, unread,
    ],
    findings: [driftFinding, paymentsFinding, searchFinding], actions: [healedAction])

  static let ordersDatabase: Dependency = {
    var dependency = healthy(
      "orders-db", "postgres", host: "orders-db.internal", port: 5432, active: 12, idle: 0, max: 12, rate: 38)
    dependency.level = .critical
    dependency.pools = [
      Reading(
        PoolReading(
          client: "orders@web-17 #2", active: 12, idle: 0, pending: 7, max: 12, oldestWait: .seconds(4.2),
          mode: "session"), source: "agent", observedAt: ago(0.3)),
      Reading(
        PoolReading(
          client: "pgbouncer", active: 8, idle: 0, pending: 2, max: 8, oldestWait: .seconds(3.9), mode: "transaction"),
        source: "pgbouncer/main", observedAt: ago(0.3)),
    ]
    dependency.sockets = Reading(
      sockets([
        AddressUse(address: address("10.0.3.7"), connections: 14, idle: 5, standing: .left, leftAt: ago(372)),
        AddressUse(address: address("10.0.3.9"), connections: 6, idle: 2, standing: .current),
      ]), source: "kernel", observedAt: ago(0.4))
    dependency.sockets?.value.isOldestOlder = true
    dependency.resolution = resolution("orders-db.internal", ["10.0.3.9"])
    dependency.resolution?.changes = [
      AnswerChange(at: ago(372), from: [address("10.0.3.7")], to: [address("10.0.3.9")])
    ]
    dependency.resolution?.owner = Reading(
      OwnerResolution(host: "orders-db.internal", addresses: [address("10.0.3.7")], remaining: .seconds(15)),
      source: "pgbouncer/main", observedAt: ago(0.3))
    dependency.connect = connect([("10.0.3.7", nil), ("10.0.3.9", .milliseconds(4))], failure: "no route to host")
    return dependency
  }()

  static let payments: Dependency = {
    var dependency = healthy(
      "payments-api", "https", host: "payments.example.com", port: 443, active: 8, idle: 12, max: 20, rate: 0)
    dependency.level = .critical
    dependency.resolution = resolution("payments.example.com", ["10.0.4.2"])
    dependency.resolution?.resolvers[1].value.outcome = .addresses([address("10.9.9.9")], ttl: .seconds(30))
    return dependency
  }()

  static let search: Dependency = {
    var dependency = healthy(
      "search", "http", host: "search.internal", port: 9200, active: 14, idle: 6, max: 20, rate: 112)
    dependency.level = .warning
    dependency.pools[0].value.oldestWait = .milliseconds(11)
    dependency.pools[0].value.pending = 1
    dependency.connect = connect([("10.0.4.2", .milliseconds(40))])
    return dependency
  }()

  static let mailRelay: Dependency = {
    var dependency = healthy(
      "mail-relay", "smtp", host: "mail.internal", port: 25, active: 0, idle: 2, max: 5, rate: nil)
    dependency.pools[0].value.oldestWait = nil
    dependency.lastTrafficAt = ago(250)
    return dependency
  }()

  static let ledger: Dependency = {
    var dependency = healthy("ledger", "postgres", host: "ledger.internal", port: 5432)
    dependency.level = .stale
    dependency.pools = []
    dependency.requests = nil
    dependency.silentSources = [
      SilentSource(
        source: "pgbouncer/ledger", since: ago(12), reason: "connection refused", nextAttemptAt: now + .seconds(4))
    ]
    return dependency
  }()

  static let kafka: Dependency = {
    var dependency = Dependency(id: "10.2.0.9:9092", kind: "kafka", host: nil, port: 9092, origin: .discovered)
    dependency.sockets = Reading(
      sockets([AddressUse(address: address("10.2.0.9"), connections: 6, idle: 6, standing: .unnamed)]),
      source: "kernel", observedAt: ago(0.4))
    dependency.lastTrafficAt = ago(1)
    return dependency
  }()

  static let unread: Dependency = {
    var dependency = Dependency(id: "reports", kind: nil, host: "reports.internal", port: 8443, origin: .configured)
    dependency.resolution = Resolution(name: "reports.internal")
    return dependency
  }()

  /// A host on which nothing calls anything.
  static let emptyHost = snapshot([], sources: [])

  /// Names from people who wish the screen ill, and names that are only unusual.
  static let hostileHost: Snapshot = {
    let names: [DependencyID] = [
      "\u{1B}[2J\u{1B}[31mred", "left\u{202E}thgir", "日本語の名前のとても長いデータベース", "new\nline\ttab",
      DependencyID(rawValue: String(repeating: "very-long-", count: 30)), "e\u{301}clair\u{200B}", "",
    ]
    var snapshot = Fixture.snapshot(
      names.map { name in
        var dependency = healthy(name, "\u{1B}]0;kind\u{07}", host: "h\u{202E}ost", port: 1)
        dependency.pools[0].value.client = "client\u{1B}[0m"
        dependency.level = .warning
        return dependency
      },
      findings: names.map { name in
        Finding(
          rule: "M04", dependency: name, level: .warning, text: "text \u{1B}[31m with \u{202E}tricks for {since}",
          since: ago(60), evidence: [], confidence: 0.5
        ).opened
      })
    snapshot.host = Host(name: "web\u{1B}[5m", environment: "P\u{202E}ROD", isProduction: true)
    return snapshot
  }()

  /// A thousand dependencies, one in fifty of them in trouble.
  static func largeHost(sequence: UInt64 = 40) -> Snapshot {
    snapshot(
      (0..<1000).map { number in
        var dependency =
          number % 50 == 7 ? ordersDatabase : healthy("x", "redis", host: "h\(number).internal", port: 6379)
        dependency.id = DependencyID(rawValue: "service-\(1000 + number)")
        dependency.requests?.value.rate = Double((number * 37 + Int(sequence) * 13) % 5000)
        return dependency
      }, findings: [driftFinding], sequence: sequence)
  }
}
