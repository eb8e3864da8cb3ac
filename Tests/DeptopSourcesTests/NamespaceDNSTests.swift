import DeptopConfiguration
import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

/// What all suites about names in other namespaces need.
private struct Lab {
  let access: ScriptedAccess
  let directory = NamespaceDirectory()

  func source(hosts: [String] = ["db.lab"], minimumInterval: Duration = .seconds(60)) -> DNSSource {
    var settings = DNSSettings()
    settings.minimumInterval = minimumInterval
    settings.timeout = .seconds(5)
    // Nobody listens there: the host's own view is not what these tests are about.
    settings.resolvers = ["127.78.0.1:1"]
    return source(settings, hosts: hosts)
  }

  func source(_ settings: DNSSettings, hosts: [String] = ["db.lab"]) -> DNSSource {
    DNSSource(
      settings: settings, dependencies: hosts.map { DependencySettings(name: $0, host: $0, port: 5432) },
      host: HostSurroundings(access: access, namespaces: directory), resolverFile: "/dev/null",
      hostsFile: "/dev/null")
  }

  /// The answers in other namespaces.
  func answers(_ observations: [Observation]) -> [ResolverAnswer] {
    observations.compactMap { if case .namespaceResolution(_, let answer) = $0 { answer } else { nil } }
  }
}

private func addresses(_ texts: String...) throws -> [IPAddress] { try texts.map { try #require(IPAddress($0)) } }

@Suite(.servers("dnsmasq", nameServer: false), .namespaces) struct NamespaceDNSTests {
  private let inside = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 53)

  @Test func `a resolver inside a namespace answers otherwise than the host's`() async throws {
    let namespace = try await PrivateNamespace.make()
    let outer = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    let server = try await DnsmasqServer.start(
      hosts: [("db.lab", ["10.9.0.2"])], at: inside, launcher: namespace.launcher)
    let lab = Lab(access: ScriptedAccess(namespace))
    lab.directory.replace(with: [namespace.entry(resolverText: "# no nameserver\n")])
    var settings = DNSSettings()
    settings.resolvers = [outer.address.description]
    settings.timeout = .seconds(5)
    let source = lab.source(settings)
    let host = ResolverAnswer(
      name: "db.lab", resolver: outer.address.description,
      outcome: .addresses(try addresses("10.9.0.1"), ttl: .seconds(30)))
    let pod = ResolverAnswer(
      name: "db.lab", resolver: "127.0.0.1:53", outcome: .addresses(try addresses("10.9.0.2"), ttl: .seconds(30)))
    #expect(try await source.poll() == [.resolution(host), .namespaceResolution(namespace.id, pod)])
    #expect(try await source.poll() == [], "both answers hold")
    try await server.replaceHosts([("db.lab", ["10.9.0.3"])])
    source.askNow(["db.lab"])
    #expect(try await lab.answers(source.poll()).map(\.addresses) == [addresses("10.9.0.3")])
  }

  @Test func `two namespaces with the same resolver address are asked from inside each`() async throws {
    let first = try await PrivateNamespace.make()
    let second = try await PrivateNamespace.make()
    let lab = Lab(access: ScriptedAccess(first, second))
    let servers = [
      try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])], at: inside, launcher: first.launcher),
      try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.2"])], at: inside, launcher: second.launcher),
    ]
    lab.directory.replace(with: [first, second].map { $0.entry(resolverText: "nameserver 127.0.0.1\n") })
    let answers = try await lab.answers(lab.source().poll())
    #expect(try answers.map(\.addresses) == [addresses("10.9.0.1"), addresses("10.9.0.2")])
    withExtendedLifetime(servers) {}
  }

  @Test func `the search list is that of the namespace, and a large answer comes over TCP`() async throws {
    let namespace = try await PrivateNamespace.make()
    let many = (1...120).map { "10.9.1.\($0)" }
    let server = try await DnsmasqServer.start(
      hosts: [("db.prod.lab", many)], at: inside, launcher: namespace.launcher)
    let lab = Lab(access: ScriptedAccess(namespace))
    lab.directory.replace(with: [namespace.entry(resolverText: "nameserver 127.0.0.1\nsearch test.lab prod.lab\n")])
    let answers = try await lab.answers(lab.source(hosts: ["db"]).poll())
    #expect(answers.first?.addresses?.count == 120)
    #expect(lab.access.opened.contains(.tcp4))
    withExtendedLifetime(server) {}
  }

  @Test func `a resolver that is not there is told`() async throws {
    let namespace = try await PrivateNamespace.make()
    let lab = Lab(access: ScriptedAccess(namespace))
    lab.directory.replace(with: [namespace.entry(resolverText: "nameserver 127.0.0.1\nnameserver ::1\n")])
    let answers = try await lab.answers(lab.source().poll())
    #expect(answers.map(\.outcome) == [.failed("connection refused"), .failed("connection refused")])
    #expect(answers.map(\.resolver) == ["127.0.0.1:53", "[::1]:53"])
  }
}

@Suite struct NamespaceViewTests {
  private func entry(
    _ number: UInt32, resolverText: String? = "nameserver 10.0.0.2\n", port: UInt16 = 5432
  ) -> NamespaceDirectory.Entry {
    NamespaceDirectory.Entry(
      id: NamespaceID(number), label: "pod", pid: Int32(number), resolverText: resolverText,
      peers: [SocketAddress(IPAddress(v4: 0x0a09_0063), port: port)])
  }

  @Test func `a socket that cannot be opened fails the question with the reason, after one attempt`() async throws {
    let lab = Lab(access: ScriptedAccess(failure: .refused("CAP_SYS_ADMIN is missing")))
    lab.directory.replace(with: [entry(7)])
    #expect(
      try await lab.answers(lab.source().poll())
        == [ResolverAnswer(name: "db.lab", resolver: "10.0.0.2:53", outcome: .failed("CAP_SYS_ADMIN is missing"))])
    #expect(lab.access.opened == [.udp4])
  }

  @Test func `a helper that is gone is not asked again for the next namespace`() async throws {
    let lab = Lab(access: ScriptedAccess(failure: .absent("the helper has ended")))
    lab.directory.replace(with: [entry(7), entry(8), entry(9)])
    let answers = try await lab.answers(lab.source().poll())
    #expect(answers.map(\.outcome) == Array(repeating: .failed("the helper has ended"), count: 3))
    #expect(lab.access.opened.count == 1)
  }

  @Test func `the hosts file of a namespace goes before its resolvers`() async throws {
    let lab = Lab(access: ScriptedAccess(hosts: [7: "127.0.0.1 localhost\n10.9.0.7\tdb DB.lab # pinned\n"]))
    lab.directory.replace(with: [entry(7)])
    let answer = ResolverAnswer(
      name: "db.lab", resolver: "hosts file", outcome: .addresses(try addresses("10.9.0.7"), ttl: .zero))
    let source = lab.source()
    #expect(try await source.poll().contains(.namespaceResolution(NamespaceID(7), answer)))
    #expect(try await source.poll() == [], "it holds for the minimum interval")
    #expect(lab.access.opened == [])
    #expect(lab.access.read == [7])
  }

  @Test func `localhost means the namespace itself`() async throws {
    let lab = Lab(access: ScriptedAccess())
    lab.directory.replace(with: [entry(7)])
    let answer = ResolverAnswer(
      name: "localhost", resolver: "hosts", outcome: .addresses(LoopbackName.addresses, ttl: .zero))
    let source = lab.source(hosts: ["localhost"])
    #expect(try await source.poll() == [.resolution(answer), .namespaceResolution(NamespaceID(7), answer)])
  }

  @Test(arguments: [
    (nil, "cannot be read"),
    ("nameserver fe80::1%eth0\n", "no usable nameserver: \"fe80::1%eth0\" cannot be asked"),
  ])
  func `a namespace whose resolvers are not known is told`(text: String?, reason: String) async throws {
    let lab = Lab(access: ScriptedAccess())
    lab.directory.replace(with: [entry(7, resolverText: text)])
    #expect(
      try await lab.answers(lab.source().poll())
        == [ResolverAnswer(name: "db.lab", resolver: "resolv.conf", outcome: .failed(reason))])
  }

  @Test func `a namespace without a connection to the dependency's port has no view`() async throws {
    let lab = Lab(access: ScriptedAccess(failure: .absent("")))
    lab.directory.replace(with: [entry(7, port: 5433)])
    #expect(try await lab.answers(lab.source().poll()) == [])
    #expect(lab.access.read == [])
  }

  @Test func `a namespace that went away is forgotten`() async throws {
    let lab = Lab(access: ScriptedAccess(hosts: [7: "10.9.0.7 db.lab\n"]))
    lab.directory.replace(with: [entry(7)])
    let source = lab.source()
    #expect(try await lab.answers(source.poll()).count == 1)
    lab.directory.replace(with: [])
    #expect(try await source.poll() == [])
    lab.directory.replace(with: [entry(7)])
    #expect(try await lab.answers(source.poll()).count == 1, "it is asked anew")
  }

  @Test func `many namespaces are asked for in turns`() async throws {
    let numbers = 1...UInt32(DNSSource.subjectsAtOnce + 6)
    let hosts = Dictionary(uniqueKeysWithValues: numbers.map { (Int32($0), "10.9.0.7 db.lab\n") })
    let lab = Lab(access: ScriptedAccess(hosts: hosts))
    lab.directory.replace(with: numbers.map { entry($0) })
    let source = lab.source()
    #expect(try await lab.answers(source.poll()).count == DNSSource.subjectsAtOnce)
    #expect(try await lab.answers(source.poll()).count == 6)
    #expect(lab.access.read.sorted() == numbers.map(Int32.init), "each file is read once")
  }
}
