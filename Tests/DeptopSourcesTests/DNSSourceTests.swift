import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Glibc
import Testing

@Suite(.servers("dnsmasq", nameServer: false)) struct DNSSourceTests {
  private func settings(
    _ resolvers: [DnsmasqServer], minimumInterval: Duration = .seconds(60), timeout: Duration = .seconds(5)
  ) -> DNSSettings {
    var settings = DNSSettings()
    settings.resolvers = resolvers.map(\.address.description)
    settings.minimumInterval = minimumInterval
    settings.timeout = timeout
    return settings
  }

  private func source(_ settings: DNSSettings, hosts: [String] = ["db.lab"], file: String = "/dev/null") -> DNSSource {
    DNSSource(
      settings: settings, dependencies: hosts.map { DependencySettings(name: $0, host: $0, port: 5432) },
      resolverFile: file)
  }

  private func answers(_ observations: [Observation]) -> [ResolverAnswer] {
    observations.compactMap { if case .resolution(let answer) = $0 { answer } else { nil } }
  }

  private func addresses(_ texts: String...) throws -> [IPAddress] { try texts.map { try #require(IPAddress($0)) } }

  @Test func `each answer is reported once until it is due again`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    let source = source(settings([server]))
    #expect(
      try await answers(source.poll()) == [
        ResolverAnswer(
          name: "db.lab", resolver: server.address.description,
          outcome: .addresses(addresses("10.9.0.1"), ttl: .seconds(30)))
      ])
    #expect(try await source.poll() == [])
  }

  @Test func `a demanded name is asked again and its new address seen`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"]), ("cache.lab", ["10.9.0.9"])])
    let source = source(settings([server]), hosts: ["db.lab", "cache.lab"])
    #expect(try await source.poll().count == 2)
    try await server.replaceHosts([("db.lab", ["10.9.0.2"]), ("cache.lab", ["10.9.0.9"])])
    source.askNow(["db.lab"])
    #expect(try await answers(source.poll()).map(\.addresses) == [addresses("10.9.0.2")])
    #expect(try await source.poll() == [])
  }

  @Test func `resolvers that disagree are both reported`() async throws {
    let old = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])], ttl: .seconds(5))
    let new = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.2"])], ttl: .seconds(60))
    let answers = try await answers(source(settings([old, new])).poll())
    #expect(answers.map(\.resolver) == [old.address.description, new.address.description])
    #expect(try answers.map(\.addresses) == [addresses("10.9.0.1"), addresses("10.9.0.2")])
    #expect(answers.map(\.ttl) == [.seconds(5), .seconds(60)])
  }

  @Test func `failures of every resolver are readings`() async throws {
    let silent = try await DnsmasqServer.start(hosts: [])
    let dead = try await DnsmasqServer.start(hosts: [])
    let refusing = try await DnsmasqServer.start(hosts: [], isAuthoritative: false)
    silent.pause()
    try await dead.kill()
    let source = source(settings([silent, dead, refusing], timeout: .milliseconds(500)))
    #expect(
      try await answers(source.poll()).map(\.outcome) == [
        .failed("timed out after 0.5 s"), .failed("connection refused"), .failed("refused"),
      ])
    #expect(try await source.poll() == [], "a failure is not asked for again before the minimum interval")
  }

  @Test func `a failing resolver that recovers is heard after the minimum interval`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    server.pause()
    let source = source(settings([server], minimumInterval: .milliseconds(1), timeout: .milliseconds(100)))
    #expect(try await answers(source.poll()).map(\.outcome) == [.failed("timed out after 0.1 s")])
    server.resume()
    var seen: [ResolverAnswer] = []
    let deadline = MonotonicTime.now() + .seconds(10)
    while seen.last?.addresses == nil && MonotonicTime.now() < deadline { seen += try await answers(source.poll()) }
    #expect(try seen.last?.addresses == addresses("10.9.0.1"))
  }

  @Test func `the resolvers of the file are reread when it changes`() async throws {
    let file = try ScratchFile("nameserver fe80::1%eth0\n")
    let source = source(DNSSettings(), file: file.path)
    await #expect(
      throws: SourceError.transient("no usable nameserver in \(file.path): \"fe80::1%eth0\" cannot be asked")
    ) { try await source.poll() }
    try file.replace("nameserver 127.78.0.1\n")
    #expect(try await answers(source.poll()).map(\.resolver) == ["127.78.0.1:53"])
    try file.replace("nameserver 127.78.0.1\nnameserver 127.78.0.2\n")
    #expect(try await answers(source.poll()).map(\.resolver) == ["127.78.0.2:53"], "only the new one is due")
  }

  @Test func `the search list of the file completes names also for configured resolvers`() async throws {
    let file = try ScratchFile("nameserver 192.0.2.1\nsearch prod.lab\n")
    let server = try await DnsmasqServer.start(hosts: [("db.prod.lab", ["10.9.0.1"])])
    let source = source(settings([server]), hosts: ["db"], file: file.path)
    #expect(try await answers(source.poll()).map(\.addresses) == [addresses("10.9.0.1")])
  }

  @Test func `a cancelled poll returns at once and leaves its question due`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    server.pause()
    let source = source(settings([server], timeout: .seconds(60)))
    let started = MonotonicTime.now()
    let task = Task { try await source.poll() }
    task.cancel()
    #expect(try await task.value == [])
    #expect(MonotonicTime.now() - started < .seconds(10))
    server.resume()
    #expect(try await answers(source.poll()).map(\.addresses) == [addresses("10.9.0.1")])
  }
}

@Suite struct DNSSourceSettingsTests {
  @Test func `a source exists when a dependency has a host name`() {
    var settings = Settings()
    settings.dependencies = [DependencySettings(name: "a", host: "10.0.0.1", port: 1)]
    #expect(DNSSource.instances(in: settings, on: HostSurroundings()).isEmpty)
    settings.dependencies.append(DependencySettings(name: "b", host: "db.lab", port: 1))
    let sources = DNSSource.instances(in: settings, on: HostSurroundings())
    #expect(sources.map(\.id) == ["dns"])
    #expect(sources.first?.dependencies == ["b"])
    #expect(sources.first?.schedule == Schedule(interval: .seconds(1), timeout: .seconds(3)))
  }

  @Test(arguments: ["dns.example", "10.0.0.2:99999", "fe80::1%eth0"])
  func `a resolver that is no address needs a person`(entry: String) async {
    var settings = DNSSettings()
    settings.resolvers = ["127.0.0.1", entry]
    let source = DNSSource(
      settings: settings, dependencies: [DependencySettings(name: "b", host: "db.lab", port: 1)])
    await #expect(
      throws: SourceError.permanent("resolver \"\(entry)\" is neither an address nor address:port")
    ) { try await source.poll() }
  }

  @Test func `a file that cannot be read is named`() async {
    let source = DNSSource(
      settings: DNSSettings(), dependencies: [DependencySettings(name: "b", host: "db.lab", port: 1)],
      resolverFile: "/dev")
    await #expect(throws: SourceError.transient("cannot read /dev: is a directory")) { try await source.poll() }
  }

  @Test func `localhost is answered without asking anyone`() async throws {
    let source = DNSSource(
      settings: DNSSettings(), dependencies: [DependencySettings(name: "b", host: "localhost", port: 1)],
      resolverFile: "/dev/null")
    let answer = ResolverAnswer(
      name: "localhost", resolver: "hosts", outcome: .addresses(LoopbackName.addresses, ttl: .zero))
    #expect(try await source.poll() == [.resolution(answer)])
    #expect(try await source.poll() == [])
  }
}

/// A file that a test replaces while it is read.
private final class ScratchFile {
  let path: String

  init(_ text: String) throws {
    path = "/tmp/deptop-resolv-\(UInt64.random(in: 0...(.max)))"
    try replace(text)
  }

  deinit {
    unsafe unlink(path)
  }

  func replace(_ text: String) throws {
    let file = try unsafe #require(unsafe fopen("\(path).new", "we"))
    unsafe fputs(text, file)
    unsafe fclose(file)
    try #require(unsafe rename("\(path).new", path) == 0)
  }
}
