import DeptopConfiguration
import DeptopConnection
import DeptopControl
import DeptopHistory
import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import DeptopWire
import Logging
import Testing

@testable import DeptopCollector

/// Actions over the socket, with a control plane that does what the test says, on a dependency that really answers.
@Suite(.timeLimit(.minutes(1)))
struct ActionEngineTests {
  private let listener: LoopbackListener
  private let control = ScriptedControl()

  init() throws {
    listener = try LoopbackListener(backlog: 256)
    control.change {
      $0.preparation = Preparation(
        targets: [target(1, to: end("A"))], lines: [PlanLine("closes now", "1")], confirmation: .key,
        drainTimeout: .seconds(5))
    }
  }

  private func run(_ body: (RunningCollector) async throws -> Void) async throws {
    let orders = DependencySettings(name: "orders", host: "127.0.0.1", port: listener.address.port)
    try await RunningCollector.run(.quick([orders])) { running in
      running.collector.actions.adopt([control])
      try await body(running)
    }
  }

  private let request = PlanRequest(verb: .drain, dependency: "orders", scope: .stale, reason: "failover")

  private func plan(_ running: RunningCollector) async throws -> Plan {
    try await running.connection.post(API.plans, request, as: Plan.self)
  }

  private func execute(_ plan: Plan, key: String = "k", _ running: RunningCollector) async throws -> ActionStatus {
    try await running.connection.post(
      API.actions, ExecuteRequest(plan: plan.id, idempotencyKey: key, reason: nil), as: ActionStatus.self)
  }

  private func verdict(of action: ActionID, _ running: RunningCollector) async throws -> ActionStatus {
    var last: ActionStatus?
    try await running.connection.lines("\(API.actions)/\(action)/stream") { line in
      last = try WireCoding().decode(ActionStatus.self, from: line)
    }
    return try #require(last)
  }

  @Test func `a plan runs once, whoever asks how often, and is seen to its verdict`() async throws {
    try await run { running in
      let plan = try await plan(running)
      #expect(plan.destinations == [listener.address] && plan.targets.map(\.cookie) == ["1"])
      #expect(try await running.connection.get("\(API.plans)/\(plan.id)", as: Plan.self) == plan)
      let started = try await execute(plan, running)
      let repeated = try await execute(plan, running)
      #expect(repeated.id == started.id)
      let other = try await running.refusal { connection throws(CollectorError) in
        _ = try await connection.post(API.plans, request, as: Plan.self)
      }
      #expect(other?.code == .refused && other?.message.contains("still running") == true)
      #expect(other?.message.hasPrefix(started.actor.label) == true, "who is at it")
      let ended = try await verdict(of: started.id, running)
      #expect(ended.verdict?.outcome == .healed && ended.phase == .finished && control.executions == 1)
      #expect(try await execute(plan, running).verdict?.outcome == .healed, "a late repetition answers the verdict")
      try await waitUntil("it is recorded") {
        try await running.connection.get(API.audit, as: [AuditEntry].self).contains { $0.event == .finished }
      }
      let entries = try await running.connection.get(API.audit, as: [AuditEntry].self)
      #expect(entries.map(\.event) == [.started, .refused, .finished])
      #expect(entries.filter { $0.action != nil }.allSatisfy { $0.action == started.id && $0.reason == "failover" })
      let snapshot = try await running.connection.get(API.snapshot, as: Snapshot.self)
      #expect(snapshot.actions.map(\.id) == [started.id])
    }
  }

  @Test func `a world that moved refuses with the difference, and leaves the dependency free`() async throws {
    try await run { running in
      let first = try await plan(running)
      control.change { $0.preparation.targets = [target(1, to: end("A")), target(2, to: end("A"))] }
      do throws(CollectorError) {
        _ = try await running.connection.post(
          API.actions, ExecuteRequest(plan: first.id, idempotencyKey: "k", reason: nil), as: ActionStatus.self)
        Issue.record("it ran")
      } catch {
        guard case .refused(let refusal) = error else { throw error }
        #expect(refusal.code == .changed && refusal.difference.count == 1)
      }
      #expect(control.executions == 0)
      #expect(try await running.connection.get(API.actions, as: [ActionStatus].self).isEmpty)
      let second = try await plan(running)
      #expect(second.digest != first.digest)
      let audit = try await running.connection.get(API.audit, as: [AuditEntry].self)
      #expect(audit.map(\.event) == [.refused] && audit.map(\.plan) == [first.id])
    }
  }

  @Test func `an abort is carried out, and names who asked`() async throws {
    control.change { $0.obstacles = Array(repeating: Obstacle(remaining: .seconds(60), reason: "cache"), count: 1000) }
    try await run { running in
      let started = try await execute(try await plan(running), running)
      _ = try await running.connection.delete("\(API.actions)/\(started.id)", as: ActionStatus.self)
      let ended = try await verdict(of: started.id, running)
      #expect(ended.verdict?.outcome == .aborted && control.executions == 0)
      #expect(ended.verdict?.notes == ["aborted by \(ended.actor.label): nothing was changed"])
      let again = try await running.refusal { connection throws(CollectorError) in
        _ = try await connection.delete("\(API.actions)/\(started.id)", as: ActionStatus.self)
      }
      #expect(again?.code == .refused)
      let cooling = try await running.refusal { connection throws(CollectorError) in
        _ = try await connection.post(API.plans, request, as: Plan.self)
      }
      #expect(cooling?.message.contains("cooling down") == true)
    }
  }

  @Test func `new connections that fail after the wait stop the plan`() async throws {
    control.change { $0.obstacles = [Obstacle(remaining: .seconds(1), reason: "cache")] }
    try await run { running in
      let started = try await execute(try await plan(running), running)
      listener.stopListening()
      let ended = try await verdict(of: started.id, running)
      #expect(ended.verdict?.outcome == .failed && control.executions == 0)
      let note = try #require(ended.verdict?.notes.first)
      #expect(note.contains("pre-flight failed: 3 of 3") && note.contains("nothing was changed"))
    }
  }

  @Test func `the end of the collector is the recorded end of its actions`() async throws {
    control.change { $0.obstacles = Array(repeating: Obstacle(remaining: .seconds(60), reason: "cache"), count: 1000) }
    var directory: TemporaryDirectory?
    var action: ActionID?
    try await run { running in
      directory = running.directory
      action = try await execute(try await plan(running), running).id
      try await waitUntil("it waits") {
        running.collector.actions.shown().first?.phase == .waiting
      }
    }
    let state = try #require(directory).file("state")
    let entries = try HistoryDatabase.open(directory: state).audit.entries(limit: 10)
    #expect(entries.map(\.event) == [.started, .interrupted])
    #expect(entries.allSatisfy { $0.action == action })
  }

  /// A repair of one connection, by the control plane of the test.
  private func prepareRepair(_ treatment: SocketTreatment, in namespace: NamespaceID = .own) {
    control.change { script in
      var repaired = target(1, to: end("A"))
      repaired.treatment = treatment
      repaired.socket = SocketIdentity(
        namespace: namespace, cookie: 1, local: repaired.local, remote: repaired.remote, inode: 1, pid: 1,
        processStart: 1)
      script.preparation.targets = [repaired]
    }
  }

  @Test func `a repair is planned with new connections that succeed only where it closes some`() async throws {
    try await run { running in
      listener.stopListening()
      func request(_ method: RepairMethod) -> PlanRequest {
        PlanRequest(verb: .repair, dependency: "orders", repair: method)
      }
      prepareRepair(.keepalive)
      let plan = try await running.connection.post(API.plans, request(.prove), as: Plan.self)
      #expect(!plan.lines.contains { $0.label == "pre-flight" } && plan.targets.first?.treatment == .keepalive)
      prepareRepair(.destroy)
      let refused = try await running.refusal { connection throws(CollectorError) in
        _ = try await connection.post(API.plans, request(.close), as: Plan.self)
      }
      #expect(refused?.message.contains("pre-flight failed: 3 of 3") == true)
      #expect(refused?.message.hasSuffix("a repair would make it worse") == true)
    }
  }

  @Test func `without a privileged side a repair is offered with the reason, and refused with it`() async throws {
    let orders = DependencySettings(name: "orders", host: "127.0.0.1", port: listener.address.port)
    try await RunningCollector.run(.quick([orders])) { running in
      let refused = try await running.refusal { connection throws(CollectorError) in
        _ = try await connection.post(
          API.plans, PlanRequest(verb: .repair, dependency: "orders", repair: .prove), as: Plan.self)
      }
      #expect(refused?.message.contains("deptop-helper is not running") == true)
    }
  }

  /// An engine of its own, with a privileged side.
  private func engine(
    _ store: Store, from sockets: @escaping @Sendable (NamespaceID) -> (any SocketOpening)? = { _ in OwnSockets() }
  ) -> ActionEngine {
    ActionEngine(
      store: store, agents: AgentRegistry(store: store), sockets: SocketControl(access: RepairBench()),
      audit: NoAudit(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, preflightSockets: sockets)
  }

  @Test func `what was only discovered can be repaired, and nothing else`() {
    let engine = engine(Store(settings: .quick(), remembered: [:]))
    let detail = RepairScene([.played(1)]).detail
    func verbs(_ dependency: Dependency) -> [ActionVerb] {
      engine.offers(for: dependency, clients: { [] }, detail: { detail }).map(\.verb)
    }
    #expect(verbs(detail.dependency) == [.repair])
    var configured = detail.dependency
    configured.origin = .configured
    #expect(verbs(configured) == ActionVerb.allCases)
    engine.adopt([ScriptedControl([detail.dependency.id])])
    #expect(verbs(detail.dependency) == ActionVerb.allCases)
  }

  @Test func `new connections are tried from where the replaced ones are`() async throws {
    let orders = DependencySettings(name: "orders", host: "127.0.0.1", port: listener.address.port)
    let (asked, ask) = AsyncStream<NamespaceID>.makeStream()
    let engine = engine(
      Store(settings: .quick([orders]), remembered: [:]),
      from: { namespace in
        ask.yield(namespace)
        return OwnSockets()
      })
    engine.adopt([control])
    prepareRepair(.destroy, in: NamespaceID(5))
    let plan = try await engine.plan(PlanRequest(verb: .repair, dependency: "orders", repair: .close))
    #expect(plan.destinations == [listener.address] && plan.lines.contains { $0.label == "pre-flight" })
    ask.finish()
    var namespaces: [NamespaceID] = []
    for await each in asked { namespaces.append(each) }
    #expect(namespaces == [NamespaceID(5)])
  }

  @Test func `what cannot be tried from where the replaced ones are is refused`() async throws {
    let orders = DependencySettings(name: "orders", host: "127.0.0.1", port: listener.address.port)
    let engine = engine(Store(settings: .quick([orders]), remembered: [:]), from: { _ in nil })
    engine.adopt([control])
    prepareRepair(.destroy, in: NamespaceID(5))
    let refusal = await #expect(throws: Refusal.self) {
      _ = try await engine.plan(PlanRequest(verb: .repair, dependency: "orders", repair: .close))
    }
    #expect(refusal?.message.contains("network namespace") == true)
  }
}

/// An audit that keeps nothing.
private struct NoAudit: AuditRecording {
  func append(_ entry: AuditEntry) async throws {}
}
