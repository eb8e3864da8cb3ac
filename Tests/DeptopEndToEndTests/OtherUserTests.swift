import DeptopModel
import DeptopTestSupport
import Testing

@Suite(
  .serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "dnsmasq", "curl"), .otherUsers,
  .timeLimit(.minutes(2)))
struct OtherUserTests {
  @Test func `a user outside the operators sees everything and can change nothing, and is told why`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 2)
    let client = try await lab.fill(2)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    try await daemon.waitUntilMatched(2)
    let user = try OtherUser()
    let socket = ["--socket", daemon.socketPath]

    let status = try await ProductCommand.deptop(["status"] + socket, as: user)
    #expect(status.output.contains("orders-db") && status.errors.isEmpty, "\(status)")
    let refusal = "uid \(user.uid) may look but not act: it is not among the operators"
    let drain = try await ProductCommand.deptop(
      ["drain", "orders-db", "--scope", "all", "--dry-run"] + socket, as: user)
    #expect(drain.status == 4 && drain.errors.contains(refusal), "\(drain)")

    // A plan that somebody else made does not help.
    let plan = try await ProductCommand.deptop(
      ["drain", "orders-db", "--scope", "all", "--dry-run", "--json"] + socket
    ).value(Plan.self)
    let execution = ["drain", "orders-db", "--plan", plan.id.rawValue, "--yes", "--reason", "x"]
    let execute = try await ProductCommand.deptop(execution + socket, as: user)
    #expect(execute.status == 4 && execute.errors.contains(refusal), "\(execute)")

    try await checkDashboard(of: user, socket, refusal)
    let audit = try await ProductCommand.deptop(["audit"] + socket, as: user).output
    let lines = audit.split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains("refused") && $0.contains(refusal) }, "\(audit)")
    #expect(try await daemon.snapshot().actions.isEmpty)
    try await client.stop()
    try await lab.stop()
  }

  private func checkDashboard(of user: OtherUser, _ socket: [String], _ refusal: String) async throws {
    let program = try user.launcher + [try await user.path(of: "deptop")]
    let dashboard = try DashboardUnderTest(socket, program: program)
    try dashboard.wait(for: "● orders-db")
    try dashboard.select("orders-db")
    try dashboard.press("\r", untilItShows: "sockets: 2 established")
    try dashboard.press(":arm\r", untilItShows: "ARMED")
    try dashboard.press(":drain all\r", untilItShows: "drain orders-db: not possible")
    try dashboard.wait("the reason is on the screen") { emulator in
      emulator.screen.contains { $0.contains("may look but not act") }
    }
    try dashboard.press("\r4", untilItShows: refusal)
    #expect(try dashboard.quit() == .exited(0))
  }

  @Test func `a group among the operators gives the right to act, and viewers can be narrowed`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 2)
    let client = try await lab.fill(2)
    let operators = "{viewers: {groups: [\"60124\", \"60125\"]}, operators: {groups: [\"60124\"]}}"
    let daemon = try await DaemonUnderTest.start(lab.configuration(access: operators))
    try await daemon.waitUntilMatched(2)
    let plan = ["drain", "orders-db", "--scope", "all", "--dry-run", "--socket", daemon.socketPath]
    #expect(try await ProductCommand.deptop(plan, as: try OtherUser(inGroup: 60_124)).status == 0)
    #expect(try await ProductCommand.deptop(plan, as: try OtherUser(inGroup: 60_125)).status == 4)
    let status = ["status", "--socket", daemon.socketPath]
    #expect(try await ProductCommand.deptop(status, as: try OtherUser(inGroup: 60_125)).output.contains("orders-db"))
    let stranger = try await ProductCommand.deptop(status, as: try OtherUser())
    #expect(stranger.status == 4 && stranger.errors.contains("may not read"), "\(stranger)")
    try await client.stop()
    try await lab.stop()
  }
}
