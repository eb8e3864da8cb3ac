import DeptopModel
import DeptopTestSupport
import Testing

/// Large packets vanish on the way to PostgreSQL: told apart from a forgotten flow, measured, and mended in flight.
@Suite(.serialized, .networkLab("postgres", "initdb", "psql", "curl"), .timeLimit(.minutes(3)))
struct NetworkBlackHoleTests {
  private let postgres = SocketAddress(NetworkLab.server, port: 5432)

  @Test func `a statement that hangs in a path-MTU black hole completes by unsticking it`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await PostgresServer.start(on: postgres, launcher: lab.db.launcher)
    try await lab.lowerMTU(1400, swallowICMP: true)
    // A connection that is well: probes leave from where the dependency's connections are.
    let resident = try await statement("SELECT 1;\n\\! tail --pid=$PPID -f /dev/null\n", in: lab)
    try await waitUntil("psql is connected") { resident.lines == ["1"] }
    let daemon = try await DaemonUnderTest.start(
      """
      sources: {probe: {interval_seconds: 1}}
      dependencies: [{name: orders-db, kind: postgres, endpoint: "\(postgres)"}]

      """, beside: lab)
    let checked = try await daemon.waitForDetail(of: "orders-db", "the sizes are tried", within: .seconds(60)) {
      $0.dependency.path?.check?.largestPacket != nil
    }
    let check = try #require(checked.dependency.path?.check)
    #expect(check.largestPacket == 1400 && (check.smallestLost ?? 0) > 1400, "\(check)")

    let large = try await statement(PsqlScript.largeStatement(bytes: 20_000), in: lab)
    let finding = try await daemon.waitForFinding("M17", on: "orders-db", within: .seconds(20))
    #expect(finding.words.contains("1400"), "\(finding.words)")
    #expect(try await daemon.openFinding("M01", on: "orders-db") == nil)
    let detail = try await daemon.detail(of: "orders-db")
    let stuck = detail.connections.filter { $0.signals.condition == .dead }
    #expect(stuck.count == 1 && (stuck.first?.signals.meanRetransmit ?? 0) >= 1303, "\(stuck)")
    let small = try await statement("SELECT 7;\n", in: lab)
    #expect(try await small.finish(within: .seconds(10)) == ["7"])
    #expect(large.isRunning)

    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "orders-db")
    try dashboard.repair("U", confirming: "orders-db")
    #expect(try await large.finish(within: .seconds(30)) == ["20000"])
    let verdict = try await daemon.lastVerdict(on: "orders-db")
    #expect(verdict.outcome == .healed, "\(verdict)")
    #expect(resident.isRunning)
    try await resident.stop()
    try await server.stop()
  }

  private func statement(_ text: String, in lab: NetworkLab) async throws -> PsqlScript {
    try await PsqlScript.start(
      text, at: postgres, database: "postgres", user: "postgres", launcher: lab.app.launcher)
  }
}
