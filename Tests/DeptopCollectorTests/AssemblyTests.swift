import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct AssemblyTests {
  private func dependency(_ id: DependencyID, _ knowledge: Knowledge, at now: Double = 200) throws -> Dependency {
    try #require(Assembly(of: knowledge, at: at(now)).dependencies().first { $0.id == id })
  }

  @Test func `before anything is read everything is unknown, and nothing is zero`() throws {
    let dependency = try dependency("orders", Knowledge(settings: settings("orders@db.lab")))
    #expect(dependency.level == .unknown)
    #expect(dependency.sockets == nil && dependency.lastTrafficAt == nil && dependency.resolution == nil)
  }

  @Test func `a dependency without connections has none, and no traffic`() throws {
    var knowledge = Knowledge(settings: settings("orders@db.lab"))
    knowledge.fold([answer("db.lab", "A")], from: "dns", at: at(90))
    knowledge.fold([.connections([])], from: "kernel", at: at(100))
    let dependency = try dependency("orders", knowledge)
    #expect(dependency.level == .ok)
    #expect(dependency.sockets?.value.total == 0)
    #expect(dependency.lastTrafficAt == nil)
  }

  @Test func `a source that is silent makes what it covers stale, with its reason`() throws {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1", "billing@10.0.0.2"))
    for id in ["orders", "billing"] as [DependencyID] {
      knowledge.fold([.pool(id, PoolReading(client: "app", active: 1, idle: 1))], from: "pgbouncer/main", at: at(90))
    }
    knowledge.record(status("pgbouncer/main", .failing, error: "connection refused"), covering: ["orders"])
    let stale = try dependency("orders", knowledge)
    #expect(stale.level == .stale)
    #expect(stale.silentSources.map(\.source) == ["pgbouncer/main"])
    #expect(stale.silentSources.map(\.reason) == ["connection refused"])
    #expect(stale.silentSources.map(\.since) == [at(50)])
    #expect(stale.pools.count == 1, "the last readings stay, marked stale")
    #expect(try dependency("billing", knowledge).level == .ok)
    knowledge.record(status("kernel", .hung, error: "no answer"), covering: [])
    #expect(try dependency("billing", knowledge).silentSources.map(\.source) == ["kernel"])
  }

  @Test(arguments: [SourceStatus.State.starting, .ok, .noData])
  func `a source that answers or starts silences nothing`(state: SourceStatus.State) throws {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1"))
    knowledge.record(status("dns", state), covering: ["orders"])
    #expect(try dependency("orders", knowledge).silentSources.isEmpty)
  }

  @Test func `addresses stand as DNS says`() throws {
    var knowledge = Knowledge(settings: settings("orders@db.lab"))
    knowledge.fold([answer("db.lab", "A")], from: "dns", at: at(90))
    knowledge.fold([answer("db.lab", "B")], from: "dns", at: at(95))
    let owner = OwnerResolution(host: "db.lab", addresses: [address("C")], remaining: nil)
    knowledge.fold([.ownerResolution("orders", owner)], from: "pgbouncer/main", at: at(96))
    knowledge.fold(
      [.connections("ABC".enumerated().map { connection(local(UInt16($0 + 1)), to: end($1)) })], from: "kernel",
      at: at(100))
    let uses = try #require(try dependency("orders", knowledge).sockets).value.addresses
    #expect(uses.map(\.standing) == [.left, .current, .suspected])
    #expect(uses.map(\.leftAt) == [at(95), nil, nil])
    let detail = try #require(Assembly(of: knowledge, at: at(200)).detail(of: "orders"))
    #expect(detail.connections.map(\.standing) == [.left, .current, .suspected])
  }

  @Test func `the pool's own connect time is the age, and only of the very same pair`() throws {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1", "other@10.0.0.2"))
    knowledge.fold(
      [.poolConnections("orders", [held(local(1), to: end("A"), isActive: true, connectedAt: at(20))])],
      from: "pgbouncer/main", at: at(90))
    knowledge.fold(
      [
        .connections([
          connection(local(1), to: end("A"), seenAt: at(80), isOlder: true),
          connection(local(1), to: end("A", 80), seenAt: at(85)),
          connection(local(2), to: end("A"), seenAt: at(70), isOlder: true),
        ])
      ], from: "kernel", at: at(100))
    let connections = try #require(Assembly(of: knowledge, at: at(200)).detail(of: "orders")).connections
    #expect(connections.map(\.since) == [at(20), at(70)])
    #expect(connections.map(\.isOlderThanSeen) == [false, true])
    #expect(connections.map { $0.pool?.isActive } == [true, nil])
    let sockets = try #require(try dependency("orders", knowledge).sockets).value
    #expect(sockets.oldestSince == at(20) && !sockets.isOldestOlder)
    #expect(sockets.addresses.map(\.newestSince) == [at(70)])
  }

  @Test func `traffic is as recent as the connection that moved last, counted from when it was sampled`() throws {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1"))
    var cached = connection(local(1), to: end("A")) {
      ($0.lastDataSentMilliseconds, $0.lastDataReceivedMilliseconds) = (10_000, 30_000)
    }
    cached.sampledAt = at(96)
    let quiet = connection(local(2), to: end("A")) {
      ($0.lastDataSentMilliseconds, $0.lastDataReceivedMilliseconds) = (40_000, 60_000)
    }
    knowledge.fold([.connections([cached, quiet])], from: "kernel", at: at(100))
    #expect(try dependency("orders", knowledge).lastTrafficAt == at(86))
  }

  @Test func `a discovered dependency is named by its address and has the same detail`() throws {
    var knowledge = Knowledge(settings: Settings())
    let remote = SocketAddress(try #require(IPAddress("2001:db8::1")), port: 443)
    knowledge.fold([.connections([connection(local(1), to: remote)])], from: "kernel", at: at(100))
    let dependency = try dependency("[2001:db8::1]:443", knowledge)
    #expect(dependency.origin == .discovered && dependency.host == nil && dependency.port == 443)
    let detail = try #require(Assembly(of: knowledge, at: at(200)).detail(of: "[2001:db8::1]:443"))
    #expect(detail.dependency == dependency && detail.connections.map(\.remote) == [remote])
    #expect(Assembly(of: knowledge, at: at(200)).detail(of: "nobody") == nil)
  }

  @Test func `overview and detail count the same, and addresses add up to what is established`() throws {
    var generator = SystemRandomNumberGenerator()
    for round in 0..<40 {
      var knowledge = Knowledge(settings: settings("orders@db.lab", "cache@10.0.0.3:80"))
      knowledge.fold([answer("db.lab", "AB")], from: "dns", at: at(10))
      let seen = (0..<120).map { number in
        connection(
          local(UInt16(number + 1)), to: end(["A", "B", "C", "D"].randomElement() ?? "A", Bool.random() ? 5432 : 80),
          state: SocketState.allCases.filter { $0 != .listen }.randomElement(using: &generator) ?? .established,
          owner: Bool.random() ? SocketOwner(pid: Int32.random(in: 1...3), process: "app") : nil)
      }
      knowledge.fold([.connections(seen)], from: "kernel", at: at(100))
      let assembly = Assembly(of: knowledge, at: at(200))
      let dependencies = assembly.dependencies()
      #expect(dependencies.compactMap { $0.sockets?.value.total }.reduce(0, +) == 120, "round \(round)")
      #expect(dependencies.map(\.id) == dependencies.map(\.id).sorted())
      for dependency in dependencies {
        let sockets = try #require(dependency.sockets).value
        let detail = try #require(assembly.detail(of: dependency.id))
        #expect(detail.dependency == dependency)
        #expect(detail.connections.count == sockets.total)
        #expect(detail.connections.count { $0.state == "established" } == sockets.established)
        #expect(sockets.addresses.map(\.connections).reduce(0, +) == sockets.established)
        #expect(sockets.clients.map(\.connections).reduce(0, +) == sockets.total)
        #expect(sockets.idle <= sockets.established)
      }
    }
  }

  @Test func `nothing changed is equal from one tick to the next`() {
    var knowledge = Knowledge(settings: settings("orders@db.lab"))
    let poll: [Observation] = [
      .pool("orders", PoolReading(client: "app", active: 0, idle: 1)),
      .poolConnections("orders", [held(local(1), to: end("A"))]),
    ]
    knowledge.fold([answer("db.lab", "A")], from: "dns", at: at(90))
    for second in 0..<3 {
      knowledge.fold(poll, from: "pgbouncer/main", at: at(100 + Double(second)))
      knowledge.fold(
        [
          .connections([
            connection(local(1), to: end("A")) {
              $0.lastDataSentMilliseconds = 50_000 + UInt32(second) * 1000
              $0.lastDataReceivedMilliseconds = 50_000 + UInt32(second) * 1000
            }
          ])
        ], from: "kernel", at: at(100 + Double(second)))
      #expect(
        Assembly(of: knowledge, at: at(100)).dependencies()
          == Assembly(of: knowledge, at: at(100 + Double(second))).dependencies())
    }
    let first = Assembly(of: knowledge, at: at(100)).dependencies()
    knowledge.fold(poll, from: "pgbouncer/main", at: at(300))
    #expect(Assembly(of: knowledge, at: at(300)).dependencies() == first)
  }
}
