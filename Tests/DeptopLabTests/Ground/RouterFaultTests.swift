import DeptopLab
import DeptopTestSupport
import Glibc
import Testing

@testable import DeptopLab

@Suite(.networkLab()) struct RouterFaultTests {
  private static let upstream = "10.90.0.21"

  /// Two networks and their router; the test's own.
  private func routed() async throws -> (LabGround, RouterControl) {
    let ground = try await LabGround.routed()
    return (ground, try #require(ground.router))
  }

  /// A request and its answer have passed.
  private func usedLink(_ ground: LabGround) async throws -> GroundLink {
    let link = try await GroundLink.open(ground, to: Self.upstream, port: 8080)
    #expect(GroundLink.send(100, on: link.client) == 100)
    try await GroundLink.receive(exactly: 100, on: link.server)
    #expect(GroundLink.send(100, on: link.server) == 100)
    try await GroundLink.receive(exactly: 100, on: link.client)
    return link
  }

  /// What one end sends goes out again and again, and neither end hears anything.
  private func expectSilence(_ link: GroundLink, from end: Int32) async throws {
    #expect(GroundLink.send(100, on: end) == 100)
    try await waitUntil("the sender backs off") {
      let state = GroundLink.state(of: end)
      return state.tcpi_backoff >= 2 && state.tcpi_unacked >= 1
    }
    #expect(GroundLink.receive(on: link.server) == -Int(EAGAIN))
    #expect(GroundLink.receive(on: link.client) == -Int(EAGAIN))
  }

  @Test func `clients appear behind the router's address`() async throws {
    let (ground, _) = try await routed()
    let link = try await usedLink(ground)
    #expect(GroundLink.peer(of: link.server) == "10.90.0.1")
  }

  @Test func `an idle connection is forgotten without a word`() async throws {
    let (ground, router) = try await routed()
    try await router.apply(.idleTimeout(1))
    let link = try await usedLink(ground)
    try await waitUntil("the router has no connection") { try await router.connections() == 0 }
    try await expectSilence(link, from: link.client)
  }

  @Test func `every connection is forgotten at once`() async throws {
    let (ground, router) = try await routed()
    let link = try await usedLink(ground)
    #expect(try await router.connections() == 1)
    try await router.apply(.forget)
    #expect(try await router.connections() == 0)
    try await expectSilence(link, from: link.client)
    try await expectSilence(link, from: link.server)
    // A connection that begins now is none of those that were forgotten.
    _ = try await usedLink(ground)
  }

  @Test func `packets of a forgotten connection are answered with RST when the router does so`() async throws {
    let (ground, router) = try await routed()
    let link = try await usedLink(ground)
    try await router.apply(.resetsUnknown(true))
    try await router.apply(.forget)
    #expect(GroundLink.send(100, on: link.client) == 100)
    var outcome = -Int(EAGAIN)
    try await waitUntil("the client is reset") {
      outcome = GroundLink.receive(on: link.client)
      return outcome != -Int(EAGAIN)
    }
    #expect(outcome == -Int(ECONNRESET))
  }

  @Test func `large packets are swallowed, small ones pass, and mending lets everything through`() async throws {
    let (ground, router) = try await routed()
    let link = try await usedLink(ground)
    try await router.apply(.swallowsLargerThan(1400))
    #expect(GroundLink.send(1000, on: link.client) == 1000)
    try await GroundLink.receive(exactly: 1000, on: link.server)
    #expect(GroundLink.send(20_000, on: link.client) == 20_000)
    try await waitUntil("the client backs off") { GroundLink.state(of: link.client).tcpi_backoff >= 2 }
    #expect(GroundLink.receive(on: link.server) == -Int(EAGAIN))
    // Nobody told the client of a smaller size.
    #expect(GroundLink.state(of: link.client).tcpi_pmtu == 1500)
    try await router.restore()
    try await GroundLink.receive(exactly: 20_000, on: link.server)
  }

  @Test func `a sender that lets routers split its packets gets through`() async throws {
    let (ground, router) = try await routed()
    let link = try await usedLink(ground)
    try await router.apply(.swallowsLargerThan(1400))
    #expect(GroundLink.send(20_000, on: link.client) == 20_000)
    try await waitUntil("the client backs off") { GroundLink.state(of: link.client).tcpi_backoff >= 2 }
    var discovery = Int32(IP_PMTUDISC_DONT)
    let size = socklen_t(MemoryLayout<Int32>.size)
    #expect(unsafe setsockopt(link.client, Int32(IPPROTO_IP), Int32(IP_MTU_DISCOVER), &discovery, size) == 0)
    try await GroundLink.receive(exactly: 20_000, on: link.server)
  }

  @Test func `answers of any size pass while large requests are swallowed`() async throws {
    let (ground, router) = try await routed()
    let link = try await usedLink(ground)
    try await router.apply(.swallowsLargerThan(1400))
    #expect(GroundLink.send(20_000, on: link.server) == 20_000)
    try await GroundLink.receive(exactly: 20_000, on: link.client)
  }

  @Test func `one address is dead while the others serve`() async throws {
    let (ground, router) = try await routed()
    let listener = try await GroundLink.listen(ground, on: "10.90.0.32", port: 8080)
    defer { close(listener) }
    try await router.apply(.drop(address: "10.90.0.32", true))
    let dead = try await GroundLink.begin(ground, to: "10.90.0.32", port: 8080)
    defer { close(dead) }
    for address in ["10.90.0.31", "10.90.0.33"] {
      _ = try await GroundLink.open(ground, to: address, port: 8080)
    }
    #expect(GroundLink.outcome(dead) == nil)
    try await router.apply(.drop(address: "10.90.0.32", false))
    #expect(try await GroundLink.end(of: dead) == 0)
  }

  @Test func `new connections to an address are refused and those that are open go on`() async throws {
    let (ground, router) = try await routed()
    let link = try await usedLink(ground)
    let listener = try await GroundLink.listen(ground, on: Self.upstream, port: 9090)
    defer { close(listener) }
    try await router.apply(.refuse(address: Self.upstream, true))
    let refused = try await GroundLink.begin(ground, to: Self.upstream, port: 9090)
    defer { close(refused) }
    #expect(try await GroundLink.end(of: refused) == ECONNREFUSED)
    #expect(GroundLink.send(100, on: link.client) == 100)
    try await GroundLink.receive(exactly: 100, on: link.server)
    try await router.restore()
    _ = try await GroundLink.open(ground, to: Self.upstream, port: 7070)
  }
}

extension RouterControl {
  /// How many TCP connections the router tracks.
  fileprivate func connections() async throws -> Int {
    let directory = try TemporaryDirectory()
    var command = ChildProcess.Command(
      [try Program.required("conntrack"), "-L", "-p", "tcp", "-o", "id"], outputPath: directory.file("list"))
    command.launcher = [try Program.required("nsenter"), "--net=\(router.path ?? "")"]
    guard try await ChildProcess.run(command) == 0 else { throw TestFailure(directory.read("list")) }
    return directory.read("list").split(separator: "\n").count { $0.hasPrefix("tcp ") }
  }
}
