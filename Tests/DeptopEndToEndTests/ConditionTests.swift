import DeptopModel
import DeptopScreen
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Testing

/// Four ways in which calls go wrong, each told from the others by words.
@Suite(.serialized, .servers("curl", nameServer: false), .timeLimit(.minutes(2)))
struct ConditionTests {
  private static let names = ["breakers", "calls", "pools", "sends"]

  @Test func `each condition is in the overview within two ticks, and told apart by words`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let agent = ReportingScript(daemon.place.file("ingest.sock"))
    let dashboard = try DashboardUnderTest(of: daemon, size: .init(columns: 160, rows: 40))
    for _ in 0..<4 { try await agent.report(isWrong: false) }
    try dashboard.wait(for: "4 healthy", within: .seconds(30))
    #expect(!dashboard.shows("deadline") && !dashboard.shows("9 wait") && !dashboard.shows("×"))

    // Six reports of what is wrong, as the breaker needs some changes until it flaps.
    for _ in 0..<6 { try await agent.report(isWrong: true) }
    let told = try await daemon.snapshot()
    var later = told
    while later.sequence < told.sequence + 2 {
      try await agent.report(isWrong: true)
      later = try await daemon.snapshot()
    }
    let open = later.findings.filter { $0.state == .open }
    #expect(Set(open.map(\.dependency.rawValue)) == Set(Self.names), "\(open.map(\.text))")
    #expect(Set(open.map(\.rule)).count == 4, "\(open.map(\.rule))")

    try await agent.report(isWrong: true)
    try dashboard.wait("the words of each are in its row", within: .seconds(3)) { emulator in
      let row = { (name: String) in emulator.screen.first { $0.contains("  \(name) ") } ?? "" }
      return row("pools").contains("9 wait") && row("sends").contains("×") && row("breakers").contains("flaps")
        && row("calls").contains("deadline")
    }
    let first = try #require(try await daemon.snapshot().dependencies.first { $0.id == "sends" }?.calls?.value)
    #expect((first.amplification ?? 0) > 2 && abs((first.rate(first.counts.requests) ?? 0) - 100) < 30, "\(first)")
  }
}

/// An agent that reports once a second what it is told to.
private final class ReportingScript {
  private let socket: String
  private let start = WallTime.now()
  private var second = 0
  private var wrong = 0

  init(_ socket: String) { self.socket = socket }

  /// Reports the next second, when it has come.
  func report(isWrong: Bool) async throws {
    second += 1
    if isWrong { wrong += 1 }
    let due = start + .seconds(second)
    try await waitUntil("second \(second) has come") { WallTime.now() >= due }
    let body = String(
      decoding: try WireCoding().encode(AgentReport(client: "app", dependencies: dependencies)), as: UTF8.self)
    let answer = try await Curl(socket).put("/v1/agents/app", body)
    guard answer.status == 200 else { throw TestFailure("\(answer)") }
  }

  private var dependencies: [ClientReport] {
    let (all, bad) = (UInt64(second), UInt64(wrong))
    var pool = report("pools", requests: all * 100)
    pool.pool = ReportedPool(active: wrong > 0 ? 20 : 3, idle: wrong > 0 ? 0 : 17, pending: wrong > 0 ? 9 : 0, max: 20)
    pool.pool?.oldestWait = wrong > 0 ? .seconds(2) : .zero
    var retries = report("sends", requests: all * 100)
    retries.totals?.attempts = all * 100 + bad * 200
    var flapping = report("breakers", requests: all * 100)
    flapping.breaker = ReportedBreaker(state: wrong.isMultiple(of: 2) ? .closed : .open)
    var deadlines = report("calls", requests: all * 100)
    deadlines.totals?.fates = [.success: all * 100 - bad * 60, .timeout: bad * 60]
    deadlines.totals?.timeouts = [.deadline: bad * 60]
    return [pool, retries, flapping, deadlines]
  }

  private func report(_ name: String, requests: UInt64) -> ClientReport {
    var report = ClientReport(name: name)
    report.totals = CallTotals(requests: requests, attempts: requests, fates: [.success: requests])
    return report
  }
}
