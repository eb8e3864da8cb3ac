import DeptopModel
import DeptopTestSupport
import Testing

/// The black hole of the laboratory, between real psql and PostgreSQL.
@Suite(.serialized, .networkLab("postgres", "initdb", "psql"), .timeLimit(.minutes(2)))
struct NetworkLabMTUTests {
  @Test func `a large statement hangs in a black hole, small ones pass, and healing lets it through`() async throws {
    let lab = try await NetworkLab.start()
    let postgres = SocketAddress(NetworkLab.server, port: 5432)
    let server = try await PostgresServer.start(on: postgres, launcher: lab.db.launcher)
    try await lab.lowerMTU(1400, swallowICMP: true)
    let large = try await PsqlScript.start(
      PsqlScript.largeStatement(bytes: 20_000), at: postgres, database: "postgres", user: "postgres",
      launcher: lab.app.launcher)
    var stuck: KernelSocket?
    try await waitUntil("the statement is sent again") {
      guard large.isRunning else { throw TestFailure("psql ended: \(large.lines)") }
      stuck = try await lab.app.established(to: 5432).first { $0.backoff >= 2 }
      return stuck != nil
    }
    let socket = try #require(stuck)
    let mean = try #require(socket.meanRetransmit)
    // Timestamps take 12 bytes of each segment of 1460.
    #expect(socket.segmentSize == 1448 && mean >= 1303 && mean <= 1448, "\(socket)")
    #expect(socket.figure("pmtu") == 1500)
    let small = try await PsqlScript.start(
      "SELECT 7;\n", at: postgres, database: "postgres", user: "postgres", launcher: lab.app.launcher)
    #expect(try await small.finish(within: .seconds(10)) == ["7"])
    #expect(large.isRunning)
    try await lab.heal()
    #expect(try await large.finish(within: .seconds(30)) == ["20000"])
    try await server.stop()
  }
}
