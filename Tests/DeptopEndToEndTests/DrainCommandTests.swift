import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

@Suite(.serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "dnsmasq", "curl"), .timeLimit(.minutes(2)))
struct DrainCommandTests {
  @Test func `a dry run makes a plan, and exactly that plan runs or is refused with the difference`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 4)
    let client = try await lab.fill(4)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    try await daemon.waitUntilMatched(4)
    let drain = ["drain", "orders-db", "--socket", daemon.socketPath, "--scope", "all"]

    let shown = try await ProductCommand.deptop(drain + ["--dry-run"])
    #expect(shown.status == 0 && shown.errors.isEmpty, "\(shown)")
    for label in ["Drain orders-db on ", "closes now", "4 idle connections to 127.0.0.2", "plan ", ", expires at"] {
      #expect(shown.output.contains(label), "\(shown.output)")
    }
    let stalePlan = try #require(shown.planID)
    let before = try await daemon.cookies()
    try await lab.closeOne()
    try await daemon.waitUntilMatched(4, without: before)

    let execute = ["--yes", "--reason", "drill", "--plan"]
    let refused = try await ProductCommand.deptop(drain + execute + [stalePlan])
    #expect(refused.status == 4)
    #expect(refused.errors.contains("make a new plan"), "\(refused)")
    #expect(refused.errors.contains("has closed"))
    #expect(refused.errors.contains("is new and was not in the plan"))
    #expect(!refused.output.contains("DRAINED"))

    let plan = try await ProductCommand.deptop(drain + ["--dry-run", "--json"]).value(Plan.self)
    let planned = Set(plan.targets.map(\.cookie))
    #expect(try await daemon.cookies() == planned && planned.count == 4)
    let done = try await ProductCommand.deptop(drain + execute + [plan.id.rawValue])
    #expect(done.status == 0 && done.output.contains("DRAINED orders-db in"), "\(done)")
    #expect(try await daemon.cookies().isDisjoint(with: planned))
    try await checkAudit(of: daemon, plan: plan.id, refused: PlanID(rawValue: stalePlan))

    let again = try await ProductCommand.deptop(drain + execute + [plan.id.rawValue])
    #expect(again.status == 4 && again.errors.contains("cooling down"), "\(again)")
    try await client.stop()
    try await lab.stop()
  }

  @Test func `what was not asked for properly is refused before anything is planned`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 2)
    let client = try await lab.fill(2)
    let daemon = try await DaemonUnderTest.start(lab.configuration())
    try await daemon.waitUntilMatched(2)
    let socket = ["--socket", daemon.socketPath]
    let unconfirmed = try await ProductCommand.deptop(["drain", "orders-db", "--scope", "all", "--yes"] + socket)
    #expect(unconfirmed.status == 2 && unconfirmed.errors.contains("--yes and --reason are needed"), "\(unconfirmed)")
    let healthy = try await ProductCommand.deptop(["drain", "orders-db", "--dry-run"] + socket)
    #expect(healthy.status == 4 && healthy.errors.contains("left DNS"), "\(healthy)")
    let idle = try await ProductCommand.deptop(["drain", "orders-db", "--scope", "idle", "--dry-run"] + socket)
    #expect(idle.status == 4 && idle.errors.contains("PgBouncer cannot retire idle connections alone"), "\(idle)")
    let unknown = try await ProductCommand.deptop(["drain", "nothing", "--dry-run"] + socket)
    #expect(unknown.status == 2 && unknown.errors.contains("there is no dependency nothing"), "\(unknown)")
    let plan = try await ProductCommand.deptop(
      ["drain", "orders-db", "--scope", "all", "--dry-run", "--json"] + socket
    )
    .value(Plan.self).id.rawValue
    let confused = try await ProductCommand.deptop(
      ["resolve", "orders-db", "--plan", plan, "--yes", "--reason", "x"] + socket)
    #expect(confused.status == 2 && confused.errors.contains("is a drain of orders-db"), "\(confused)")
    #expect(try await daemon.snapshot().actions.isEmpty)
    try await client.stop()
    try await lab.stop()
  }

  private func checkAudit(of daemon: DaemonUnderTest, plan: PlanID, refused: PlanID) async throws {
    let entries = try await daemon.audit()
    #expect(entries.map(\.event) == [.refused, .started, .finished], "\(entries)")
    #expect(entries.map(\.plan) == [refused, plan, plan])
    #expect(entries.allSatisfy { $0.dependency == "orders-db" && $0.actor.uid == getuid() })
    #expect(entries.suffix(2).allSatisfy { $0.reason == "drill" })
  }
}

extension DaemonUnderTest {
  /// The identities of the pool's connections in the kernel.
  fileprivate func cookies() async throws -> Set<String> {
    Set(try await detail(of: "orders-db").connections.filter { $0.pool != nil }.map(\.cookie))
  }

  /// Waits until kernel and PgBouncer agree on a number of connections that are not all the same as before.
  func waitUntilMatched(_ count: Int, without before: Set<String> = []) async throws {
    try await waitUntil("kernel and PgBouncer agree on \(count) connections") {
      let detail = try await detail(of: "orders-db")
      let matched = detail.connections.filter { $0.pool != nil && $0.state == "established" }
      return matched.count == count && detail.dependency.pools.first?.value.size == count
        && Set(matched.map(\.cookie)) != before
    }
  }
}

extension ProductCommand {
  /// The id in "plan  p-abc, expires at 12:00:00".
  fileprivate var planID: String? {
    let words = output.split { $0 == " " || $0 == "," || $0.isNewline }
    return words.first { $0.hasPrefix("p-") }.map(String.init)
  }
}

extension PgBouncerLab {
  /// Has the server close one connection of the pool.
  fileprivate func closeOne() async throws {
    _ = try await PsqlScript.start(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1;
      """, at: first.address, database: "postgres", user: "postgres"
    ).finish()
  }
}
