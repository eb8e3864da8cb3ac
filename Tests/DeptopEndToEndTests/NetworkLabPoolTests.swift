import DeptopModel
import DeptopTestSupport
import Testing

/// The pool of the laboratory when two of its flows are forgotten, and what it takes to cure it.
@Suite(.serialized, .networkLab("postgres", "initdb", "psql", "pgbouncer", "pgbench"), .timeLimit(.minutes(2)))
struct NetworkLabPoolTests {
  @Test func `two forgotten flows of four hold their places, until exactly those are closed`() async throws {
    let pool = try await EvictedPool.start()
    let pid = try #require(pool.pgbouncer.pid)
    let (dead, alive) = try await pool.evictTwo(after: .seconds(4))
    _ = try await pool.pgbouncer.console("SET tcp_keepidle = 2")
    _ = try await pool.pgbouncer.console("SET tcp_keepintvl = 2")
    let load = try await pool.load(clients: 6, seconds: 12)
    try await pool.waitUntilStuck(on: dead.map(\.localPort))
    try await waitUntil("both are sent again, and the others serve") {
      let sockets = try await pool.sockets()
      return dead.allSatisfy { (sockets[$0.localPort]?.backoff ?? 0) >= 2 }
        && alive.allSatisfy { (sockets[$0.localPort]?.sinceReceived ?? .seconds(9)) < .seconds(1) }
    }
    let stuck = try await pool.sockets()
    for before in dead {
      let socket = try #require(stuck[before.localPort])
      let idle = pool.idleBefore(socket, since: before)
      #expect(idle >= .seconds(4) && idle < .seconds(6), "\(idle) \(socket)")
    }
    let row = try await pool.row()
    #expect(row["sv_tested"] == "2", "\(row)")

    for socket in dead { try await pool.lab.app.run(["ss", "-K", "-t", "sport = :\(socket.localPort)"]) }
    try await waitUntil("the pool has four again") {
      let sockets = try await pool.sockets()
      return sockets.count == 4 && dead.allSatisfy { sockets[$0.localPort] == nil }
    }
    let healed = try await pool.sockets()
    #expect(alive.allSatisfy { healed[$0.localPort] != nil })
    let outcome = try await load.outcome()
    #expect(outcome.failures == 0, "\(outcome.output)")
    // What is new has the setting that was made meanwhile, what was there has not.
    try await pool.waitUntilQuiet(for: .milliseconds(500))
    for (port, socket) in try await pool.sockets() {
      let isOld = alive.contains { $0.localPort == port }
      #expect(((socket.timerRemaining ?? .zero) > .seconds(60)) == isOld, "\(socket)")
    }
    #expect(pool.pgbouncer.pid == pid)
    try await pool.stop()
  }
}
