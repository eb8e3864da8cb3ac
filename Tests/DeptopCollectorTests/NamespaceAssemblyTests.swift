import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct NamespaceAssemblyTests {
  private let pod = NamespaceID(4_026_532_001)

  private func inPod(_ port: UInt16, to remote: SocketAddress, translated: SocketAddress? = nil) -> ObservedConnection {
    var seen = connection(local(port), to: remote)
    seen.sample.namespace = pod
    seen.translated = translated
    return seen
  }

  private func view(_ name: String, _ addresses: String) -> Observation {
    .namespaceResolution(
      pod,
      ResolverAnswer(
        name: name, resolver: "127.0.0.1:53", outcome: .addresses(addresses.map(address), ttl: .seconds(5))))
  }

  private func knowledge(_ settings: Settings, _ observations: [Observation]) -> Knowledge {
    var knowledge = Knowledge(settings: settings)
    knowledge.fold([.namespaces([NamespaceStatus(id: pod, label: "orders-pod")])], from: "kernel", at: at(80))
    knowledge.fold(observations, from: "kernel", at: at(100))
    return knowledge
  }

  private func only(_ knowledge: Knowledge) throws -> Dependency {
    let all = Assembly(of: knowledge, at: at(200)).dependencies()
    try #require(all.count == 1)
    return all[0]
  }

  @Test func `a connection is held against the answers of its own namespace`() throws {
    let dependency = try only(
      knowledge(
        settings("orders@db.lab"),
        [
          answer("db.lab", "A"), view("db.lab", "B"),
          .connections([connection(local(1), to: end("A")), inPod(2, to: end("B")), inPod(3, to: end("A"))]),
        ]))
    let uses = try #require(dependency.sockets?.value.addresses)
    #expect(uses.map(\.address) == [address("A"), address("A"), address("B")])
    #expect(uses.map(\.namespace) == [.own, pod, pod])
    #expect(uses.map(\.standing) == [.current, .neverAnswered, .current])
    #expect(dependency.views.map(\.label) == ["orders-pod"])
    #expect(dependency.views.first?.resolution.addresses == [address("B")])
  }

  @Test func `an address that is translated stands where the connection really goes`() throws {
    let virtual = SocketAddress(address("V"), port: 5432)
    let observations: [Observation] = [
      answer("db.lab", "A"),
      .connections([
        {
          var seen = connection(local(1), to: virtual)
          seen.translated = end("A")
          return seen
        }()
      ]),
    ]
    let use = try #require(try only(knowledge(settings("orders@db.lab"), observations)).sockets?.value.addresses.first)
    #expect(use.address == virtual.address && use.translated == [end("A")] && use.standing == .current)
  }

  @Test func `a loopback address is another place in each namespace`() throws {
    let loopback = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 6379)
    let assembly = Assembly(
      of: knowledge(Settings(), [.connections([connection(local(1), to: loopback), inPod(2, to: loopback)])]),
      at: at(200))
    #expect(assembly.dependencies().map(\.id) == ["127.0.0.1:6379", "127.0.0.1:6379@orders-pod"])
    #expect(assembly.detail(of: "127.0.0.1:6379@orders-pod")?.connections.map(\.namespace) == [pod])
  }

  @Test func `addresses of one name are one dependency, unless the configuration uses its name`() throws {
    let observations: [Observation] = [
      .addressNames([address("A"): "cache.lab", address("B"): "cache.lab"]),
      .connections([connection(local(1), to: end("A")), connection(local(2), to: end("B"))]),
    ]
    let named = try only(knowledge(Settings(), observations))
    #expect(named.id == "cache.lab:5432" && named.sockets?.value.established == 2)
    let taken = Assembly(of: knowledge(settings("cache.lab:5432@10.9.9.9"), observations), at: at(200)).dependencies()
    #expect(taken.map(\.id) == ["10.0.0.1:5432", "10.0.0.2:5432", "cache.lab:5432"])
  }

  @Test func `what happened to connections is told of their dependency`() throws {
    var info = TCPInfo()
    info.unacknowledged = 1
    info.lastDataReceivedMilliseconds = 31_000
    let reset = ClosedConnection(
      namespace: .own, local: local(9), remote: end("A"), cookie: 9, at: at(99), isUnseen: true, info: info)
    var settings = settings("orders@10.0.0.1")
    settings.dependencies[0].path.idleTimeout = .seconds(30)
    let dependency = try only(knowledge(settings, [.closings([reset], isComplete: true), .connections([])]))
    #expect(dependency.closings?.resetAfterIdle == 1 && dependency.closings?.unseen == 1)
    #expect(dependency.path?.declaredIdleTimeout == .seconds(30) && dependency.path?.failedIdle == .seconds(31))
  }

  @Test func `a namespace that is gone takes its view with it`() throws {
    var knowledge = knowledge(settings("orders@db.lab"), [view("db.lab", "B")])
    #expect(knowledge.views[pod] != nil)
    knowledge.fold([.namespaces([])], from: "kernel", at: at(110))
    #expect(knowledge.views.isEmpty)
  }

  @Test func `a loopback address of another namespace is configured only where a name resolves to it there`() throws {
    let loopback = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 6379)
    let seen = Observation.connections([connection(local(1), to: loopback), inPod(2, to: loopback)])
    let literal = Assembly(of: knowledge(settings("cache@127.0.0.1:6379"), [seen]), at: at(200)).dependencies()
    #expect(literal.map(\.id) == ["127.0.0.1:6379@orders-pod", "cache"])
    #expect(literal.last?.sockets?.value.established == 1)
    let answer = ResolverAnswer(
      name: "cache.lab", resolver: "127.0.0.1:53", outcome: .addresses([loopback.address], ttl: .seconds(5)))
    let named = Assembly(
      of: knowledge(settings("cache@cache.lab:6379"), [.namespaceResolution(pod, answer), seen]), at: at(200))
    #expect(named.dependencies().map(\.id) == ["127.0.0.1:6379", "cache"])
    #expect(named.detail(of: "cache")?.connections.map(\.namespace) == [pod])
  }

  @Test func `the pool of this host has no word on a loopback pair of another namespace`() throws {
    let (mine, server) = (
      SocketAddress(IPAddress(v4: 0x7f00_0001), port: 40_000), SocketAddress(IPAddress(v4: 0x7f00_0001), port: 5432)
    )
    var pair = connection(mine, to: server)
    pair.sample.namespace = pod
    let assembly = Assembly(
      of: knowledge(
        settings("orders@127.0.0.1"), [.poolConnections("orders", [held(mine, to: server)]), .connections([pair])]),
      at: at(200))
    #expect(assembly.detail(of: "orders")?.connections.isEmpty == true)
    #expect(assembly.detail(of: "127.0.0.1:5432@orders-pod")?.connections.map(\.pool) == [nil])
  }

  @Test func `namespaces of the same name stay apart`() {
    let loopback = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 6379)
    let other = NamespaceID(4_026_532_002)
    var second = inPod(3, to: loopback)
    second.sample.namespace = other
    var knowledge = Knowledge(settings: Settings())
    let both = [pod, other].map { NamespaceStatus(id: $0, label: "app", connections: 1) }
    knowledge.fold([.namespaces(both), .connections([inPod(2, to: loopback), second])], from: "kernel", at: at(100))
    let ids = Assembly(of: knowledge, at: at(200)).dependencies().map(\.id.rawValue)
    #expect(ids == ["127.0.0.1:6379@app#4026532001", "127.0.0.1:6379@app#4026532002"])
  }

  @Test func `a detail tells which namespaces were not read`() {
    var knowledge = knowledge(settings("orders@10.0.0.1"), [.connections([])])
    #expect(Assembly(of: knowledge, at: at(200)).detail(of: "orders")?.unreadNamespaces == [pod])
    knowledge.fold([.namespaces([NamespaceStatus(id: pod, label: "x", connections: 0)])], from: "kernel", at: at(110))
    #expect(Assembly(of: knowledge, at: at(200)).detail(of: "orders")?.unreadNamespaces.isEmpty == true)
  }
}
