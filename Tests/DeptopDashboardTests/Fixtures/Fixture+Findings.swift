import DeptopModel

extension Fixture {
  static let driftFinding: Finding = {
    var finding = Finding(
      rule: "M04", dependency: "orders-db", level: .critical,
      text: "14 of 20 connections are on 10.0.3.7, which left DNS {since} ago; the pool sets no lifetime",
      textSince: ago(372), since: ago(360),
      evidence: [
        Evidence(reading: "connections on 10.0.3.7", value: "14 of 20", threshold: "0", source: "kernel"),
        Evidence(reading: "answers without 10.0.3.7", value: "74", threshold: "3", source: "dns"),
      ],
      notFound: ["the answers rotate"], confidence: 0.95, action: .drain, actionLabel: "drain stale")
    finding.state = .open
    return finding
  }()

  static let paymentsFinding: Finding = {
    var finding = Finding(
      rule: "M11", dependency: "payments-api", level: .critical,
      text: "two resolvers answer differently for payments.example.com since {since}", since: ago(41), evidence: [],
      confidence: 0.8)
    finding.state = .open
    return finding
  }()

  static let searchFinding: Finding = {
    var finding = Finding(
      rule: "M02", dependency: "search", level: .warning,
      text: "callers wait for a connection although 6 of 20 are idle", since: ago(100), evidence: [], confidence: 0.6)
    finding.state = .clearing
    finding.absentSince = ago(20)
    finding.recurrences = 2
    return finding
  }()

  static let operatorAlice = Actor(uid: 1000, pid: 4321, user: "alice")

  static func plan(_ confirmation: Plan.Confirmation, _ request: PlanRequest) -> Plan {
    Plan(
      id: "p-7f3a", digest: "d41d8c", createdAt: now, expiresAt: now + .seconds(60), request: request,
      targets: [], destinations: [SocketAddress(address("10.0.3.9"), port: 5432)],
      lines: [
        PlanLine("closes now", "9 dead connections to 10.0.3.7 (silent 41 s, nothing can be in flight)"),
        PlanLine("on return", "5 connections to 10.0.3.7 carrying a query; waits up to 30 s for each"),
        PlanLine("keeps", "6 connections to 10.0.3.9"),
        PlanLine("pace", "2 per step, 1.0 to 1.5 s apart; stops if connect p95 > 300 ms, errors +2 points"),
        PlanLine("pre-flight", "3 of 3 new connections to 10.0.3.9 succeeded (p95 4 ms)"),
        PlanLine("cannot", "orders #2's own DNS cache: it re-resolves when it reconnects (JVM ttl 30 s)"),
        PlanLine("same as", "deptop drain orders-db --scope stale --reason …"),
      ],
      confirmation: confirmation, drainTimeout: .seconds(30))
  }

  static let drainRequest = PlanRequest(verb: .drain, dependency: "orders-db")

  static func action(_ id: ActionID = "a-1", phase: ActionStatus.Phase = .draining) -> ActionStatus {
    var status = ActionStatus(
      id: id, plan: "p-7f3a", verb: .drain, dependency: "orders-db", actor: operatorAlice,
      reason: "failover drill INC-2231", startedAt: ago(6))
    status.phase = phase
    status.progress = [
      ProgressEntry(at: ago(6), text: "3 of 3 new connections to 10.0.3.9 succeeded"),
      ProgressEntry(at: ago(5), text: "RECONNECT orders sent"),
      ProgressEntry(at: ago(1), text: "5 of 14 connections left, 5 carrying a query"),
    ]
    return status
  }

  static let healedAction: ActionStatus = {
    var status = action("a-0", phase: .finished)
    status.startedAt = ago(300)
    status.verdict = healedVerdict
    return status
  }()

  static let healedVerdict = Verdict(
    outcome: .healed, endedAt: ago(290), duration: .seconds(9.4),
    comparisons: [
      Comparison(
        reading: "on old address", before: "14 of 20", after: "0 of 20",
        note: "verified on the kernel's peers at 14:05:02"),
      Comparison(reading: "wait", before: "4.2 s", after: "1 ms"),
      Comparison(reading: "oldest connection", before: "41 min", after: "9 s"),
    ],
    notes: ["the pool still sets no lifetime: server_lifetime = 3600 would have bounded this"])

  static let audit: [AuditEntry] = [
    AuditEntry(
      at: ago(290), actor: operatorAlice, event: .finished, verb: .drain, dependency: "orders-db", plan: "p-7f3a",
      action: "a-0", reason: "failover drill INC-2231", result: "healed in 9.4 s", duration: .seconds(9.4)),
    AuditEntry(
      at: ago(300), actor: operatorAlice, event: .started, verb: .drain, dependency: "orders-db", plan: "p-7f3a",
      action: "a-0", reason: "failover drill INC-2231", result: "14 connections of the plan", duration: nil),
    AuditEntry(
      at: ago(90_000), actor: Actor(uid: 1003, pid: 999, user: nil), event: .refused, verb: .drain,
      dependency: "payments-api", plan: nil, action: nil, reason: nil, result: "not an operator", duration: nil),
  ]

  static let ordersDetail = DependencyDetail(
    dependency: ordersDatabase,
    connections: (0..<20).map { number in
      let isOld = number < 14
      let remote = SocketAddress(address(isOld ? "10.0.3.7" : "10.0.3.9"), port: 5432)
      let local = SocketAddress(address("10.0.1.17"), port: UInt16(40_000 + number))
      return Connection(
        cookie: "\(100 + number)", local: local, remote: remote,
        state: "established", owner: SocketOwner(pid: 812, process: number % 3 == 0 ? "pgbouncer" : "orders"),
        since: ago(isOld ? 2460 - Double(number) : 300), isOlderThanSeen: number < 4,
        idle: .seconds(isOld ? 41 : 2), awaitingReply: number % 5 == 0 && isOld ? .seconds(38) : nil,
        rtt: .microseconds(1200), retransmits: isOld ? 6 : 0, unacknowledged: isOld ? 1 : 0,
        standing: isOld ? .left : .current,
        pool: number % 3 == 0
          ? PoolConnection(
            local: local, remote: remote, state: isOld ? "active" : "idle", isActive: isOld, isClosing: false,
            connectedAt: nil) : nil)
    })
}

extension Finding {
  /// The finding after its condition held often enough.
  var opened: Finding {
    var finding = self
    finding.state = .open
    return finding
  }
}
