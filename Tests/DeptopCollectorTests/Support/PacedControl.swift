import DeptopControl
import DeptopModel
import Synchronization

/// Closes three connections a step, a second apart.
final class PacedControl: ControlPlane {
  private struct State {
    var steps = 0
    var withdrawals = 0
    var isEndless = false
    var onStep: @Sendable (Int) -> Void = { _ in }
    var preparation: Preparation?
  }

  private let state = Mutex(State())

  let dependencies: [DependencyID] = ["orders"]
  var steps: Int { state.withLock(\.steps) }
  var withdrawals: Int { state.withLock(\.withdrawals) }

  func onStep(_ body: @escaping @Sendable (Int) -> Void) { state.withLock { $0.onStep = body } }
  func prepare(_ preparation: Preparation) { state.withLock { $0.preparation = preparation } }
  func neverEnds() { state.withLock { $0.isEndless = true } }

  func offers(for detail: DependencyDetail) -> [ActionOffer] { [ActionOffer(verb: .drain)] }

  func prepare(_ request: PlanRequest, for detail: DependencyDetail) async throws(ControlError) -> Preparation {
    guard let preparation = state.withLock(\.preparation) else { throw .refused("planned by the test") }
    return preparation
  }

  func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? { nil }
  func execute(_ plan: Plan) async throws(ControlError) -> String { throw .refused("it goes step by step") }

  func execute(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    let done = min(plan.targets.count, (step + 1) * 3)
    let (body, isEndless) = state.withLock { state in
      state.steps += 1
      return (state.onStep, state.isEndless)
    }
    body(done)
    return StepReport(
      text: "step \(step)", pause: done == plan.targets.count && !isEndless ? nil : .seconds(1),
      progress: StepProgress(done: done, total: plan.targets.count))
  }

  func abandon(_ plan: Plan, now: DependencyDetail?) async throws(ControlError) -> String? {
    state.withLock { $0.withdrawals += 1 }
    return "withdrawn"
  }

  func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    Remaining(connections: 0, inUse: 0, note: nil)
  }
}
