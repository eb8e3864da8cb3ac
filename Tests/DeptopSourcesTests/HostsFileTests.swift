import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite struct HostsFileTests {
  private func addresses(_ texts: String...) throws -> [IPAddress] { try texts.map { try #require(IPAddress($0)) } }

  @Test func `names, aliases and both families are read`() throws {
    let file = HostsFile(
      parsing: """
        # made by hand
        127.0.0.1\tlocalhost
        10.9.0.1 \t db.lab  db\t# the primary
        2001:db8::1 db.lab
        10.9.0.1 again.lab
        10.9.0.2 DB.lab
        """)
    #expect(try file.addresses(of: "db.lab") == addresses("10.9.0.1", "2001:db8::1", "10.9.0.2"))
    #expect(try file.addresses(of: "DB") == addresses("10.9.0.1"))
    #expect(file.addresses(of: "primary") == nil)
    #expect(try file.name(of: addresses("10.9.0.1")[0]) == "db.lab", "the first name of the first line")
    #expect(try file.name(of: addresses("2001:db8::1")[0]) == "db.lab")
    #expect(try file.name(of: addresses("10.9.0.3")[0]) == nil)
  }

  @Test func `an alias alone does not become an address's name`() throws {
    let file = HostsFile(parsing: "10.9.0.1 db.lab db\r\n10.9.0.2 cache.lab\r\n")
    #expect(try file.name(of: addresses("10.9.0.1")[0]) == "db.lab")
    #expect(try file.addresses(of: "cache.lab") == addresses("10.9.0.2"))
  }

  @Test(arguments: [
    "", "\n\n", "10.9.0.1", "10.9.0.1 #db.lab", "db.lab 10.9.0.1", "10.9.0 db.lab", "10.9.0.1%eth0 db.lab",
    "10.9.0.1 \u{1b}[2Jdb.lab", "\u{0}\u{0}\u{0}", "nonsense \u{fffd}\u{fffd} db.lab",
  ])
  func `a line that is none is passed over`(line: String) throws {
    let file = HostsFile(parsing: "\(line)\n10.9.0.9 good.lab\n")
    #expect(file.addresses(of: "db.lab") == nil)
    #expect(try file.addresses(of: "good.lab") == addresses("10.9.0.9"))
  }

  @Test func `the last line of a file that was cut is not trusted`() throws {
    let text = "10.9.0.1 db.lab\n10.9.0.2 cache"
    #expect(try HostsFile(parsing: text).addresses(of: "cache") == addresses("10.9.0.2"))
    #expect(HostsFile(parsing: text, isCut: true).addresses(of: "cache") == nil)
    #expect(try HostsFile(parsing: text, isCut: true).addresses(of: "db.lab") == addresses("10.9.0.1"))
  }

  @Test func `a file is read again when it has changed`() throws {
    let directory = try TemporaryDirectory()
    let watched = WatchedHostsFile(path: directory.file("hosts"))
    #expect(try watched.current() == .empty, "no file says nothing")
    try directory.write("10.9.0.1 db.lab\n", to: "hosts")
    #expect(try watched.current().addresses(of: "db.lab") == addresses("10.9.0.1"))
    try directory.write("10.9.0.22 db.lab\n", to: "hosts")
    #expect(try watched.current().addresses(of: "db.lab") == addresses("10.9.0.22"))
  }

  @Test func `a file that cannot be read is named`() {
    #expect(throws: SourceError.transient("cannot read /dev: is a directory")) {
      try WatchedHostsFile(path: "/dev").current()
    }
  }
}

@Suite(.servers("dnsmasq", nameServer: false)) struct HostsFilePrecedenceTests {
  @Test func `a name in the host's hosts file is taken from there as soon and as long as it is there`() async throws {
    let directory = try TemporaryDirectory()
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    var settings = DNSSettings()
    settings.resolvers = [server.address.description]
    settings.timeout = .seconds(5)
    let source = DNSSource(
      settings: settings, dependencies: [DependencySettings(name: "db", host: "db.lab", port: 5432)],
      resolverFile: "/dev/null", hostsFile: directory.file("hosts"))
    func answered(_ resolver: String, _ address: String, ttl: Duration) throws -> [Observation] {
      let address = try #require(IPAddress(address))
      return [.resolution(ResolverAnswer(name: "db.lab", resolver: resolver, outcome: .addresses([address], ttl: ttl)))]
    }
    #expect(try await source.poll() == answered(server.address.description, "10.9.0.1", ttl: .seconds(30)))
    try directory.write("10.9.0.7 db.lab\n", to: "hosts")
    #expect(try await source.poll() == answered("hosts file", "10.9.0.7", ttl: .zero))
    #expect(try await source.poll() == [])
    try directory.write("10.9.0.8 db.lab # moved\n", to: "hosts")
    #expect(try await source.poll() == answered("hosts file", "10.9.0.8", ttl: .zero))
    try directory.write("", to: "hosts")
    #expect(try await source.poll() == answered(server.address.description, "10.9.0.1", ttl: .seconds(30)))
  }

  @Test func `probes use the hosts file too`() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("10.9.0.7 db.lab\n", to: "hosts")
    // Nobody listens there.
    let resolvers = ResolverChoice(configured: ["127.78.0.1:1"], path: "/dev/null")
    let hosts = HostAddresses(resolvers: resolvers, timeout: .seconds(5), hostsFile: directory.file("hosts"))
    let outcomes = try await hosts.outcomes(for: ["db.lab", "cache.lab"])
    #expect(outcomes["db.lab"] == .addresses([IPAddress(v4: 0x0a09_0007)], ttl: .zero))
    #expect(outcomes["cache.lab"] == .failed("connection refused"))
  }
}
