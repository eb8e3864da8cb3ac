import DeptopBlocking
import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

private func peer(_ text: String, port: UInt16 = 443) throws -> SocketAddress {
  SocketAddress(try #require(IPAddress(text)), port: port)
}

private func named(_ pairs: [String: String]) throws -> [Observation] {
  let names = try pairs.map { address, name in (try #require(IPAddress(address)), name) }
  return [.addressNames(Dictionary(uniqueKeysWithValues: names))]
}

@Suite(.servers("dnsmasq", nameServer: false)) struct NamesSourceTests {
  private func settings(_ server: DnsmasqServer) -> Settings {
    var settings = Settings()
    settings.dns.resolvers = [server.address.description]
    settings.dns.timeout = .seconds(5)
    return settings
  }

  private func source(_ settings: Settings, peers: [SocketAddress], hosts: String = "/dev/null") -> NamesSource {
    let namespaces = NamespaceDirectory()
    namespaces.noteOwn(peers: Set(peers))
    return NamesSource(settings: settings, namespaces: namespaces, resolverFile: "/dev/null", hostsFile: hosts)
  }

  @Test func `a name that leads back is taken, one that does not is not`() async throws {
    let server = try await DnsmasqServer.start(
      hosts: [("pay.lab", ["10.9.0.1"]), ("six.lab", ["2001:db8::6"]), ("other.lab", ["10.9.0.9"])],
      arguments: [
        "--ptr-record=2.0.9.10.in-addr.arpa,other.lab", "--ptr-record=3.0.9.10.in-addr.arpa,none.lab",
      ])
    let peers = try ["10.9.0.1", "2001:db8::6", "10.9.0.2", "10.9.0.3", "10.9.0.4"].map { try peer($0) }
    let source = source(settings(server), peers: peers)
    #expect(try await source.poll() == named(["10.9.0.1": "pay.lab", "2001:db8::6": "six.lab"]))
  }

  @Test func `of several names the first that leads back counts`() async throws {
    let server = try await DnsmasqServer.start(
      hosts: [("zeta.lab", ["10.9.0.5"])],
      arguments: ["--ptr-record=5.0.9.10.in-addr.arpa,alpha.lab", "--ptr-record=5.0.9.10.in-addr.arpa,zeta.lab"])
    #expect(try await source(settings(server), peers: [peer("10.9.0.5")]).poll() == named(["10.9.0.5": "zeta.lab"]))
  }

  @Test func `the hosts file goes before the resolvers`() async throws {
    let directory = try TemporaryDirectory()
    let hosts = try directory.write("10.9.0.1 first.lab alias.lab\n127.0.0.9 here.lab\n", to: "hosts")
    let server = try await DnsmasqServer.start(hosts: [("pay.lab", ["10.9.0.1"]), ("api.lab", ["10.9.0.2"])])
    let peers = try ["10.9.0.1", "10.9.0.2", "127.0.0.9"].map { try peer($0) }
    #expect(
      try await source(settings(server), peers: peers, hosts: hosts).poll()
        == named(["10.9.0.1": "first.lab", "10.9.0.2": "api.lab"]), "loopback is never named")
    var off = settings(server)
    off.names.isReverse = false
    #expect(try await source(off, peers: peers, hosts: hosts).poll() == named(["10.9.0.1": "first.lab"]))
  }

  @Test func `what is configured by address keeps its own name`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("pay.lab", ["10.9.0.1"])])
    var settings = settings(server)
    settings.dependencies = [DependencySettings(name: "payments", host: "10.9.0.1", port: 443)]
    #expect(try await source(settings, peers: [peer("10.9.0.1")]).poll() == named([:]))
    #expect(try await source(settings, peers: [peer("10.9.0.1", port: 80)]).poll() == named(["10.9.0.1": "pay.lab"]))
  }

  @Test func `peers of other namespaces are named as well, and a name stays known`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("pay.lab", ["10.9.0.1"])])
    let namespaces = NamespaceDirectory()
    namespaces.replace(with: [
      NamespaceDirectory.Entry(
        id: NamespaceID(7), label: "pod", pid: 7, resolverText: nil, peers: [try peer("10.9.0.1")])
    ])
    let source = NamesSource(
      settings: settings(server), namespaces: namespaces, resolverFile: "/dev/null", hostsFile: "/dev/null")
    #expect(try await source.poll() == named(["10.9.0.1": "pay.lab"]))
    try await server.kill()
    namespaces.replace(with: [])
    #expect(try await source.poll() == named(["10.9.0.1": "pay.lab"]), "nobody is asked again so soon")
  }

  @Test func `many addresses are looked up in turns`() async throws {
    let hosts = (1...40).map { (name: "n\($0).lab", addresses: ["10.9.2.\($0)"]) }
    let server = try await DnsmasqServer.start(hosts: hosts)
    let source = source(settings(server), peers: try hosts.map { try peer($0.addresses[0]) })
    var counts: [Int] = []
    for _ in 0..<3 {
      guard case .addressNames(let names) = try await source.poll().first else { continue }
      counts.append(names.count)
    }
    #expect(counts == [16, 32, 40], "two questions for each address, 32 a poll")
  }

  @Test func `the next resolver is asked when one does not answer`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("pay.lab", ["10.9.0.1"])])
    let dead = try await DnsmasqServer.start(hosts: [])
    try await dead.kill()
    let address = try peer("10.9.0.1").address
    let lookup = ReverseLookup(resolvers: [dead.address, server.address], timeout: .seconds(5))
    let found = await BlockingThread().runInterruptibly { lookup.names(of: [address], interrupt: $0) }
    #expect(found == [address: .name("pay.lab", ttl: .seconds(30))])
    let alone = ReverseLookup(resolvers: [dead.address], timeout: .seconds(5))
    #expect(await BlockingThread().runInterruptibly { alone.names(of: [address], interrupt: $0) } == [address: .failed])
  }
}

@Suite struct NamesSourceSettingsTests {
  @Test func `there is one, whatever is configured`() {
    var settings = Settings()
    settings.names.interval = .seconds(45)
    let sources = NamesSource.instances(in: settings, on: HostSurroundings())
    #expect(sources.map(\.id) == ["names"])
    #expect(sources.first?.schedule.interval == .seconds(45))
    #expect(sources.first?.dependencies == [])
  }

  @Test(arguments: [
    ("10.9.0.1", "1.0.9.10.in-addr.arpa"),
    ("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
    ("::ffff:10.9.0.1", "1.0.9.10.in-addr.arpa"),
  ])
  func `an address is asked for by its reverse name`(address: String, name: String) throws {
    #expect(try #require(IPAddress(address)).reverseName == name)
  }

  @Test(arguments: ["", "a b", "a\u{1b}[2J", "münchen.lab", "a;rm", String(repeating: "x", count: 254)])
  func `a name that cannot be shown or asked for is not used`(name: String) {
    #expect(!HostName.isUsable(name))
    #expect(HostName.isUsable("a-1_b.LAB"))
  }
}

@Suite struct AddressNameCacheTests {
  private let start = ContinuousClock.now
  private let first = IPAddress(v4: 0x0a09_0001)
  private let second = IPAddress(v4: 0x0a09_0002)

  @Test func `a name counts for its TTL, within ten minutes and a day`() {
    for (ttl, age) in [
      (Duration.seconds(5), Duration.seconds(600)), (.seconds(3600), .seconds(3600)),
      (.seconds(900_000), .seconds(86_400)),
    ] {
      var cache = AddressNameCache()
      cache.record([first: .name("a.lab", ttl: ttl)], at: start)
      #expect(cache.due(of: [first], at: start + age - .seconds(1)) == [])
      #expect(cache.due(of: [first], at: start + age) == [first])
    }
  }

  @Test func `a failure is asked for again after ten minutes, and keeps the name`() {
    var cache = AddressNameCache()
    cache.record([first: .name("a.lab", ttl: .zero), second: .failed], at: start)
    cache.record([first: .failed], at: start + .seconds(600))
    #expect(cache.names == [first: "a.lab"])
    #expect(cache.due(of: [first, second], at: start + .seconds(601)) == [second])
    #expect(cache.due(of: [first, second], at: start + .seconds(1200)) == [second, first])
    cache.record([first: .unnamed], at: start + .seconds(1200))
    #expect(cache.names == [:])
  }

  @Test func `an unknown address goes before one that is due`() {
    var cache = AddressNameCache()
    cache.record([first: .unnamed], at: start)
    #expect(cache.due(of: [first, second], at: start + .seconds(700)) == [second, first])
  }

  @Test func `an address that is gone is forgotten when its name is due`() {
    var cache = AddressNameCache()
    cache.record([first: .name("a.lab", ttl: .zero)], at: start)
    #expect(cache.due(of: [], at: start + .seconds(599)) == [])
    #expect(cache.names == [first: "a.lab"])
    #expect(cache.due(of: [], at: start + .seconds(600)) == [])
    #expect(cache.names == [:])
  }

  @Test func `there is room for 4096 addresses, and those that are gone make it`() {
    let full = (0..<UInt32(AddressNameCache.limit)).map { IPAddress(v4: 0x0a0a_0000 | $0) }
    var cache = AddressNameCache()
    for address in full { cache.record([address: .name("n.lab", ttl: .zero)], at: start) }
    cache.record([first: .name("a.lab", ttl: .zero)], at: start)
    #expect(cache.names.count == AddressNameCache.limit)
    #expect(cache.due(of: Set(full + [first]), at: start + .seconds(1)) == [], "all of them are in use")
    #expect(cache.due(of: Set(full.dropFirst() + [first]), at: start + .seconds(1)) == [first])
    cache.record([first: .name("a.lab", ttl: .zero)], at: start)
    #expect(cache.names[first] == "a.lab")
    #expect(cache.names.count == AddressNameCache.limit)
  }
}
