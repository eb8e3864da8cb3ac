import DeptopModel
import DeptopTestSupport
import Testing

/// A NAT device forgets two connections of a pool, and deptop proves which and cures exactly those.
@Suite(.serialized, .networkLab("postgres", "initdb", "psql", "pgbouncer", "pgbench", "curl"), .timeLimit(.minutes(3)))
struct NetworkEvictionTests {
  private static let name = "orders-db"

  @Test func `two forgotten connections of four are named, proved and closed, and stay cured`() async throws {
    let pool = try await EvictedPool.start()
    let daemon = try await DaemonUnderTest.start(configuration(of: pool), beside: pool.lab)
    let pid = pool.pgbouncer.pid
    try await daemon.waitForDetail(of: Self.name, "four connections of the pool, well") { detail in
      detail.connections.count { $0.pool != nil && $0.signals.condition == .idle } == 4
    }
    // The durable setting: PgBouncer gives it to connections that it opens from now on, not to those that there are.
    _ = try await pool.pgbouncer.console("SET tcp_keepidle = 2")
    _ = try await pool.pgbouncer.console("SET tcp_keepintvl = 2")

    let (dead, alive) = try await pool.evictTwo(after: .seconds(7))
    let load = try await pool.load(clients: 6, seconds: 25)
    try await checkFinding(pool, daemon, dead)
    let verdict = try await checkCure(pool, daemon, dead, alive)
    #expect(verdict.notes.contains { $0.contains("new connections") }, "\(verdict.notes)")
    let outcome = try await load.outcome()
    // PgBouncer tries a connection before a client gets it: nothing was lost, and nothing was lost by the cure.
    #expect(outcome.failures == 0, "\(outcome.output)")

    try await checkSilence(pool, daemon, alive)
    #expect(pool.pgbouncer.pid == pid)
    try await pool.stop()
  }

  private func configuration(of pool: EvictedPool) -> String {
    """
    sources:
      probe: {interval_seconds: 1}
      pgbouncer:
        - {name: main, host: "\(pool.pgbouncer.directory.path)", port: \(pool.pgbouncer.port), user: admin}
    dependencies:
      - name: \(Self.name)
        kind: postgres
        endpoint: "\(EvictedPool.postgres)"
        pgbouncer: {instance: main, database: appdb}
        path: {idle_timeout_seconds: 6}

    """
  }

  /// Within 5 s of the first stuck send: which two, how long they were idle, and that a new connection succeeds.
  private func checkFinding(_ pool: EvictedPool, _ daemon: DaemonUnderTest, _ dead: [KernelSocket]) async throws {
    try await pool.waitUntilStuck(on: dead.map(\.localPort))
    let finding = try await daemon.waitForFinding("M01", on: DependencyID(rawValue: Self.name), within: .seconds(5))
    let detail = try await daemon.waitForDetail(of: Self.name, "two dead", within: .seconds(5)) { detail in
      detail.connections.count { $0.signals.condition == .dead } == 2
    }
    let named = detail.connections.filter { $0.signals.condition == .dead }
    #expect(Set(named.map(\.local.port)) == Set(dead.map(\.localPort)))
    let sockets = try await pool.sockets()
    for connection in named {
      let before = try #require(dead.first { $0.localPort == connection.local.port })
      let truth = pool.idleBefore(try #require(sockets[before.localPort]), since: before)
      let told = try #require(connection.signals.idleBefore)
      #expect(abs((told - truth).seconds) <= 1, "\(told) instead of \(truth)")
    }
    #expect(finding.action == .repair, "\(finding)")
    // The probes are among the connections while they last.
    #expect(finding.text.hasPrefix("2 of ") && finding.text.contains("a new connection succeeds"), "\(finding.words)")
  }

  /// Those two are gone within 5 s of the start of the action, the other two keep their ports, and the pool serves.
  private func checkCure(
    _ pool: EvictedPool, _ daemon: DaemonUnderTest, _ dead: [KernelSocket], _ alive: [KernelSocket]
  ) async throws -> Verdict {
    let command = try await ProductCommand.start(
      daemon.repairArguments(Self.name, .prove), writingTo: "repair", in: daemon.place)
    try await waitUntil("the action has started") {
      let isThere = try await !daemon.actions().isEmpty
      guard isThere || !command.hasExited else { throw TestFailure("no repair: \(daemon.place.read("repair"))") }
      return isThere
    }
    try await waitUntil("the dead two are closed", within: .seconds(5)) {
      let sockets = try await pool.sockets()
      return dead.allSatisfy { sockets[$0.localPort] == nil }
    }
    try await waitUntil("the pool is full again") { try await pool.sockets().count == 4 }
    let verdict = try await daemon.lastVerdict(on: Self.name)
    #expect(verdict.outcome == .healed, "\(verdict)")
    #expect(try await command.exitStatus() == 0, "\(daemon.place.read("repair"))")
    let sockets = try await pool.sockets()
    #expect(alive.allSatisfy { sockets[$0.localPort] != nil }, "\(sockets.keys)")
    let row = try await pool.row()
    #expect(row["sv_tested"] == "0" && row["maxwait"] == "0", "\(row)")
    return verdict
  }

  /// The router now forgets what is silent for 6 s; the pool is silent for longer, and nothing of it is lost.
  private func checkSilence(_ pool: EvictedPool, _ daemon: DaemonUnderTest, _ alive: [KernelSocket]) async throws {
    try await pool.lab.evictByTimeout(6)
    // The timeout counts from the next packet of each flow.
    #expect(try await pool.load(clients: 4, seconds: 2).outcome().failures == 0)
    let before = try await pool.sockets()
    #expect(alive.allSatisfy { before[$0.localPort] != nil })
    try await pool.waitUntilQuiet(for: .seconds(10))
    let tracked = try await pool.lab.router.trackedFlows(to: EvictedPool.postgres.port)
    #expect(before.keys.allSatisfy { port in tracked.contains { $0.sourcePort == port } }, "\(tracked)")
    #expect(try await pool.load(clients: 6, seconds: 3).outcome().failures == 0)
    let after = try await pool.sockets()
    #expect(Set(after.keys) == Set(before.keys) && after.values.allSatisfy { $0.backoff == 0 }, "\(after)")
    try await daemon.waitForDetail(of: Self.name, "nothing dead") { detail in
      detail.connections.allSatisfy { $0.signals.condition != .dead }
    }
  }
}
