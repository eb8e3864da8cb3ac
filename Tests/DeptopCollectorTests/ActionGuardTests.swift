import DeptopConfiguration
import DeptopControl
import DeptopModel
import DeptopSources
import DeptopTestSupport
import DeptopWire
import Logging
import Synchronization
import Testing

@testable import DeptopCollector

/// What the engine refuses by cause and by policy, on a dependency that really answers.
@Suite(.timeLimit(.minutes(1)))
struct ActionGuardTests {
  private let listener: LoopbackListener
  private let control = PacedControl()
  private let findings = Findings()
  private let audit = KeptAudit()
  private let engine: ActionEngine

  init() throws {
    listener = try LoopbackListener(backlog: 256)
    let orders = DependencySettings(name: "orders", host: "127.0.0.1", port: listener.address.port)
    let store = Store(settings: .quick([orders]), remembered: [:])
    engine = ActionEngine(
      store: store, agents: AgentRegistry(store: store), audit: audit,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, findings: { [findings] in findings.all },
      preflightSockets: { _ in OwnSockets() })
    engine.adopt([control])
    control.prepare(
      Preparation(
        targets: (1...3).map { target($0, to: end("A"), isStale: false) }, lines: [], confirmation: .key,
        drainTimeout: .seconds(1), steps: 1))
  }

  private let request = PlanRequest(verb: .drain, dependency: "orders", scope: .all)

  private func execute(_ plan: Plan, reason: String? = nil) async throws(Refusal) -> ActionStatus {
    try await engine.execute(ExecuteRequest(plan: plan.id, idempotencyKey: "k", reason: reason), by: alice)
  }

  private static func finding(_ rule: RuleID, _ prohibition: Prohibition? = nil) -> Finding {
    var finding = Finding(
      rule: rule, dependency: "orders", level: .critical, text: "slow", since: at(0), evidence: [], confidence: 0.9,
      prohibition: prohibition)
    finding.state = .open
    return finding
  }

  @Test func `what an open finding rules out is refused when it is planned`() async throws {
    findings.set([Self.finding("M14", Prohibition(verbs: [.drain], reason: "the upstream is slow: shed load"))])
    let refusal = await #expect(throws: Refusal.self) { _ = try await engine.plan(request) }
    #expect(
      refusal?.code == .refused && refusal?.message == "drain refused by finding M14: the upstream is slow: shed load")
  }

  @Test func `what has opened since the plan was made refuses its execution`() async throws {
    let plan = try await engine.plan(request)
    findings.set([Self.finding("M14", Prohibition(verbs: [.drain], reason: "the upstream is slow: shed load"))])
    let refusal = await #expect(throws: Refusal.self) { _ = try await execute(plan) }
    #expect(refusal?.message.hasPrefix("drain refused by finding M14") == true)
    #expect(engine.shown().isEmpty && control.steps == 0)
  }

  @Test func `a plan says what stops it, in words and in numbers, and what would do less`() async throws {
    findings.set([Self.finding("M01")])
    let plan = try await engine.plan(request)
    #expect(plan.lines.map(\.label) == ["pre-flight", "stops if", "gentler", "same as"])
    let bounds = try #require(plan.bounds)
    #expect(bounds.canStop && bounds.connectBaseline < .seconds(1) && bounds.timeLimit > .seconds(1))
  }

  @Test func `a forbidden verb is offered with the reason, and refused`() async throws {
    let plan = try await engine.plan(request)
    var policy = ActionPolicy.none
    policy.forbidden = [.drain]
    engine.adopt(policy, tick: .seconds(1))
    let refusal = await #expect(throws: Refusal.self) { _ = try await execute(plan) }
    #expect(refusal?.code == .forbidden && refusal?.message == "drain is forbidden on this host (policy.forbidden)")
    var dependency = Dependency(id: "orders", kind: nil, host: "127.0.0.1", port: 1, origin: .configured)
    dependency.sockets = nil
    let offers = engine.offers(for: dependency, clients: { [] }, detail: { nil })
    #expect(offers.first { $0.verb == .drain }?.unavailable == "drain is forbidden on this host (policy.forbidden)")
    #expect(offers.contains { $0.verb == .resolve && $0.unavailable?.contains("forbidden") == false })
  }

  @Test func `without a reason nothing begins, and with one the same plan does`() async throws {
    var policy = ActionPolicy.none
    policy.isReasonRequired = true
    engine.adopt(policy, tick: .seconds(1))
    let plan = try await engine.plan(request)
    let refusal = await #expect(throws: Refusal.self) { _ = try await execute(plan, reason: " ") }
    #expect(refusal?.code == .refused && refusal?.message.contains("a reason is required") == true)
    #expect(audit.events == [.refused] && engine.shown().isEmpty)
    #expect(try await execute(plan, reason: "failover").reason == "failover")
  }

  @Test func `each step is written down before the end`() async throws {
    let plan = try await engine.plan(request)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await engine.run() }
      _ = try await execute(plan)
      try await waitUntil("it has ended") { audit.events.last == .finished }
      group.cancelAll()
    }
    #expect(audit.events == [.started, .progress, .finished])
    #expect(audit.results[1] == "3 of 3 done")
  }
}

/// The findings of the latest snapshot.
private final class Findings: Sendable {
  private let state = Mutex<[Finding]>([])

  var all: [Finding] { state.withLock(\.self) }
  func set(_ findings: [Finding]) { state.withLock { $0 = findings } }
}

/// An audit in memory.
private final class KeptAudit: AuditRecording {
  private let state = Mutex<[AuditEntry]>([])

  var events: [AuditEntry.Event] { state.withLock { $0.map(\.event) } }
  var results: [String] { state.withLock { $0.map(\.result) } }
  func append(_ entry: AuditEntry) async throws { state.withLock { $0.append(entry) } }
}
