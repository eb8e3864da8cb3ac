import DeptopModel
import DeptopScreen
import DeptopTestSupport
import Glibc
import Testing

/// What is said when one of the processes dies, and that the others go on.
@Suite(.serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "dnsmasq", "curl"), .timeLimit(.minutes(3)))
struct LossTests {
  /// Within 2 s, and one more for a busy machine.
  private let soon = Duration.seconds(3)

  @Test func `a collector that is killed is told within two seconds, and is found again`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "LIVE")
    try await daemon.kill()
    try dashboard.wait(for: "collector lost", within: soon)
    try dashboard.wait(for: "LOST")
    // Trying again for some seconds costs next to nothing.
    let before = try ProcessorTime.used(by: dashboard.pid)
    try dashboard.wait(for: "collector lost 4s")
    #expect(try ProcessorTime.used(by: dashboard.pid) - before < .milliseconds(800))
    try await daemon.launch()
    try dashboard.wait("the collector is back") { $0.shows("LIVE") && !$0.shows("collector lost") }
    #expect(try dashboard.quit() == .exited(0))
    #expect(dashboard.hasRestoredTerminal)
  }

  @Test func `a collector that hangs is told by its silence`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "LIVE")
    Glibc.kill(daemon.pid, SIGSTOP)
    try dashboard.wait(for: "it says nothing", within: .seconds(8))
    Glibc.kill(daemon.pid, SIGCONT)
    try dashboard.wait("the collector is back") { $0.shows("LIVE") && !$0.shows("collector lost") }
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a dashboard that is asked to end gives the terminal back`(signal: Int32) async throws {
    let daemon = try await DaemonUnderTest.start()
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "LIVE")
    #expect(dashboard.terminal.mode != dashboard.terminal.initialMode && dashboard.terminal.emulator.isAlternateScreen)
    dashboard.terminal.send(signal)
    #expect(dashboard.terminal.waitForEnd() != nil)
    #expect(dashboard.hasRestoredTerminal)
  }

  @Test func `a terminal that goes away ends the dashboard, which does not spin`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "LIVE")
    let pid = dashboard.pid
    dashboard.terminal.hangUp()
    try await waitUntil("the dashboard has ended") { Glibc.kill(pid, 0) != 0 }
    #expect(try await daemon.snapshot().collector.pid == daemon.pid)
  }

  @Test func `a dashboard that is killed in the middle of a drain changes nothing`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 4)
    let client = try await lab.fill(4)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    try await daemon.waitUntilMatched(4)
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "● orders-db")
    let transaction = try await PsqlScript.start(
      "BEGIN;\nSELECT 1;\nSELECT pg_sleep(6);\nCOMMIT;\n", at: lab.clientAddress, database: "appdb")
    try await waitUntil("the transaction has begun") { transaction.lines.count == 1 }
    try dashboard.select("orders-db")
    try dashboard.press(":arm\r", untilItShows: "ARMED")
    try dashboard.press(":drain all\r", untilItShows: "type orders-db to run")
    try dashboard.press("\tdrill", untilItShows: "drill")
    dashboard.press("\r")
    try dashboard.press("orders-db", untilItShows: "Enter runs it")
    try dashboard.confirm()
    try dashboard.wait(for: "3 of 4 connections replaced")
    dashboard.terminal.send(SIGKILL)
    #expect(dashboard.terminal.waitForEnd() == .signal(Int(SIGKILL)))

    #expect(transaction.isRunning)
    try await waitUntil("the drain has ended", within: .seconds(40)) {
      try await daemon.audit().contains { $0.event == .finished }
    }
    let entries = try await daemon.audit()
    #expect(entries.map(\.event) == [.started, .finished])
    #expect(entries.last?.result.hasPrefix("healed") == true, "\(entries)")
    _ = try await transaction.finish()
    let next = try DashboardUnderTest(of: daemon)
    try next.press("4", untilItShows: "healed")
    try await client.stop()
    try await lab.stop()
  }

  @Test func `a collector that is killed in the middle of a drain tells of it when it is back`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 2)
    let client = try await lab.fill(2)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    try await daemon.waitUntilMatched(2)
    let transaction = try await PsqlScript.start(
      "BEGIN;\nSELECT 1;\nSELECT pg_sleep(4);\nCOMMIT;\n", at: lab.clientAddress, database: "appdb")
    try await waitUntil("the transaction has begun") { transaction.lines.count == 1 }
    let output = try TemporaryDirectory()
    let drain = try await ProductCommand.start(
      ["drain", "orders-db", "--scope", "all", "--yes", "--reason", "drill", "--socket", daemon.socketPath],
      writingTo: "drain", in: output)
    try await waitUntil("the drain is under way") { output.read("drain").contains("1 of 2 connections replaced") }
    try await daemon.kill()
    #expect(try await drain.exitStatus() == 3)
    #expect(output.read("drain").contains("the collector was lost"), "\(output.read("drain"))")
    try await daemon.launch()
    let entries = try await daemon.audit()
    #expect(entries.map(\.event) == [.started, .interrupted], "\(entries)")
    #expect(entries.last?.action == entries.first?.action && entries.last?.reason == "drill")
    _ = try await transaction.finish()
    try await client.stop()
    try await lab.stop()
  }

  @Test func `a PgBouncer and a name server that are killed are told within two seconds, and come back`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 2)
    let client = try await lab.fill(2)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "● orders-db")

    try await lab.pgbouncer.stop()
    try dashboard.wait("PgBouncer is told to be lost", within: soon) { emulator in
      emulator.screen.contains { $0.contains("○ orders-db") && $0.contains("stale") && $0.contains("pgbouncer") }
    }
    try dashboard.press("3", untilItShows: "failing")
    try await checkCalm(daemon, dashboard)
    try await lab.pgbouncer.restart()
    let next = try await lab.fill(2)
    try dashboard.press("1", untilItShows: "● orders-db")

    try await lab.nameServer.kill()
    try dashboard.wait("the name server is told to be lost", within: soon) { emulator in
      emulator.screen.contains { $0.contains("orders-db") && $0.contains("no answer") }
    }
    try await checkCalm(daemon, dashboard)
    let nameServer = try await DnsmasqServer.start(
      hosts: [("db.lab", ["\(PgBouncerLab.old)"])], ttl: .seconds(1), at: lab.nameServer.address)
    try dashboard.wait("the name server is back") { emulator in
      emulator.screen.contains { $0.contains("● orders-db") && $0.hasSuffix("ok") }
    }
    #expect(try dashboard.quit() == .exited(0))
    withExtendedLifetime((client, next, nameServer)) {}
  }

  /// No process uses more than a quarter of a core over three ticks, though some of what it reads is gone.
  private func checkCalm(_ daemon: DaemonUnderTest, _ dashboard: DashboardUnderTest) async throws {
    let pids = [daemon.pid, dashboard.pid]
    let start = ContinuousClock.now
    let before = try pids.map { try ProcessorTime.used(by: $0) }
    let sequence = try await daemon.snapshot().sequence
    try await waitUntil("three ticks have passed") { try await daemon.snapshot().sequence >= sequence + 3 }
    let window = start.duration(to: .now)
    for (pid, used) in zip(pids, before) {
      #expect(try ProcessorTime.used(by: pid) - used < window / 4)
    }
  }
}
