import DeptopModel

extension Fixture {
  /// Dependencies whose clients report from inside, one in each condition.
  static let calledHost = snapshot(
    [
      exhausted, openBreaker, flapping, retryStorm, deadlines, bucketed, idleCalls, unpooledCalls, silentCalls,
      healthyCalls, mailRelay, ledger, kafka,
    ],
    findings: [driftFinding, breakerFinding, retryFinding])

  /// A thousand dependencies with calls and breakers, one in ten of them in trouble.
  static let largeCalledHost = snapshot(
    (0..<1000).map { number in
      var dependency = number % 10 == 7 ? flapping : healthyCalls
      dependency.id = DependencyID(rawValue: "service-\(1000 + number)")
      return dependency
    }, findings: [driftFinding])

  /// Counts as a client reports them; attempts nil means that it does not count them.
  static func calls(
    requests: UInt64, attempts: UInt64? = nil, fates: [Fate: UInt64]? = nil, timeouts: [TimeoutCategory: UInt64]? = nil,
    errors: [String: UInt64]? = nil, resets: UInt64? = nil, p50: Duration? = nil, slow: Duration? = nil,
    wait: Duration? = nil
  ) -> Reading<CallReading> {
    var reading = CallReading(
      window: .seconds(10),
      counts: CallTotals(
        requests: requests, attempts: attempts ?? requests, fates: fates ?? [.success: requests], timeouts: timeouts,
        errors: errors, resets: resets))
    if let p50 { reading.responseTime = latencies(p50, slow ?? p50) }
    if let wait { reading.waitTime = latencies(wait, wait) }
    return Reading(reading, source: "agents", observedAt: ago(0.5))
  }

  /// Nine in ten at the first value, the others at the second.
  static func latencies(_ fast: Duration, _ slow: Duration) -> LatencySummary? {
    var histogram = Histogram()
    for number in 0..<100 { histogram.record(number < 90 ? fast : slow) }
    return LatencySummary(.exponential(histogram))
  }

  static func breaker(
    _ client: String, _ state: BreakerState, since: Double? = nil, reason: String? = nil,
    _ transitions: [BreakerTransition] = []
  ) -> Reading<BreakerReading> {
    Reading(
      BreakerReading(client: client, state: state, since: since.map(ago), reason: reason, transitions: transitions),
      source: "agents", observedAt: ago(0.5))
  }

  static func changes(_ steps: [(Double, BreakerState)], from first: BreakerState = .closed) -> [BreakerTransition] {
    var before = first
    return steps.map { seconds, state in
      defer { before = state }
      let reason = state == .open ? "failure ratio 61% over 50%" : nil
      return BreakerTransition(at: ago(seconds), from: before, to: state, reason: reason)
    }
  }

  static let exhausted: Dependency = {
    var dependency = ordersDatabase
    dependency.calls = calls(
      requests: 380, attempts: 610,
      fates: [.success: 120, .successAfterRetry: 28, .timeout: 163, .retriesExhausted: 41, .failure: 28],
      timeouts: [.poolAcquire: 35, .read: 5, .deadline: 123],
      errors: ["TimeoutError": 163, "PoolExhausted": 41, "SQLSTATE 57014 query_canceled": 28], resets: 4,
      p50: .milliseconds(12), slow: .seconds(8), wait: .seconds(4.2))
    dependency.calls?.value.waiting = 5
    dependency.calls?.value.oldestWaiting = .seconds(41)
    dependency.breakers = [
      breaker("orders@web-17 #2", .closed, since: 7200), breaker("pgbouncer", .closed, since: 7200),
    ]
    dependency.policy = Policy(
      deadline: .milliseconds(800), retries: 2, retryBudget: 0.1, acquireTimeout: .milliseconds(250),
      maximumLifetime: .seconds(1800), idleTimeout: .seconds(350), keepalive: .seconds(60))
    dependency.actions.append(ActionOffer(verb: .breaker, breakerStates: [.closed, .open, .halfOpen, .forcedOpen]))
    return dependency
  }()

  static let openBreaker: Dependency = {
    var dependency = payments
    dependency.resolution = resolution("payments.example.com", ["10.0.4.2"])
    dependency.calls = calls(requests: 200, attempts: 0, fates: [.rejected: 200])
    dependency.breakers = [
      breaker(
        "checkout@web-17", .open, since: 41, reason: "failure ratio 61% over 50%",
        changes([(300, .open), (240, .halfOpen), (235, .closed), (41, .open)].suffix(3), from: .open))
    ]
    dependency.breakers[0].value.notPermitted = 4120
    dependency.breakers[0].value.failureRatio = 0.61
    dependency.breakers[0].value.openWait = .seconds(10)
    dependency.actions.append(ActionOffer(verb: .breaker, breakerStates: [.closed, .open, .halfOpen]))
    return dependency
  }()

  static let flapping: Dependency = {
    var dependency = healthy(
      "stock", "grpc", host: "stock.internal", port: 50_051, active: 6, idle: 4, max: 10, rate: nil)
    dependency.level = .warning
    dependency.calls = calls(
      requests: 900, fates: [.success: 860, .rejected: 30, .failure: 10], p50: .milliseconds(20),
      slow: .milliseconds(310), wait: .zero)
    let steps: [(Double, BreakerState)] = [
      (500, .open), (440, .halfOpen), (430, .closed), (200, .open), (140, .halfOpen), (130, .closed), (70, .open),
      (10, .halfOpen),
    ]
    dependency.breakers = [
      breaker("cart@web-17", .halfOpen, since: 10, changes(steps)), breaker("shop@web-17", .closed, since: 7200),
    ]
    return dependency
  }()

  static let retryStorm: Dependency = {
    var dependency = search
    dependency.calls = calls(
      requests: 1120, attempts: 1500,
      fates: [.success: 700, .successAfterRetry: 320, .retriesExhausted: 60, .retrySkipped: 40],
      p50: .milliseconds(40), slow: .milliseconds(900), wait: .milliseconds(11))
    dependency.breakers = (0..<10).map { breaker("search@web-17 #\($0)", $0 < 2 ? .open : .closed, since: 41) }
    return dependency
  }()

  static let deadlines: Dependency = {
    var dependency = healthy(
      "geo", "https", host: "geo.example.com", port: 443, active: 9, idle: 3, max: nil, rate: nil)
    dependency.level = .critical
    dependency.calls = calls(
      requests: 100, attempts: 290, fates: [.success: 57, .timeout: 43], timeouts: [.deadline: 40, .connect: 3],
      p50: .milliseconds(350), slow: .milliseconds(800))
    dependency.breakers = [breaker("web@web-17", .closed)]
    return dependency
  }()

  static let bucketed: Dependency = {
    var dependency = healthy("prices", "http", host: "prices.internal", port: 8080, rate: nil)
    let counts = BucketCounts(boundsSeconds: [0.01, 0.025, 0.1, 0.5, 2.5], counts: [40, 900, 40, 10, 5, 15])
    dependency.calls = calls(requests: 1010)
    dependency.calls?.value.responseTime = LatencySummary(counts.map(Distribution.buckets), clientsLeftOut: 1)
    dependency.calls?.value.counts.attempts = nil
    dependency.pools[0].value.idle = nil
    dependency.pools[0].value.pending = nil
    dependency.pools[0].value.oldestWait = nil
    return dependency
  }()

  static let idleCalls: Dependency = {
    var dependency = healthy("audit-log", "http", host: "audit.internal", port: 8080, rate: nil)
    dependency.calls = calls(requests: 0)
    dependency.breakers = [breaker("orders@web-17 #2", .disabled)]
    return dependency
  }()

  /// Calls and breaker of a client that holds no pool.
  static let unpooledCalls: Dependency = {
    var dependency = Dependency(id: "weather", kind: "https", host: "weather.example.com", port: 443, origin: .reported)
    dependency.level = .ok
    dependency.sockets = Reading(
      sockets([AddressUse(address: address("10.0.9.1"), connections: 3, idle: 3, standing: .current)]),
      source: "kernel", observedAt: ago(0.4))
    dependency.resolution = resolution("weather.example.com", ["10.0.9.1"])
    dependency.calls = calls(
      requests: 12, fates: [.success: 12], p50: .milliseconds(120), slow: .milliseconds(180))
    dependency.breakers = [breaker("report@web-17", .forcedOpen, since: 86_400)]
    return dependency
  }()

  /// Clients that reported once and do not any more.
  static let silentCalls: Dependency = {
    var dependency = healthy("tax", "http", host: "tax.internal", port: 8080, rate: nil)
    dependency.level = .stale
    dependency.calls = calls(requests: 40, p50: .milliseconds(3))
    dependency.calls?.source = "agents/tax"
    dependency.silentSources = [
      SilentSource(source: "agents/tax", since: ago(95), reason: "no report", nextAttemptAt: nil)
    ]
    return dependency
  }()

  static let healthyCalls: Dependency = {
    var dependency = healthy("cache", "redis", host: "cache.internal", port: 6379)
    dependency.calls = calls(
      requests: 41_000, attempts: 41_020, fates: [.success: 40_990, .failure: 10], p50: .microseconds(300),
      slow: .milliseconds(2.1), wait: .zero)
    dependency.breakers = [breaker("orders@web-17", .closed, since: 7200)]
    return dependency
  }()

  static let breakerFinding: Finding = {
    var finding = Finding(
      rule: "M31", dependency: "payments-api", level: .critical,
      text: "breaker open though 10 of 10 probes succeed: stuck open for {since} (wait was 10s)", since: ago(41),
      evidence: [], confidence: 0.9, action: .breaker, actionLabel: "half-open")
    finding.state = .open
    return finding
  }()

  static let retryFinding: Finding = {
    var finding = Finding(
      rule: "M21", dependency: "search", level: .warning,
      text: "retries add 38 req/s (+34%) since upstream p99 tripled at 14:01:40; budget is 20%", since: ago(100),
      evidence: [], confidence: 0.8, action: .breaker, actionLabel: "open / shed")
    finding.state = .open
    return finding
  }()

  static func breakerPlan(_ state: BreakerState, _ dependency: DependencyID = "orders-db") -> Plan {
    Plan(
      id: "p-91b2", digest: "a1", createdAt: now, expiresAt: now + .seconds(60),
      request: PlanRequest(verb: .breaker, dependency: dependency, breaker: state), targets: [], destinations: [],
      lines: [
        PlanLine("changes", "2 breakers to \(state.rawValue): orders@web-17 #2, pgbouncer"),
        PlanLine("risk", "callers reach the dependency again at once"),
      ],
      confirmation: .key, drainTimeout: .seconds(30))
  }

  /// With a client whose identity nothing but its own word tells.
  static let exhaustedDetail: DependencyDetail = {
    var detail = ordersDetail
    detail.dependency = exhausted
    var report = ClientReport(name: "orders-db")
    report.connections = [
      ReportedConnection(
        local: SocketAddress(address("10.0.1.17"), port: 40_001),
        remote: SocketAddress(address("10.0.3.7"), port: 5432), isActive: true, connectedAt: ago(2460))
    ]
    detail.clients = [
      ClientDetail(
        client: ClientIdentity(name: "orders@web-17 #2", pid: 812, uid: 1000), source: "agents", observedAt: ago(0.5),
        report: report, calls: exhausted.calls?.value),
      ClientDetail(
        client: ClientIdentity(name: "billing", isVerified: false), source: "otlp", observedAt: ago(3),
        report: ClientReport(name: "orders-db"), calls: nil),
    ]
    detail.heat = heat
    return detail
  }()

  /// Calm for five minutes, then slower and slower; nothing was reported for half a minute.
  static let heat: [HeatColumn] = (0..<60).filter { !(20..<23).contains($0) }.map { index in
    let slowing = max(0, index - 30)
    var counts: [UInt64] = [0, 40, 220, 310, 60, 4, 0, 0, 0, 0, 0, 0]
    for step in 0..<slowing {
      let place = 4 + step / 5
      counts[place] += UInt64(20 + step * 4)
      counts[3] -= min(counts[3], 12)
    }
    return HeatColumn(at: ago(605 - Double(index) * 10), first: -9, counts: counts)
  }
}
