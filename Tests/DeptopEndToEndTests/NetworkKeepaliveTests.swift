import DeptopModel
import DeptopTestSupport
import Testing

/// Keepalive that comes too late for the path is told before it matters, and mended on the living connections.
@Suite(.serialized, .networkLab("redis-server", "redis-cli", "curl"), .pythonPackages, .timeLimit(.minutes(3)))
struct NetworkKeepaliveTests {
  private let redis = SocketAddress(NetworkLab.server, port: 6379)

  @Test func `keepalive of two hours on a path of 30 s is warned about, and cured live`() async throws {
    let lab = try await NetworkLab.start()
    try await lab.evictByTimeout(30)
    let server = try await RedisServer.start(on: redis, launcher: lab.db.launcher)
    let daemon = try await DaemonUnderTest.start(
      """
      sources: {probe: {interval_seconds: 5}}
      dependencies:
        - {name: sessions, kind: redis, endpoint: "\(redis)", path: {idle_timeout_seconds: 30}}

      """, beside: lab)
    let client = try await LineClient.start(
      to: redis, connections: 3, hasKeepalive: true, launcher: lab.app.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    let sockets = try await lab.app.waitUntilEstablished(3, to: 6379, of: client.pid)
    let isLate = sockets.allSatisfy { $0.timer == "keepalive" && ($0.timerRemaining ?? .zero) > .seconds(7100) }
    #expect(isLate, "\(sockets)")
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "sessions")

    // The path would forget them after 30 s of silence.
    let finding = try await daemon.waitForFinding("M03", on: "sessions", within: .seconds(24))
    #expect(finding.level == .warning && finding.words.contains("30"), "\(finding.words)")
    #expect(try await lab.router.trackedFlows(to: 6379).count >= 3)
    #expect(try await daemon.detail(of: "sessions").dependency.closings?.resetAfterIdle ?? 0 == 0)

    try dashboard.repair("P", confirming: "sessions")
    let verdict = try await daemon.lastVerdict(on: "sessions")
    #expect(verdict.outcome == .healed, "\(verdict)")
    let ports = Set(sockets.map(\.localPort))
    let cured = try await lab.app.established(to: 6379, of: client.pid).filter { ports.contains($0.localPort) }
    #expect(cured.count == 3 && cured.allSatisfy { ($0.timerRemaining ?? .seconds(99)) <= .seconds(10) }, "\(cured)")

    // Longer than the path would have kept them.
    try await waitUntil("the client is silent for longer than the path keeps a flow", within: .seconds(60)) {
      let quiet = try await lab.app.established(to: 6379, of: client.pid)
      return quiet.count == 3 && quiet.allSatisfy { $0.quiet >= .seconds(36) }
    }
    let outcomes = try await client.exchange()
    #expect(Set(outcomes.keys) == ports && outcomes.values.allSatisfy { $0 == .reply }, "\(outcomes)")
    try await waitUntil("the warning has ended") { try await daemon.openFinding("M03", on: "sessions") == nil }
    try dashboard.wait(for: "REPAIRED sessions")
    try dashboard.press("\r", untilItShows: "DEPENDENCY")
    #expect(try dashboard.quit() == .exited(0))
    try await client.stop()
    try await server.stop()
  }
}
