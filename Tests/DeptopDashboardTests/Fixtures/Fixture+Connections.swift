import DeptopModel

extension Fixture {
  /// The connections of ``stuckDatabase``, one or more in every condition.
  static let stuckDetail = DependencyDetail(
    dependency: stuckDatabase,
    connections: [
      connection(1, .idle, keepalive: .on(atLeast: .seconds(7200)), idle: 12, remote: "10.0.3.9"),
      connection(2, .idle, keepalive: .off, idle: 95),
      connection(3, .active, idle: 0, owner: workerOwner, remote: "10.0.3.9"),
      connection(4, .dead, lasting: 41, unanswered: 3, idleBefore: 240, idle: 41),
      connection(5, .dead, lasting: 38, unanswered: 5, idleBefore: 252, meanRetransmit: 1448, idle: 38),
      connection(6, .waiting, lasting: 38, idle: 38, owner: workerOwner),
      connection(7, .waiting, lasting: 0.4, idle: 0.4),
      connection(8, .zeroWindow, lasting: 9, idle: 9),
      connection(9, .keepaliveUnanswered, unanswered: 2, idle: 93),
      connection(10, .connectUnanswered, lasting: 7, unanswered: 2, state: "syn-sent"),
      connection(11, .peerClosed, lasting: 300, idle: 300, state: "close-wait"),
      connection(12, .closing, state: "fin-wait-2"),
      connection(13, .active, owner: cartOwner, namespace: podNamespace, remote: "10.96.0.10", translated: "10.0.3.9"),
      connection(14, .idle, lastReply: 0.012, idle: 3, owner: cartOwner, namespace: podNamespace, remote: "10.96.0.10"),
    ])

  static func connection(
    _ number: Int, _ condition: SocketSignals.Condition, lasting: Double? = nil, unanswered: Int = 0,
    idleBefore: Double? = nil, meanRetransmit: Int? = nil, keepalive: SocketSignals.Keepalive = .unknown,
    lastReply: Double? = nil, idle: Double? = nil, state: String = "established",
    owner: SocketOwner? = ordersOwner, namespace: NamespaceID = .own, remote: String = "10.0.3.7",
    translated: String? = nil
  ) -> Connection {
    let isDead = condition == .dead
    return Connection(
      cookie: "\(100 + number)", local: SocketAddress(address("10.0.1.17"), port: UInt16(40_000 + number)),
      remote: SocketAddress(address(remote), port: 5432), state: state, owner: owner,
      since: ago(2460 - Double(number)), isOlderThanSeen: number < 4, idle: idle.map { .seconds($0) },
      awaitingReply: condition == .waiting ? lasting.map { .seconds($0) } : nil, rtt: .microseconds(1200),
      retransmits: UInt32(unanswered), unacknowledged: isDead ? 1 : 0,
      standing: remote == "10.0.3.7" ? .left : .current, pool: nil,
      signals: SocketSignals(
        condition, lasting: lasting.map { .seconds($0) }, idleBefore: idleBefore.map { .seconds($0) },
        unanswered: unanswered, meanRetransmit: meanRetransmit, keepalive: keepalive,
        lastReply: lastReply.map { .seconds($0) }),
      namespace: namespace, translated: translated.map { SocketAddress(address($0), port: 8080) },
      inode: UInt32(7000 + number), nextRetransmit: isDead ? .seconds(13) : nil, segmentSize: 1448)
  }

  static let repairRequest = PlanRequest(verb: .repair, dependency: "orders-db", scope: .all, repair: .prove)

  /// Two dead connections, one in use, and three idle ones.
  static let repairPlan: Plan = {
    let target = { (number: Int, treatment: SocketTreatment, isActive: Bool, isDead: Bool) in
      PlanTarget(
        cookie: "\(100 + number)", local: SocketAddress(address("10.0.1.17"), port: UInt16(40_000 + number)),
        remote: SocketAddress(address("10.0.3.7"), port: 5432), isActive: isActive, isStale: true, isDead: isDead,
        treatment: treatment)
    }
    return Plan(
      id: "p-22c1", digest: "77aa", createdAt: now, expiresAt: now + .seconds(60), request: repairRequest,
      targets: [
        target(4, .userTimeout, true, true), target(5, .userTimeout, true, true), target(6, .keepalive, true, false),
        target(1, .keepalive, false, false), target(2, .keepalive, false, false), target(9, .keepalive, false, false),
      ],
      destinations: [SocketAddress(address("10.0.3.9"), port: 5432)],
      lines: [
        PlanLine("keeps", "the local port of every connection that answers"),
        PlanLine("pre-flight", "3 of 3 new connections to 10.0.3.9 succeeded (p95 4 ms)"),
        PlanLine("cannot", "new connections start without keepalive: set tcp_keepalives_idle = 10 in the pool"),
        PlanLine("same as", "deptop repair orders-db --method prove --reason …"),
      ],
      confirmation: .key, drainTimeout: .seconds(30))
  }()

  static let repairVerdict = Verdict(
    outcome: .healed, endedAt: now, duration: .seconds(5.2),
    comparisons: [
      Comparison(reading: "dead", before: "2 of 14", after: "0 of 12", note: "verified on the kernel's sockets"),
      Comparison(reading: "kept their port", before: "12", after: "12"),
    ],
    notes: ["new connections start without keepalive: tcp_keepalives_idle = 10 would have prevented this"])

  static func repairAction(_ verdict: Verdict?) -> ActionStatus {
    var status = ActionStatus(
      id: "a-9", plan: "p-22c1", verb: .repair, dependency: "orders-db", actor: operatorAlice, reason: nil,
      startedAt: ago(6))
    status.phase = verdict == nil ? .executing : .finished
    status.verdict = verdict
    return status
  }
}
