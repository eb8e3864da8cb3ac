import DeptopModel
import DeptopScreen
import DeptopTestSupport
import Testing

@Suite(
  .serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "pgbench", "dnsmasq", "curl"),
  .timeLimit(.minutes(5)))
struct DriftTests {
  private let size = Size(columns: 130, rows: 44)
  private let old = PgBouncerLab.old
  private let new = PgBouncerLab.new

  @Test func `a name that moved is seen, drained by keys and proved healed, and no request fails`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 10)
    let daemon = try await DaemonUnderTest.start(lab.configuration(), in: .init(hasHelper: false))
    let load = try await Pgbench.start(
      at: lab.clientAddress, database: "appdb", clients: 20, rate: 40, seconds: 85,
      script: "SELECT pg_sleep(0.01);\n")
    try await lab.waitUntilFull(10)
    let bouncer = try #require(lab.pgbouncer.pid)
    let dashboard = try DashboardUnderTest(of: daemon, size: size)
    try dashboard.wait(for: "● orders-db")
    try await lab.rename(to: new)

    try dashboard.wait(for: "10 of 10 connections on \(old), which left DNS", within: .seconds(60))
    let age = try #require(dashboard.ageOfDrift)
    // The guard is 30 s; three ticks; one more second each for the look-up, the sweep and a busy machine.
    #expect((30...36).contains(age), "the finding came \(age) s after the change")
    let first = dashboard.screen[3]
    #expect(first.contains("✖ orders-db") && first.contains("10/10 old"), "\(dashboard.screen)")

    try dashboard.select("orders-db")
    try dashboard.press("\r", untilItShows: "DNS against connections")
    try dashboard.wait("answers stand against connections") { emulator in
      let screen = emulator.screen
      return screen.contains { $0.contains("now       \(new)") } && screen.contains { $0.contains("\(old) → \(new)") }
        && screen.contains { $0.contains("in use    \(old)") && $0.contains("10  left DNS") }
    }
    let transaction = try await lab.longTransaction(seconds: 12)
    try await dashboard.drain("drill", confirming: "orders-db")
    try dashboard.wait(for: "9 of 10 connections replaced; 1 carrying a query or transaction")
    #expect(transaction.isRunning && load.isRunning)
    #expect(try await lab.connections(to: old) == 1)

    try dashboard.wait(for: "DRAINED orders-db in", within: .seconds(30))
    try dashboard.wait(for: "on old address")
    #expect(dashboard.shows(": healed") && dashboard.shows("10 of 10") && dashboard.shows("reason: drill"))
    #expect(try await transaction.finish() == ["\(old)", "\(old)", "\(new)"])
    #expect(try await lab.connections(to: old) == 0)
    try await checkPace(daemon)
    try await checkAftermath(daemon)
    try dashboard.press("\r4", untilItShows: "audit")
    try dashboard.wait(for: "finished     drain orders-db  healed")

    let outcome = try await load.outcome()
    #expect(outcome.failures == 0 && outcome.transactions > 2000, "\(outcome.output)")
    #expect(lab.pgbouncer.pid == bouncer)
    #expect(try dashboard.quit() == .exited(0))
    try await lab.stop()
  }

  @Test func `a collector that starts after the move suspects it, and the drain is the same`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 10)
    let load = try await Pgbench.start(
      at: lab.clientAddress, database: "appdb", clients: 20, rate: 40, seconds: 50,
      script: "SELECT pg_sleep(0.01);\n")
    try await lab.waitUntilFull(10)
    try await lab.rename(to: new)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    let dashboard = try DashboardUnderTest(of: daemon, size: size)
    try dashboard.wait(
      for: "10 of 10 connections on \(old), which is not in DNS now; suspected drift", within: .seconds(60))
    #expect(dashboard.screen[3].contains("✖ orders-db"), "\(dashboard.screen)")
    try dashboard.select("orders-db")
    let transaction = try await lab.longTransaction(seconds: 5)
    try await dashboard.drain("late", confirming: "orders-db")
    try dashboard.wait(for: "DRAINED orders-db in", within: .seconds(30))
    #expect(dashboard.shows(": healed"))
    #expect(try await transaction.finish() == ["\(old)", "\(old)", "\(new)"])
    #expect(try await lab.connections(to: old) == 0)
    let outcome = try await load.outcome()
    #expect(outcome.failures == 0, "\(outcome.output)")
    try await lab.stop()
  }

  /// From the command to the replacement of all that were free: 3 s, and 2 more for a busy machine.
  private func checkPace(_ daemon: DaemonUnderTest) async throws {
    let action = try #require(try await daemon.actions().first)
    let sent = try #require(action.progress.first { $0.text.hasPrefix("sent RECONNECT") })
    let replaced = try #require(action.progress.first { $0.text.hasPrefix("9 of 10 connections replaced") })
    #expect(replaced.at - sent.at <= .seconds(5), "\(action.progress)")
  }

  private func checkAftermath(_ daemon: DaemonUnderTest) async throws {
    let audit = try await ProductCommand.deptop(["audit", "--socket", daemon.socketPath])
    #expect(audit.status == 0)
    let lines = audit.output.split(separator: "\n")
    #expect(lines.count == 2, "\(audit.output)")
    #expect(lines.first?.contains("started      drain    orders-db") == true)
    let end = try #require(lines.last)
    for part in ["finished     drain    orders-db", "healed", "10 of 10 → 0 of", "by root (uid 0)", "reason: drill"] {
      #expect(end.contains(part))
    }
    try await waitUntil("the snapshot has the verdict, and the finding clears") {
      let snapshot = try await daemon.snapshot()
      return snapshot.actions.first?.verdict != nil && snapshot.findings.first?.state == .clearing
    }
    try await RecordedText("snapshot-after-drain.txt").check {
      try JSONShape(try await Curl(daemon.socketPath).get("/v1/snapshot").body).text
    }
  }
}

extension PgBouncerLab {
  /// Begins a transaction on the pool that stays open for a while, and tells its server's address three times.
  fileprivate func longTransaction(seconds: Int) async throws -> PsqlScript {
    let script = try await PsqlScript.start(
      """
      BEGIN;
      SELECT inet_server_addr();
      SELECT pg_sleep(\(seconds));
      SELECT inet_server_addr();
      COMMIT;
      SELECT inet_server_addr();
      """, at: clientAddress, database: "appdb")
    try await waitUntil("the transaction has begun") { script.lines.count == 1 }
    return script
  }
}

extension DashboardUnderTest {
  /// The seconds in "which left DNS 33s ago".
  fileprivate var ageOfDrift: Int? {
    let line = screen.first { $0.contains("which left DNS ") }
    return line?.split(separator: " ").compactMap { word in
      word.hasSuffix("s") ? Int(word.dropLast()) : nil
    }.first
  }

  /// Arms, plans a drain of what is selected, gives a reason, types the name and confirms.
  fileprivate func drain(_ reason: String, confirming name: String) async throws {
    try press(":arm\r", untilItShows: "ARMED")
    press("D")
    try wait(for: "type \(name) to run")
    for label in ["closes now", "on return", "pre-flight", "risk", "same as", "cannot"] { try wait(for: label) }
    try press("\t\(reason)", untilItShows: reason)
    press("\r")
    try press(name, untilItShows: "Enter runs it")
    try confirm()
    try wait(for: "✔ pre-flight")
  }
}
