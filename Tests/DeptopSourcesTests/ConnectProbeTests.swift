internal import DeptopBlocking
import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite struct ConnectProbeTests {
  private static let loopback4 = IPAddress(v4: 0x7f00_0001)
  private static let loopback6 = IPAddress(v6High: 0, low: 1)

  @Test(arguments: [loopback4, loopback6])
  func `a listener is connected to in less than the timeout`(address: IPAddress) async throws {
    let listener = try LoopbackListener(address)
    let results = await ConnectProbe().connectTimes(to: [listener.address], attempts: 1, timeout: .seconds(5))
    let attempt = try #require(results.first?.first)
    #expect(attempt.address == listener.address)
    #expect(attempt.failure == nil)
    #expect(try #require(attempt.duration) > .zero)
    #expect(try #require(attempt.duration) < .seconds(1))
  }

  @Test func `an address written as IPv4 in IPv6 is connected to as IPv4`() async throws {
    let listener = try LoopbackListener(ConnectProbeTests.loopback4)
    let mapped = try #require(IPAddress("::ffff:127.0.0.1"))
    let target = SocketAddress(mapped, port: listener.address.port)
    let results = await ConnectProbe().connectTimes(to: [target], attempts: 1, timeout: .seconds(5))
    #expect(results.first?.first?.failure == nil)
  }

  @Test func `a closed port refuses`() async throws {
    let port = try LoopbackListener().address.port
    let closed = SocketAddress(ConnectProbeTests.loopback4, port: port)
    let results = await ConnectProbe().connectTimes(to: [closed], attempts: 1, timeout: .seconds(5))
    #expect(results == [[ConnectAttempt(address: closed, duration: nil, failure: "connection refused")]])
  }

  @Test func `a listener that drops connections times out and delays no other one`() async throws {
    let full = try LoopbackListener(backlog: 0)
    try full.fill()
    let live = try LoopbackListener()
    let started = MonotonicTime.now()
    let results = await ConnectProbe().connectTimes(
      to: [full.address, live.address], attempts: 1, timeout: .milliseconds(500))
    let elapsed = MonotonicTime.now() - started
    #expect(
      results.first == [ConnectAttempt(address: full.address, duration: nil, failure: "timed out after 0.5 s")])
    #expect(results.last?.first?.failure == nil)
    #expect(elapsed >= .milliseconds(500) && elapsed < .seconds(3))
  }

  @Test func `an address that cannot be reached fails in the system's words`() async throws {
    // An address reserved for multicast is no peer for TCP.
    let target = SocketAddress(IPAddress(v4: 0xe000_0001), port: 9)
    let results = await ConnectProbe().connectTimes(to: [target], attempts: 1, timeout: .seconds(5))
    let failure = try #require(results.first?.first?.failure)
    #expect(failure == failure.lowercased())
    #expect(failure == "network is unreachable")
  }

  @Test func `each address is tried as often as asked`() async throws {
    let listeners = try (0..<3).map { _ in try LoopbackListener() }
    let results = await ConnectProbe().connectTimes(
      to: listeners.map(\.address), attempts: 3, timeout: .seconds(5))
    #expect(results.map(\.count) == [3, 3, 3])
    #expect(results.joined().allSatisfy { $0.duration != nil && $0.failure == nil })
    #expect(results.map { $0.map(\.address) } == listeners.map { Array(repeating: $0.address, count: 3) })
  }

  @Test func `nothing to connect to is nothing to wait for`() async {
    #expect(await ConnectProbe().connectTimes(to: [], attempts: 3, timeout: .seconds(5)) == [])
  }

  @Test func `more addresses than are tried at once all have a result`() async throws {
    let listener = try LoopbackListener(backlog: 1024)
    let closed = try LoopbackListener().address
    let targets = (0..<600).map { $0 % 2 == 0 ? listener.address : closed }
    let results = await ConnectProbe().connectTimes(to: targets, attempts: 1, timeout: .seconds(10))
    #expect(results.count == 600)
    for (index, result) in results.enumerated() {
      #expect(result.first?.failure == (index % 2 == 0 ? nil : "connection refused"))
    }
  }

  @Test func `the peer sees an orderly close`() async throws {
    let listener = try LoopbackListener()
    _ = await ConnectProbe().connectTimes(to: [listener.address], attempts: 1, timeout: .seconds(5))
    #expect(await BlockingThread().run { listener.acceptsOrderlyClose() })
  }

  @Test func `a cancelled task does not wait for the timeout`() async throws {
    let full = try LoopbackListener(backlog: 0)
    try full.fill()
    let started = MonotonicTime.now()
    let task = Task {
      await ConnectProbe().connectTimes(to: [full.address], attempts: 3, timeout: .seconds(60))
    }
    task.cancel()
    #expect(await task.value == [[]])
    #expect(MonotonicTime.now() - started < .seconds(10))
  }
}

@Suite struct ProbeSourceTests {
  private func settings(_ hosts: (name: String, host: String, port: UInt16)...) -> Settings {
    var settings = Settings()
    settings.probe.timeout = .seconds(5)
    settings.dependencies = hosts.map { DependencySettings(name: $0.name, host: $0.host, port: $0.port) }
    return settings
  }

  @Test func `only dependencies that may be probed are`() {
    var settings = settings(("a", "10.0.0.1", 1), ("b", "10.0.0.2", 2))
    settings.dependencies[0].isProbed = false
    #expect(ProbeSource.instances(in: settings, on: HostSurroundings()).first?.dependencies == ["b"])
    settings.dependencies[1].isProbed = false
    #expect(ProbeSource.instances(in: settings, on: HostSurroundings()).isEmpty)
  }

  @Test func `each dependency's addresses are connected to`() async throws {
    let listener = try LoopbackListener()
    let closed = try LoopbackListener().address.port
    let source = ProbeSource(
      settings: settings(("up", "127.0.0.1", listener.address.port), ("down", "127.0.0.1", closed)))
    var attempts: [DependencyID: ConnectAttempt] = [:]
    for case .connect(let id, let attempt) in try await source.poll() { attempts[id] = attempt }
    #expect(attempts["up"]?.duration != nil)
    #expect(attempts["down"]?.failure == "connection refused")
  }

  @Test(.servers("dnsmasq", nameServer: false)) func `a host name is resolved by the first resolver that answers`()
    async throws
  {
    let listener = try LoopbackListener()
    let dead = try await DnsmasqServer.start(hosts: [])
    let live = try await DnsmasqServer.start(hosts: [("db.lab", ["127.0.0.1"])])
    try await dead.kill()
    var settings = settings(("db", "db.lab", listener.address.port), ("gone", "none.lab", 1))
    settings.dns.resolvers = [dead.address.description, live.address.description]
    let observations = try await ProbeSource(settings: settings, resolverFile: "/dev/null").poll()
    #expect(observations.count == 1)
    guard case .connect("db", let attempt) = observations.first else {
      Issue.record("no connection")
      return
    }
    #expect(attempt.address == listener.address)
    #expect(attempt.failure == nil)
  }

  @Test(.servers("dnsmasq", nameServer: false)) func `without any address the reason is told`() async throws {
    let server = try await DnsmasqServer.start(hosts: [])
    var settings = settings(("db", "none.lab", 1))
    settings.dns.resolvers = [server.address.description]
    let source = ProbeSource(settings: settings, resolverFile: "/dev/null")
    await #expect(throws: SourceError.transient("no address to connect to: none.lab: no such name")) {
      try await source.poll()
    }
  }
}
