import DeptopControl
import DeptopModel
import Synchronization

/// A control plane that does what a test says, and counts what it was asked.
final class ScriptedControl: ControlPlane {
  struct Script: Sendable {
    /// Answered one after the other; nil once all were.
    var obstacles: [Obstacle] = []
    var obstacleError: ControlError?
    var executeError: ControlError?
    var remaining: Result<Remaining, ControlError> = .success(Remaining(connections: 0, inUse: 0, note: nil))
    var preparation = Preparation(targets: [], lines: [], confirmation: .key, drainTimeout: .seconds(30))
    var executions = 0
  }

  let dependencies: [DependencyID]
  private let script: Mutex<Script>
  private let onExecute: @Sendable () -> Void

  init(
    _ dependencies: [DependencyID] = ["orders"], _ script: Script = Script(),
    onExecute: @escaping @Sendable () -> Void = {}
  ) {
    self.dependencies = dependencies
    self.script = Mutex(script)
    self.onExecute = onExecute
  }

  var executions: Int { script.withLock(\.executions) }

  func change(_ body: @Sendable (inout Script) -> Void) {
    script.withLock { body(&$0) }
  }

  func offers(for detail: DependencyDetail) -> [ActionOffer] { ActionVerb.allCases.map { ActionOffer(verb: $0) } }

  func prepare(_ request: PlanRequest, for detail: DependencyDetail) async throws(ControlError) -> Preparation {
    script.withLock(\.preparation)
  }

  func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? {
    try script.withLock { script throws(ControlError) in
      if let error = script.obstacleError { throw error }
      return script.obstacles.isEmpty ? nil : script.obstacles.removeFirst()
    }
  }

  func execute(_ plan: Plan) async throws(ControlError) -> String {
    try script.withLock { script throws(ControlError) in
      script.executions += 1
      if let error = script.executeError { throw error }
    }
    onExecute()
    return "sent RECONNECT"
  }

  func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    try script.withLock { script throws(ControlError) in try script.remaining.get() }
  }
}
