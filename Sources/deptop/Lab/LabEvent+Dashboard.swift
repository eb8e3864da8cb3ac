package import DeptopDashboard
package import DeptopWire

extension LabEvent {
  /// What the dashboard is told of it; nil for what it cannot use.
  package var input: DashboardInput? {
    switch self {
    case .ready: nil
    case .scenario(let scene): .sceneChanged(scene)
    case .leftOut(let scenario, let reason): .scenarioLeftOut(scenario, reason: reason)
    case .finished: .noticed("every scenario has been played; q quits, :lab play ID repeats one", .done)
    case .failed(let reason): .labEnded(reason: reason)
    }
  }
}
