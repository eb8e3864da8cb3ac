import DeptopModel

/// Snapshots of hosts in different states, all at one moment.
enum Fixture {
  /// 2026-11-23 14:03:22 UTC.
  static let now = WallTime(secondsSinceEpoch: 1_795_442_602)

  static func ago(_ seconds: Double) -> WallTime { now - .seconds(seconds) }

  static func address(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(v4: 0) }

  static func snapshot(
    _ dependencies: [Dependency], findings: [Finding] = [], sources: [SourceStatus] = Fixture.sources,
    actions: [ActionStatus] = [], sequence: UInt64 = 40
  ) -> Snapshot {
    Snapshot(
      sequence: sequence, takenAt: ago(0.2), host: Host(name: "web-17", environment: "PROD", isProduction: true),
      collector: CollectorStatus(
        version: "0.1.0", pid: 301, startedAt: ago(86_400), tickInterval: .seconds(1), cpuRatio: 0.004,
        residentBytes: 31_000_000, lag: .milliseconds(2), notice: nil),
      dependencies: dependencies.sorted { $0.id < $1.id }, findings: findings, sources: sources, actions: actions)
  }

  static let sources: [SourceStatus] = {
    var kernel = SourceStatus(id: "kernel", interval: .seconds(1))
    (kernel.state, kernel.lastSuccessAt, kernel.lastDuration) = (.ok, ago(0.4), .microseconds(840))
    var dns = SourceStatus(id: "dns", interval: .seconds(5))
    (dns.state, dns.lastSuccessAt, dns.lastDuration) = (.ok, ago(2), .milliseconds(11))
    var bouncer = SourceStatus(id: "pgbouncer/ledger", interval: .seconds(1))
    (bouncer.state, bouncer.lastSuccessAt, bouncer.lastDuration) = (.failing, ago(12), .milliseconds(3))
    (bouncer.error, bouncer.nextAttemptAt, bouncer.consecutiveFailures) = ("connection refused", now + .seconds(4), 5)
    var probe = SourceStatus(id: "probe", interval: .seconds(30))
    probe.state = .noData
    return [dns, kernel, bouncer, probe]
  }()

  /// A dependency with a pool, sockets, a name and probes, all as they should be.
  static func healthy(
    _ id: DependencyID, _ kind: ServiceKind, host: String, port: UInt16, active: Int = 2, idle: Int = 30,
    max: Int? = 64, rate: Double? = 4100
  ) -> Dependency {
    var dependency = Dependency(id: id, kind: kind, host: host, port: port, origin: .configured)
    dependency.level = .ok
    dependency.pools = [
      Reading(
        PoolReading(
          client: "orders@web-17", active: active, idle: idle, max: max, oldestWait: .zero, mode: "transaction"),
        source: "pgbouncer/main", observedAt: ago(0.3))
    ]
    dependency.requests = rate.map {
      Reading(
        RequestReading(rate: $0, upstreamMean: .milliseconds(2), waitMean: .zero), source: "pgbouncer/main",
        observedAt: ago(0.3))
    }
    dependency.sockets = Reading(
      sockets([AddressUse(address: address("10.0.4.2"), connections: active + idle, idle: idle, standing: .current)]),
      source: "kernel", observedAt: ago(0.4))
    dependency.resolution = resolution(host, ["10.0.4.2"])
    dependency.connect = connect([("10.0.4.2", .microseconds(310))])
    dependency.lastTrafficAt = ago(0.5)
    dependency.actions = [
      ActionOffer(verb: .drain), ActionOffer(verb: .resolve, unavailable: "the pool resolves at every connect"),
    ]
    return dependency
  }

  static func sockets(_ addresses: [AddressUse], owner: SocketOwner? = SocketOwner(pid: 812, process: "billing"))
    -> SocketSummary
  {
    let total = addresses.reduce(0) { $0 + $1.connections }
    return SocketSummary(
      established: total, connecting: 0, closing: 0, idle: addresses.reduce(0) { $0 + $1.idle },
      oldestSince: total > 0 ? ago(2460) : nil, isOldestOlder: false, rttMedian: total > 0 ? .microseconds(1200) : nil,
      retransmits: 3, clients: total > 0 ? [ClientConnections(owner: owner, connections: total)] : [],
      addresses: addresses)
  }

  static func resolution(_ name: String, _ addresses: [String]) -> Resolution {
    var resolution = Resolution(name: name)
    resolution.addresses = addresses.map(address)
    resolution.ttl = .seconds(5)
    resolution.answers = 40
    resolution.resolvers = ["10.0.0.2:53", "10.0.0.3:53"].map { resolver in
      Reading(
        ResolverAnswer(
          name: name, resolver: resolver, outcome: .addresses(resolution.addresses, ttl: .seconds(5))),
        source: "dns", observedAt: ago(2))
    }
    return resolution
  }

  static func connect(_ addresses: [(String, Duration?)], failure: String = "connection refused") -> ConnectSummary {
    var histogram = Histogram()
    let spread: [Double] = [0.7, 0.8, 0.9, 1, 1, 1.1, 1.3, 1.6, 2.4, 6.5]
    for (_, last) in addresses {
      for factor in spread { if let last { histogram.record(last * factor) } }
    }
    return ConnectSummary(
      addresses: addresses.map { text, last in
        AddressConnect(
          address: address(text), attempts: 40, failures: last == nil ? 7 : 0, lastAt: ago(9), last: last,
          lastFailure: last == nil ? failure : nil)
      },
      source: "probe", histogram: histogram)
  }
}
