internal import DeptopModel

/// A made-up host with many dependencies, of which some change at each tick.
struct FeedHost {
  /// How many dependencies there are, and how many of them differ from one tick to the next.
  let dependencies: Int
  let changing: Int
  let tickInterval: Duration
  private let startedAt = WallTime.now()

  /// What the name of every dependency begins with.
  static let namePrefix = "service-"

  init(dependencies: Int, changing: Int, tickInterval: Duration) {
    self.dependencies = dependencies
    self.changing = min(changing, dependencies)
    self.tickInterval = tickInterval
  }

  /// The state at the first tick.
  func firstSnapshot(at time: WallTime) -> Snapshot {
    let all = (0..<dependencies).map { dependency($0, sequence: 0, at: time) }.sorted { $0.id < $1.id }
    return Snapshot(
      sequence: 1, takenAt: time, host: Host(name: "bench", environment: "BENCH", isProduction: false),
      collector: CollectorStatus(
        version: "0", pid: 1, startedAt: startedAt, tickInterval: tickInterval, cpuRatio: 0.01,
        residentBytes: 50_000_000, lag: .milliseconds(1), notice: nil),
      dependencies: all, findings: findings(at: time), sources: sources(at: time))
  }

  /// The state at the tick after another: those whose turn it is have new readings, all else is as it was.
  func snapshot(after old: Snapshot, at time: WallTime) -> Snapshot {
    var next = old
    next.sequence += 1
    next.takenAt = time
    guard changing > 0 else { return next }
    // Spread over all of them, so that some of every screenful change.
    for turn in 0..<changing {
      let number = (turn * dependencies / changing + Int(next.sequence)) % dependencies
      next.dependencies[number] = dependency(number, sequence: Int(next.sequence), at: time)
    }
    return next
  }

  private func dependency(_ number: Int, sequence: Int, at time: WallTime) -> Dependency {
    let name = FeedHost.name(number)
    let host = "\(name).internal"
    var dependency = Dependency(
      id: DependencyID(rawValue: name), kind: FeedHost.kinds[number % FeedHost.kinds.count], host: host,
      port: UInt16(5000 + number % 1000), origin: .configured)
    let address = IPAddress(v4: 0x0a00_0000 | UInt32(number))
    let noise = FeedHost.noise(number, sequence)
    let active = noise % 20
    dependency.level = number % 50 == 7 ? .warning : .ok
    dependency.pools = [
      Reading(
        PoolReading(
          client: "proxy", active: active, idle: 20 - active, pending: noise % 3, max: 40,
          oldestWait: .microseconds(noise % 9000), mode: "transaction"), source: "pgbouncer/main", observedAt: time)
    ]
    dependency.requests = Reading(
      RequestReading(
        rate: Double(noise % 50_000) / 10, upstreamMean: .microseconds(500 + noise % 9000),
        waitMean: .microseconds(noise % 700)), source: "pgbouncer/main", observedAt: time)
    dependency.sockets = Reading(sockets(to: address, idle: 20 - active, at: time), source: "kernel", observedAt: time)
    dependency.resolution = resolution(of: host, address, at: startedAt)
    dependency.connect = connect(address, .microseconds(200 + number % 800))
    dependency.lastTrafficAt = time
    dependency.actions = [ActionOffer(verb: .drain), ActionOffer(verb: .resolve)]
    return dependency
  }

  private func sockets(to address: IPAddress, idle: Int, at time: WallTime) -> SocketSummary {
    SocketSummary(
      established: 20, connecting: 0, closing: 0, idle: idle, oldestSince: startedAt, isOldestOlder: true,
      rttMedian: .microseconds(900), retransmits: 3,
      clients: [ClientConnections(owner: SocketOwner(pid: 812, process: "proxy"), connections: 20)],
      addresses: [AddressUse(address: address, connections: 20, idle: idle, standing: .current)])
  }

  private func resolution(of host: String, _ address: IPAddress, at time: WallTime) -> Resolution {
    var resolution = Resolution(name: host)
    resolution.addresses = [address]
    resolution.ttl = .seconds(30)
    resolution.answers = 12
    resolution.firstAnsweredAt = startedAt
    resolution.resolvers = [
      Reading(
        ResolverAnswer(name: host, resolver: "10.0.0.2:53", outcome: .addresses([address], ttl: .seconds(30))),
        source: "dns", observedAt: time)
    ]
    resolution.history = [AddressHistory(address: address, firstSeenAt: startedAt, lastSeenAt: time)]
    return resolution
  }

  private func connect(_ address: IPAddress, _ latency: Duration) -> ConnectSummary {
    var histogram = Histogram()
    for factor in [0.8, 0.9, 1, 1, 1.1, 1.4, 2.5] { histogram.record(latency * factor) }
    return ConnectSummary(
      addresses: [
        AddressConnect(
          address: address, attempts: 7, failures: 0, lastAt: startedAt, last: latency, lastFailure: nil)
      ], source: "probe", histogram: histogram)
  }

  private func findings(at time: WallTime) -> [Finding] {
    stride(from: 7, to: dependencies, by: 50).map { number in
      var finding = Finding(
        rule: "M04", dependency: DependencyID(rawValue: FeedHost.name(number)), level: .warning,
        text: "20 of 20 connections are on an address that left DNS", since: time,
        evidence: [Evidence(reading: "connections", value: "20", source: "kernel")], confidence: 0.9, action: .drain,
        actionLabel: "drain stale")
      finding.state = .open
      return finding
    }
  }

  private func sources(at time: WallTime) -> [SourceStatus] {
    let names: [SourceID] = ["dns", "kernel", "pgbouncer/main", "probe"]
    return names.map { name in
      var source = SourceStatus(id: name, interval: tickInterval)
      source.state = .ok
      source.lastSuccessAt = time
      source.lastDuration = .milliseconds(1)
      return source
    }
  }

  private static let kinds: [ServiceKind] = ["postgres", "redis", "https", "kafka", "mysql"]

  /// Of the same length for all, so that their order is that of the numbers.
  private static func name(_ number: Int) -> String { "\(namePrefix)\(10_000 + number)" }

  /// The same for the same arguments, and spread over 0…2^20.
  private static func noise(_ number: Int, _ sequence: Int) -> Int {
    var value = UInt64(number &* 1_000_003 &+ sequence &* 7_919)
    value = (value ^ value >> 31) &* 0x9e37_79b9_7f4a_7c15
    return Int(value >> 44)
  }
}
