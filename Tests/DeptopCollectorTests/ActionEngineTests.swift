import DeptopConfiguration
import DeptopConnection
import DeptopControl
import DeptopHistory
import DeptopModel
import DeptopTestSupport
import DeptopWire
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
}
