import DeptopModel
import DeptopTestSupport
import Testing

/// A router answers with RST what it has forgotten, and deptop says that idle time explains the resets.
@Suite(.serialized, .networkLab("redis-server", "redis-cli", "curl"), .pythonPackages, .timeLimit(.minutes(2)))
struct NetworkResetTests {
  private let redis = SocketAddress(NetworkLab.server, port: 6379)

  @Test func `resets of forgotten flows are put down to the idle time before them`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await RedisServer.start(on: redis, launcher: lab.db.launcher)
    let daemon = try await DaemonUnderTest.start(
      """
      sources: {probe: {interval_seconds: 1}}
      dependencies: [{name: sessions, kind: redis, endpoint: "\(redis)"}]

      """, beside: lab)
    let client = try await LineClient.start(to: redis, connections: 4, launcher: lab.app.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    try await daemon.waitForDetail(of: "sessions", "four idle connections") { detail in
      detail.connections.count { $0.signals.condition == .idle } >= 4
    }
    #expect(try await daemon.detail(of: "sessions").dependency.closings?.resetAfterIdle ?? 0 == 0)

    try await lab.answerEvictedWithReset()
    try await lab.app.waitUntilQuiet(to: 6379, of: client.pid, for: .seconds(7))
    let ports = try await lab.app.waitUntilEstablished(4, to: 6379, of: client.pid).map(\.localPort)
    try await lab.evict(ports: Array(ports.prefix(3)))
    let silent = try await lab.app.established(to: 6379, of: client.pid)
      .filter { ports.prefix(3).contains($0.localPort) }
    let outcomes = try await client.exchange()
    #expect(outcomes == [ports[0]: .reset, ports[1]: .reset, ports[2]: .reset, ports[3]: .reply])

    let detail = try await daemon.waitForDetail(of: "sessions", "three resets after idle time") {
      $0.dependency.closings?.resetAfterIdle == 3
    }
    let closings = try #require(detail.dependency.closings)
    let truth = try #require(silent.map(\.sinceReceived).min())
    for told in [closings.shortestIdle, closings.longestIdle] {
      #expect(abs((try #require(told) - truth).seconds) <= 1, "\(closings) instead of \(truth)")
    }
    let finding = try await daemon.waitForFinding("M02", on: "sessions", within: .seconds(20))
    #expect(finding.words.contains("idle") && finding.words.contains("3"), "\(finding.words)")
    #expect(try await daemon.openFinding("M01", on: "sessions") == nil)

    // Connections that were used all the time, and ends that the client wanted, are none of them.
    try await client.stop()
    try await lab.app.waitUntilEstablished(0, to: 6379, of: client.pid)
    try await daemon.waitForSnapshots(3)
    let rest = try #require(try await daemon.detail(of: "sessions").dependency.closings)
    #expect(rest.resetAfterIdle == 3 && rest.closed >= 7, "\(rest)")
    try await server.stop()
  }
}
