import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// The faults of the laboratory are those of real networks: each is held against the kernel's own view, as ss and
/// conntrack print it.
@Suite(.serialized, .networkLab("redis-server", "redis-cli"), .pythonPackages, .timeLimit(.minutes(2)))
struct NetworkLabTests {
  private let redis = SocketAddress(NetworkLab.server, port: 6379)

  @Test func `a forgotten flow is sent again in vain, and its neighbour and the server notice nothing`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await RedisServer.start(on: redis, launcher: lab.db.launcher)
    let client = try await LineClient.start(to: redis, connections: 2, launcher: lab.app.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    let victim = try #require(try await lab.app.waitUntilEstablished(2, to: 6379).first).localPort
    #expect(try await lab.router.trackedFlows(to: 6379).count == 2)

    try await lab.evict(ports: [victim])
    #expect(try await lab.router.trackedFlows(to: 6379).allSatisfy { $0.sourcePort != victim })
    client.send()
    var stuck: KernelSocket?
    try await waitUntil("the forgotten flow is sent again") {
      stuck = try await lab.app.established(to: 6379).first { $0.localPort == victim && $0.backoff >= 3 }
      return stuck != nil
    }
    let dead = try #require(stuck)
    #expect(dead.timer == "on" && dead.unacknowledged == 1 && dead.sendQueue == 6, "\(dead)")
    #expect(dead.meanRetransmit == 6, "\(dead)")
    let alive = try #require(try await lab.app.established(to: 6379).first { $0.localPort != victim })
    #expect(alive.unacknowledged == 0 && alive.backoff == 0 && alive.timer != "on", "\(alive)")
    // The other end of the forgotten flow has no reason to doubt it.
    let ends = try await lab.db.run(["ss", "-H", "-t", "-n", "state", "established", "sport = :6379"])
    #expect(ends.split(separator: "\n").count == 2, "\(ends)")
    try await client.stop()
    try await server.stop()
  }

  @Test func `a flow that was idle for too long is forgotten by itself`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await RedisServer.start(on: redis, launcher: lab.db.launcher)
    try await lab.evictByTimeout(2)
    let client = try await LineClient.start(to: redis, connections: 1, launcher: lab.app.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    #expect(try await lab.router.trackedFlows(to: 6379).count == 1)
    try await lab.app.waitUntilQuiet(to: 6379, for: .seconds(3))
    #expect(try await lab.router.trackedFlows(to: 6379).isEmpty)
    client.send()
    try await waitUntil("it is sent again") { try await lab.app.established(to: 6379).contains { $0.backoff >= 2 } }
    let socket = try #require(try await lab.app.established(to: 6379).first)
    #expect(socket.sinceReceived >= .seconds(3), "\(socket)")
    try await client.stop()
    try await server.stop()
  }

  @Test func `a router that answers forgotten flows with RST ends those and no others`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await RedisServer.start(on: redis, launcher: lab.db.launcher)
    let client = try await LineClient.start(to: redis, connections: 3, launcher: lab.app.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    let ports = try await lab.app.waitUntilEstablished(3, to: 6379).map(\.localPort)
    try await lab.answerEvictedWithReset()
    try await lab.evict(ports: [ports[0], ports[2]])
    #expect(try await client.exchange() == [ports[0]: .reset, ports[1]: .reply, ports[2]: .reset])
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    try await client.stop()
    try await server.stop()
  }

  @Test func `an address that nothing gets to leaves connections unanswered until it is healed`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await RedisServer.start(on: redis, launcher: lab.db.launcher)
    try await lab.dropTraffic(to: NetworkLab.server)
    var command = ChildProcess.Command(
      [try Program.required("redis-cli"), "-h", "\(redis.address)", "-e", "ping"], outputPath: "/dev/null")
    command.launcher = lab.app.launcher
    let caller = try await ChildProcess.start(command)
    try await waitUntil("the connection request is sent again") {
      try await lab.app.sockets(to: 6379).contains { $0.state == "SYN-SENT" && $0.timerRetries >= 1 }
    }
    try await lab.heal()
    #expect(try await caller.exitStatus(within: .seconds(20)) == 0)
    try await server.stop()
  }

  @Test(arguments: [NetworkLab.Translator.client, .router])
  func `a translated address is what the client's kernel shows`(by translator: NetworkLab.Translator) async throws {
    let lab = try await NetworkLab.start()
    let second = SocketAddress(NetworkLab.secondServer, port: 6379)
    let servers = [
      try await RedisServer.start(on: redis, launcher: lab.db.launcher),
      try await RedisServer.start(on: second, launcher: lab.db.launcher),
    ]
    let service = SocketAddress(IPAddress(v4: 0x0a60_000a), port: 6379)
    try await lab.translate(service, to: [redis.address, second.address], by: translator)
    let client = try await LineClient.start(to: service, connections: 4, launcher: lab.app.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    #expect(try await lab.app.waitUntilEstablished(4, to: 6379).allSatisfy { $0.remote == "10.96.0.10:6379" })
    let space = translator == .client ? lab.app : lab.router
    let flows = try await space.trackedFlows(to: 6379)
    #expect(flows.count == 4 && flows.allSatisfy { $0.destination == "10.96.0.10" }, "\(flows)")
    #expect(Set(flows.map(\.replySource)) == ["10.77.2.10", "10.77.2.11"])
    try await client.stop()
    for server in servers { try await server.stop() }
  }

  @Test func `what is sent to a peer that reads nothing waits for its window`() async throws {
    let lab = try await NetworkLab.start()
    let address = SocketAddress(NetworkLab.server, port: 9000)
    let (server, client) = try await deafPeer(at: address, in: lab)
    var stalled: KernelSocket?
    try await waitUntil("the window is closed") {
      stalled = try await lab.app.established(to: 9000).first { $0.timer == "persist" && $0.backoff >= 2 }
      return stalled != nil
    }
    let socket = try #require(stalled)
    #expect(socket.sendQueue > 0 && socket.figure("snd_wnd") == 0, "\(socket)")
    // Nothing of it is outstanding as sent again.
    #expect(socket.figure("retrans") == 0, "\(socket)")
    try await client.stop()
    try await server.stop()
  }

  @Test func `a program in a namespace asks the name server on that namespace's loopback`() async throws {
    let lab = try await NetworkLab.start()
    let loopback = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 53)
    let names = try await DnsmasqServer.start(
      hosts: [("orders.lab", ["10.77.2.10"])], at: loopback, launcher: lab.app.launcher)
    let files = try TemporaryDirectory()
    let resolver = try files.write("nameserver 127.0.0.1\n", to: "resolv.conf")
    var command = ChildProcess.Command(
      [try Program.required("getent"), "ahostsv4", "orders.lab"], outputPath: files.file("answer"))
    command.launcher = lab.app.launcher(replacing: ["/etc/resolv.conf": resolver])
    #expect(try await ChildProcess.run(command) == 0)
    #expect(files.read("answer").hasPrefix("10.77.2.10"), "\(files.read("answer"))")
    var outside = ChildProcess.Command(
      [try Program.required("cat"), "/etc/resolv.conf"], outputPath: files.file("outside"))
    outside.launcher = lab.app.launcher
    #expect(try await ChildProcess.run(outside) == 0)
    #expect(files.read("outside") != "nameserver 127.0.0.1\n")
    try await names.kill()
  }

  @Test func `nothing is left of a laboratory that is let go of`() async throws {
    let pids = try await processesOfShortLab()
    #expect(Set(pids).count == 4)
    try await waitUntil("the namespaces' processes have ended") { pids.allSatisfy { kill($0, 0) != 0 } }
  }

  /// The processes that held a laboratory which nobody keeps.
  private func processesOfShortLab() async throws -> [Int32] {
    let lab = try await NetworkLab.start()
    let pids = [lab.host.pid, lab.app.pid, lab.router.pid, lab.db.pid]
    #expect(pids.allSatisfy { kill($0, 0) == 0 })
    return pids
  }
}

/// A server that reads nothing, and a client that keeps sending to it.
func deafPeer(
  at address: SocketAddress, in lab: NetworkLab
) async throws -> (server: PythonService, client: PythonService) {
  let place = ["\(address.address)", "\(address.port)"]
  let server = try await PythonService.start("deaf_server", place, launcher: lab.db.launcher)
  #expect(try await server.firstLine() == "ready")
  let client = try await PythonService.start("flood_client", place, launcher: lab.app.launcher)
  #expect(try await client.firstLine() == "ready")
  return (server, client)
}
