import DeptopModel
import DeptopScreen
import DeptopTestSupport
import Testing

/// Three connections on which nothing moves, for three different reasons.
@Suite(.serialized, .networkLab("postgres", "initdb", "psql", "curl"), .pythonPackages, .timeLimit(.minutes(2)))
struct NetworkWaitingTests {
  private let postgres = SocketAddress(NetworkLab.server, port: 5432)
  private let exports = SocketAddress(NetworkLab.server, port: 9000)

  @Test func `idle in transaction, a slow upstream and a closed window are told apart`() async throws {
    let lab = try await NetworkLab.start()
    let server = try await PostgresServer.start(on: postgres, launcher: lab.db.launcher)
    let (deaf, flood) = try await deafPeer(at: exports, in: lab)
    let holder = try await statement("BEGIN;\nSELECT 1;\n\\! tail --pid=$PPID -f /dev/null\n", in: lab)
    try await waitUntil("the transaction is open") { holder.lines == ["1"] }
    let slow = try await statement("SELECT pg_sleep(100);\n", in: lab)
    let daemon = try await DaemonUnderTest.start(
      """
      dependencies:
        - {name: orders-db, kind: postgres, endpoint: "\(postgres)"}
        - {name: exports, endpoint: "\(exports)", probe: false}

      """, beside: lab)
    let orders = try await daemon.waitForDetail(of: "orders-db", "one idle, one waiting for 3 s") { detail in
      detail.condition(of: holder.pid) == .idle && detail.condition(of: slow.pid) == .waiting
        && detail.connections.contains { ($0.signals.lasting ?? .zero) > .seconds(3) }
    }
    let waiting = try #require(orders.connections.first { $0.owner?.pid == slow.pid })
    #expect((waiting.awaitingReply ?? .zero) >= .seconds(3), "\(waiting)")
    #expect(orders.dependency.sockets?.value.conditions.waiting == 1)
    let stalled = try await daemon.waitForDetail(of: "exports", "a closed window") { detail in
      detail.condition(of: flood.pid) == .zeroWindow
    }
    #expect(stalled.dependency.sockets?.value.conditions.zeroWindow == 1)
    #expect(stalled.dependency.sockets?.value.conditions.dead == 0)

    try await checkPanels(of: daemon)
    try await slow.stop()
    try await holder.stop()
    try await flood.stop()
    try await deaf.stop()
    try await server.stop()
  }

  /// The sockets panel of each has the words, and nobody calls any of it dead.
  private func checkPanels(of daemon: DaemonUnderTest) async throws {
    let dashboard = try DashboardUnderTest(of: daemon, size: .init(columns: 160, rows: 50))
    try dashboard.wait(for: "orders-db")
    try dashboard.select("orders-db")
    try dashboard.press("\r", untilItShows: "waiting")
    try dashboard.wait("the idle one is there too") { $0.shows("idle") }
    #expect(!dashboard.shows("zero window") && !dashboard.shows("dead:"))
    try dashboard.press("\u{1b}", untilItShows: "DEPENDENCY")
    try dashboard.select("exports")
    try dashboard.press("\r", untilItShows: "zero window")
    #expect(!dashboard.shows("dead:"))
    #expect(try dashboard.quit() == .exited(0))
  }

  private func statement(_ text: String, in lab: NetworkLab) async throws -> PsqlScript {
    try await PsqlScript.start(
      text, at: postgres, database: "postgres", user: "postgres", launcher: lab.app.launcher)
  }
}

extension DependencyDetail {
  /// The condition of the one connection that a process has.
  fileprivate func condition(of pid: Int32) -> SocketSignals.Condition? {
    connections.first { $0.owner?.pid == pid }?.signals.condition
  }
}
