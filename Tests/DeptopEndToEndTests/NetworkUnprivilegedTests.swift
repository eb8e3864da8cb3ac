import DeptopModel
import DeptopTestSupport
import Testing

/// Without root and without the helper: what can be seen is shown, and what cannot is said.
@Suite(
  .serialized, .networkLab("redis-server", "redis-cli", "curl"), .pythonPackages, .otherUsers, .timeLimit(.minutes(2)))
struct NetworkUnprivilegedTests {
  private let hidden = SocketAddress(NetworkLab.server, port: 6379)

  @Test func `an ordinary user sees the host's own sockets, and is told what is out of reach`() async throws {
    let lab = try await NetworkLab.start()
    let loopback = IPAddress(v4: 0x7f00_0001)
    let open = SocketAddress(loopback, port: try FreePort.tcp(on: [loopback]))
    let servers = [
      try await RedisServer.start(on: open, launcher: lab.host.launcher),
      try await RedisServer.start(on: hidden, launcher: lab.db.launcher),
    ]
    let clients = [
      try await LineClient.start(to: open, connections: 2, launcher: lab.host.launcher),
      try await LineClient.start(to: hidden, connections: 2, launcher: lab.app.launcher),
    ]
    for client in clients { #expect(try await client.exchange().values.allSatisfy { $0 == .reply }) }
    let user = try OtherUser()
    let daemon = try await DaemonUnderTest.start(
      """
      dependencies:
        - {name: near, kind: redis, endpoint: "\(open)", probe: false}
        - {name: far, kind: redis, endpoint: "\(hidden)", probe: false}

      """, beside: lab, as: user)
    let near = try await daemon.waitForDetail(of: "near", "two idle connections") { detail in
      detail.connections.count { $0.signals.condition == .idle } == 2
    }
    // Their figures are everybody's to read, their processes are not.
    #expect(near.connections.allSatisfy { $0.owner == nil && $0.uid == 0 }, "\(near.connections)")
    try await waitUntil("the namespaces are listed") { try await daemon.snapshot().namespaces.isEmpty == false }
    let snapshot = try await daemon.snapshot()
    let far = try #require(snapshot.dependencies.first { $0.id == "far" })
    #expect(far.sockets?.value.total ?? 0 == 0)
    try checkReasons(near.dependency, snapshot)
    try await checkDoctor(daemon, user)
    try await checkRepair(daemon, user)
    for client in clients { try await client.stop() }
    for server in servers { try await server.stop() }
  }

  /// Every repair is offered with the reason why it cannot be done, and the other namespaces are missed.
  private func checkReasons(_ dependency: Dependency, _ snapshot: Snapshot) throws {
    let offer = try #require(dependency.actions.first { $0.verb == .repair })
    let reasons = (offer.repairs ?? []).map(\.unavailable) + [offer.unavailable]
    #expect(offer.unavailable != nil || (offer.repairs?.allSatisfy { $0.unavailable != nil } ?? false), "\(offer)")
    #expect(reasons.contains { $0?.contains("deptop-helper") ?? false }, "\(reasons)")
    let kernel = try #require(snapshot.sources.first { $0.id == "kernel" })
    #expect(kernel.state == .ok && kernel.remarks.contains { $0.contains("namespaces") }, "\(kernel)")
    #expect(snapshot.namespaces.first?.id == .own && snapshot.namespaces.first?.problem == nil)
  }

  private func checkDoctor(_ daemon: DaemonUnderTest, _ user: OtherUser) async throws {
    let doctor = try await ProductCommand.deptop(["doctor", "--socket", daemon.socketPath], as: user)
    #expect(doctor.output.contains("deptop-helper") && doctor.output.contains("namespaces"), "\(doctor)")
    // Everything that is out of reach makes it not healthy.
    #expect(doctor.status == 1, "\(doctor)")
  }

  /// A repair is refused with the reason, by the command line and by the key.
  private func checkRepair(_ daemon: DaemonUnderTest, _ user: OtherUser) async throws {
    let refused = try await ProductCommand.deptop(daemon.repairArguments("near", .prove))
    #expect(refused.status == 4 && refused.errors.contains("deptop-helper"), "\(refused)")
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "near")
    try dashboard.select("near")
    try dashboard.press(":arm\r", untilItShows: "ARMED")
    try dashboard.press("K", untilItShows: "deptop-helper")
    #expect(!dashboard.shows("same as"))
    #expect(try await daemon.snapshot().actions.isEmpty)
  }
}
