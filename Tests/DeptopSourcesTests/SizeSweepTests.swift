internal import DeptopBlocking
import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite(.namespaces, .servers("ip", "nft", "nsenter", "unshare", nameServer: false)) struct SizeSweepTests {
  private func sweep(
    _ kind: ServiceKind, at address: SocketAddress, from sockets: any SocketOpening
  ) async throws -> SizeFindings {
    var settings = DependencySettings(name: "a", host: "a.example", port: address.port)
    settings.kind = kind
    let sweep = SizeSweep(address: address, sockets: sockets, timeout: .seconds(5), speech: PathProtocol(settings))
    return try #require(await BlockingThread().run { sweep.findings(interrupt: Interrupt()) })
  }

  private func expectFound(_ findings: SizeFindings, largest: Int, lost: Int?, overlay: String?) {
    #expect(findings.largestPacket == largest)
    #expect(findings.smallestLost == lost)
    #expect(findings.overlay == overlay)
    #expect(findings.problem == nil)
  }

  @Test(.servers("redis-server", nameServer: false), arguments: [1400, 1450, 1333])
  func `a Redis behind a black hole is reached up to its size to the byte`(mtu: Int) async throws {
    let lab = try await PathLab(farMTU: mtu)
    let server = try await RedisServer.start(
      on: PathLab.serverAddress, port: 6379, launcher: lab.serverLauncher, sockets: lab.clientSockets)
    let overlay = [1400: "VPN or custom", 1450: "VXLAN or Geneve"][mtu]
    expectFound(
      try await sweep("redis", at: server.address, from: lab.clientSockets), largest: mtu, lost: mtu + 1,
      overlay: overlay)
  }

  @Test(.servers("postgres", nameServer: false)) func `a PostgreSQL behind a black hole is reached up to its size`()
    async throws
  {
    let lab = try await PathLab(farMTU: 1400)
    let server = try await PostgresServer.start(
      on: SocketAddress(PathLab.serverAddress, port: 5432), launcher: lab.serverLauncher)
    expectFound(
      try await sweep("postgres", at: server.address, from: lab.clientSockets), largest: 1400, lost: 1401,
      overlay: "VPN or custom")
    try await server.stop()
  }

  @Test(.servers("redis-server", nameServer: false)) func `an open path takes what the interface does`() async throws {
    let lab = try await PathLab(farMTU: 1500)
    let server = try await RedisServer.start(
      on: PathLab.serverAddress, port: 6379, launcher: lab.serverLauncher, sockets: lab.clientSockets)
    expectFound(
      try await sweep("redis", at: server.address, from: lab.clientSockets), largest: 1500, lost: nil,
      overlay: "Ethernet")
  }

  @Test(.servers("redis-server", nameServer: false)) func `a path that tells its size loses nothing`() async throws {
    let lab = try await PathLab(farMTU: 1400, tells: true)
    let server = try await RedisServer.start(
      on: PathLab.serverAddress, port: 6379, launcher: lab.serverLauncher, sockets: lab.clientSockets)
    // The second sweep finds the size in the client's cache.
    for _ in 0..<2 {
      expectFound(
        try await sweep("redis", at: server.address, from: lab.clientSockets), largest: 1400, lost: nil,
        overlay: "VPN or custom")
    }
  }

  @Test func `where no large request is known an echo finds the size`() async throws {
    let lab = try await PathLab(farMTU: 1420)
    let address = SocketAddress(PathLab.serverAddress, port: 3306)
    let refused = try await sweep("mysql", at: address, from: lab.clientSockets)
    #expect(refused.largestPacket == nil)
    #expect(refused.problem == "ICMP echo is not possible: permission denied (net.ipv4.ping_group_range)")
    try await lab.allowEcho()
    expectFound(
      try await sweep("mysql", at: address, from: lab.clientSockets), largest: 1420, lost: 1421, overlay: "WireGuard")
    let near = SocketAddress(PathLab.routerAddress, port: 3306)
    let open = try await sweep("mysql", at: near, from: lab.clientSockets)
    expectFound(open, largest: 1500, lost: nil, overlay: "Ethernet")
  }

  @Test func `an echo that nobody answers proves nothing`() async throws {
    let lab = try await PathLab(farMTU: 1500)
    try await lab.allowEcho()
    let nobody = SocketAddress(IPAddress(v4: 0x0a4d_0209), port: 3306)
    let findings = try await sweep("mysql", at: nobody, from: lab.clientSockets)
    #expect(findings.largestPacket == nil && findings.smallestLost == nil)
    #expect(findings.problem == "ICMP echo is not answered, and no harmless large request of the protocol is known")
  }

  @Test(arguments: [IPAddress(v4: 0x7f00_0001), IPAddress(v6High: 0, low: 1)])
  func `loopback takes the largest that is tried`(address: IPAddress) async throws {
    let listener = try LoopbackListener(address)
    expectFound(
      try await sweep("http", at: listener.address, from: OwnSockets()), largest: SizeSearch.largestPacket, lost: nil,
      overlay: nil)
  }

  @Test func `a refused connection is told`() async throws {
    let closed = try LoopbackListener().address
    #expect(try await sweep("http", at: closed, from: OwnSockets()) == SizeFindings(problem: "connection refused"))
  }

  @Test func `a sweep that is given up has nothing to tell`() async throws {
    let listener = try LoopbackListener()
    let interrupt = Interrupt()
    interrupt.raise()
    let settings = DependencySettings(name: "a", host: "a", port: 80)
    let sweep = SizeSweep(
      address: listener.address, sockets: OwnSockets(), timeout: .seconds(60), speech: PathProtocol(settings))
    #expect(await BlockingThread().run { sweep.findings(interrupt: interrupt) } == nil)
  }
}
