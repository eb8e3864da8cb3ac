import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport

/// A control plane on a played kernel: what is destroyed is gone from the table at once.
struct SocketLab {
  let scene: RepairScene
  let bench: RepairBench
  let control: SocketControl

  init(_ connections: [Connection]) {
    let scene = RepairScene(connections)
    self.init(
      scene,
      RepairBench { step, cookies in
        if case .destroy = step { scene.remove(cookies) }
      })
  }

  init(_ scene: RepairScene, _ bench: RepairBench) {
    self.scene = scene
    self.bench = bench
    control = SocketControl(access: bench, jitter: { 1 })
  }

  func request(
    _ method: RepairMethod?, _ scope: ActionScope = .stale, client: String? = nil
  ) -> PlanRequest {
    PlanRequest(
      verb: .repair, dependency: "10.0.0.1:5432", scope: scope, repair: method, client: client)
  }

  func prepare(
    _ method: RepairMethod?, _ scope: ActionScope = .stale, client: String? = nil
  ) async throws(ControlError) -> Preparation {
    try await control.prepare(request(method, scope, client: client), for: scene.detail)
  }

  /// Why there is no plan; nil when there is one.
  func refusal(
    _ method: RepairMethod?, _ scope: ActionScope = .stale, client: String? = nil
  ) async -> String? {
    do throws(ControlError) {
      _ = try await prepare(method, scope, client: client)
      return nil
    } catch {
      return error.description
    }
  }

  func plan(
    _ method: RepairMethod?, _ scope: ActionScope = .stale, client: String? = nil
  ) async throws(ControlError) -> Plan {
    try await prepare(method, scope, client: client)
      .plan(for: request(method, scope, client: client), destinations: [])
  }

  func step(_ number: Int, of plan: Plan) async throws(ControlError) -> StepReport {
    try await control.execute(plan, step: number, now: scene.detail)
  }

  /// Does steps until one says that it was the last; answers all their reports.
  func steps(of plan: Plan, upTo limit: Int = 100, from first: Int = 0) async throws -> [StepReport] {
    var reports: [StepReport] = []
    for number in first..<limit {
      let report = try await step(number, of: plan)
      reports.append(report)
      if report.pause == nil { return reports }
    }
    throw TestFailure("it goes on after \(limit) steps")
  }
}

extension Preparation {
  /// The treatment of each target by its local port.
  var treatments: [UInt16: SocketTreatment] {
    Dictionary(targets.compactMap { target in target.treatment.map { (target.local.port, $0) } }) { first, _ in first }
  }
}
