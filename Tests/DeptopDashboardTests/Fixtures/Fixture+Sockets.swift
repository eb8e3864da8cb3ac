import DeptopModel

extension Fixture {
  static let ordersUnit = ServiceUnit(.systemd, "orders.service")
  static let cartPod = ServiceUnit(.pod, "3f2a9c1e-77aa-4d10-9f0e-5c0ffee00001")
  static let podNamespace = NamespaceID(4_026_532_290)
  static let brokenNamespace = NamespaceID(4_026_532_411)

  static let ordersOwner = SocketOwner(pid: 812, process: "java", startedAt: 4711, unit: ordersUnit)
  static let workerOwner = SocketOwner(pid: 813, process: "java", startedAt: 4712, unit: ordersUnit)
  static let cartOwner = SocketOwner(pid: 2210, process: "cart", startedAt: 9001, unit: cartPod)
  static let billingOwner = SocketOwner(pid: 990, process: "billing")

  /// A host that nobody instrumented: everything is the kernel's word.
  static let socketHost: Snapshot = {
    var snapshot = Fixture.snapshot(
      [stuckDatabase, quietUpstream, cartService, pooledWithDead, kafka, unreadableOwner],
      findings: [deadFinding, ceremonialFinding])
    snapshot.namespaces = namespaces
    return snapshot
  }()

  /// Connections in every condition, on a path that forgets.
  static let stuckDatabase: Dependency = {
    var dependency = Dependency(
      id: "orders-db", kind: "postgres", host: "orders-db.internal", port: 5432, origin: .configured)
    dependency.level = .critical
    dependency.sockets = Reading(
      SocketSummary(
        established: 11, connecting: 1, closing: 2, idle: 3, oldestSince: ago(2460), isOldestOlder: true,
        rttMedian: .microseconds(1200), retransmits: 31,
        clients: [
          ClientConnections(owner: ordersOwner, connections: 9, dead: 2, waiting: 1),
          ClientConnections(owner: workerOwner, connections: 3, waiting: 1),
          ClientConnections(owner: cartOwner, connections: 2, namespace: podNamespace),
        ],
        addresses: [
          AddressUse(address: address("10.0.3.7"), connections: 9, idle: 2, standing: .left, leftAt: ago(372)),
          AddressUse(address: address("10.0.3.9"), connections: 2, idle: 1, standing: .current),
          AddressUse(
            address: address("10.96.0.10"), connections: 2, idle: 0, standing: .current, namespace: podNamespace,
            translated: [SocketAddress(address("10.0.3.9"), port: 8080)]),
        ], conditions: stuckConditions),
      source: "kernel", observedAt: ago(0.4))
    dependency.resolution = resolution("orders-db.internal", ["10.0.3.9"])
    dependency.views = [
      ResolutionView(namespace: podNamespace, label: "pod 3f2a9c1e", resolution: podResolution)
    ]
    dependency.path = forgetfulPath
    dependency.closings = ClosingSummary(
      closed: 12, unseen: 4, resetAfterIdle: 3, shortestIdle: .seconds(31), longestIdle: .seconds(44),
      lastResetAt: ago(75))
    dependency.connect = connect([("10.0.3.7", nil), ("10.0.3.9", .milliseconds(4))], failure: "no route to host")
    dependency.lastTrafficAt = ago(0.5)
    dependency.actions = [
      ActionOffer(
        verb: .repair,
        repairs: [
          RepairOffer(.prove), RepairOffer(.close),
          RepairOffer(.unstick, unavailable: "deptop-helper may not reach into other processes (yama ptrace_scope 3)"),
        ])
    ]
    return dependency
  }()

  static let stuckConditions: SocketConditions = {
    var conditions = SocketConditions()
    (conditions.dead, conditions.deadSince) = (2, ago(41))
    conditions.deadIdleBefore = [.seconds(240), .seconds(252)]
    conditions.deadAddresses = [address("10.0.3.7")]
    (conditions.waiting, conditions.waitingSince) = (2, ago(38))
    (conditions.zeroWindow, conditions.zeroWindowSince) = (1, ago(9))
    conditions.keepaliveUnanswered = 1
    conditions.connectUnanswered = 1
    (conditions.peerClosed, conditions.peerClosedSince) = (1, ago(300))
    (conditions.keepaliveOff, conditions.keepaliveOn) = (2, 1)
    conditions.keepaliveLongest = .seconds(7200)
    return conditions
  }()

  static let podResolution: Resolution = {
    var resolution = Resolution(name: "orders-db.internal")
    resolution.addresses = [address("10.96.0.10")]
    resolution.ttl = .seconds(30)
    resolution.resolvers = [
      Reading(
        ResolverAnswer(
          name: resolution.name, resolver: "127.0.0.1:53",
          outcome: .addresses(resolution.addresses, ttl: .seconds(30))), source: "dns", observedAt: ago(2))
    ]
    return resolution
  }()

  static let forgetfulPath: NetworkPath = {
    var path = NetworkPath()
    path.declaredIdleTimeout = .seconds(30)
    path.declaredMTU = 1500
    (path.survivedIdle, path.failedIdle) = (.seconds(25), .seconds(31))
    var check = PathCheck(address: SocketAddress(address("10.0.3.9"), port: 5432))
    (check.tlsHandshake, check.firstByte) = (.milliseconds(12), .milliseconds(4))
    (check.largestPacket, check.smallestLost, check.overlay) = (1450, 1451, "VXLAN or Geneve")
    (path.check, path.checkedAt) = (check, ago(20))
    return path
  }()

  static let quietUpstream: Dependency = {
    var dependency = Dependency(id: "stock", kind: "http", host: "stock.internal", port: 8080, origin: .configured)
    dependency.level = .ok
    var conditions = SocketConditions()
    (conditions.waiting, conditions.waitingSince) = (5, ago(41))
    conditions.replies = ReplyEstimate(
      median: .milliseconds(12), slowest: .milliseconds(900), samples: 40, resolution: .seconds(1))
    var sockets = Fixture.sockets(
      [AddressUse(address: address("10.0.4.2"), connections: 6, idle: 1, standing: .current)], owner: billingOwner)
    sockets.clients = [ClientConnections(owner: billingOwner, connections: 6, waiting: 5)]
    sockets.conditions = conditions
    dependency.sockets = Reading(sockets, source: "kernel", observedAt: ago(0.4))
    dependency.resolution = resolution("stock.internal", ["10.0.4.2"])
    return dependency
  }()

  static let cartService: Dependency = {
    var dependency = Dependency(id: "10.0.9.4:6379", kind: "redis", host: nil, port: 6379, origin: .discovered)
    var conditions = SocketConditions()
    (conditions.dead, conditions.deadSince, conditions.deadIdleBefore) = (1, ago(12), [.seconds(31)])
    var sockets = Fixture.sockets(
      [AddressUse(address: address("10.0.9.4"), connections: 2, idle: 1, standing: .unnamed, namespace: podNamespace)],
      owner: cartOwner)
    sockets.clients = [ClientConnections(owner: cartOwner, connections: 2, dead: 1, namespace: podNamespace)]
    sockets.conditions = conditions
    dependency.level = .warning
    dependency.sockets = Reading(sockets, source: "kernel", observedAt: ago(0.4))
    return dependency
  }()

  /// A pool that reports, some of whose connections are dead.
  static let pooledWithDead: Dependency = {
    var dependency = healthy(
      "ledger", "postgres", host: "ledger.internal", port: 5432, active: 3, idle: 9, max: 20, rate: 12.4)
    dependency.level = .warning
    dependency.sockets?.value.conditions.dead = 2
    dependency.sockets?.value.conditions.deadSince = ago(31)
    dependency.sockets?.value.conditions.deadIdleBefore = [.seconds(240)]
    return dependency
  }()

  static let unreadableOwner: Dependency = {
    var dependency = Dependency(id: "10.7.0.1:443", kind: "https", host: nil, port: 443, origin: .discovered)
    dependency.sockets = Reading(
      sockets([AddressUse(address: address("10.7.0.1"), connections: 3, idle: 3, standing: .unnamed)], owner: nil),
      source: "kernel", observedAt: ago(0.4))
    return dependency
  }()

  static let deadFinding: Finding = {
    var finding = Finding(
      rule: "M06", dependency: "orders-db", level: .critical,
      text: "2 of 14 connections are dead for {since}: the path forgot them after 240 s without data",
      textSince: ago(41), since: ago(36),
      evidence: [Evidence(reading: "dead connections", value: "2 of 14", threshold: "1", source: "kernel")],
      confidence: 0.9, action: .repair, actionLabel: "prove and keep alive")
    finding.state = .open
    return finding
  }()

  static let ceremonialFinding: Finding = {
    var finding = Finding(
      rule: "M07", dependency: "10.0.9.4:6379", level: .warning,
      text: "keepalive comes after 2 h, the path forgets after 31 s", since: ago(100), evidence: [], confidence: 0.8,
      action: .repair, actionLabel: "close stale")
    finding.state = .open
    return finding
  }()

  static let namespaces: [NamespaceStatus] = {
    var own = NamespaceStatus(
      id: .own, label: "web-17", processes: 212, pid: 1, connections: 184, nameservers: ["10.0.0.2", "10.0.0.3"])
    (own.counters, own.lastMinute, own.limits) = (KernelCounters(), counters(resets: 3, syn: 12), limits(4100, 18_400))
    var pod = NamespaceStatus(
      id: podNamespace, label: "pod 3f2a9c1e", processes: 3, pid: 2210, connections: 14, nameservers: ["127.0.0.1"])
    (pod.counters, pod.lastMinute, pod.limits) = (
      KernelCounters(), counters(resets: 0, syn: 0), limits(230_000, 28_000)
    )
    let broken = NamespaceStatus(
      id: brokenNamespace, label: "container 9d1b7e3a5c20", processes: nil,
      problem: "may not be entered: deptop-helper lacks CAP_SYS_ADMIN")
    return [own, pod, broken]
  }()

  private static func counters(resets: UInt64, syn: UInt64) -> KernelCounters {
    var counters = KernelCounters()
    (counters.establishedResets, counters.synRetransmits, counters.timeouts) = (resets, syn, syn / 2)
    return counters
  }

  private static func limits(_ tracked: UInt64, _ ports: Int) -> NamespaceLimits {
    var limits = NamespaceLimits()
    (limits.tracked, limits.trackedMaximum) = (tracked, 262_144)
    (limits.localPorts, limits.localPortsUsed) = (28_232, ports)
    limits.keepaliveTime = .seconds(7200)
    return limits
  }
}
