internal import DeptopControl
internal import DeptopModel

/// What is told of one step of a drain by its clients.
struct AgentSteps {
  let plan: Plan
  let drain: AgentDrain
  let view: AgentView

  /// - Parameters:
  ///   - turn: What the step came to.
  ///   - gap: The pause after one that closes something.
  /// - Returns: How far the drain has come, and when to look again.
  func report(of turn: AgentDrain.Turn, gap: Duration) -> StepReport {
    let replaced = drain.replaced(view)
    let begun = turn.orders.reduce(0) { $0 + $1.connections.count }
    let progress = StepProgress(done: replaced, total: plan.targets.count, begun: begun)
    let doing = turn.orders.map { "\($0.client.name) closes \($0.connections.count)" } + turn.waits
    let text = ["\(progress.extent) replaced"] + (turn.isOver ? leftBehind : [doing.joined(separator: ", ")])
    return StepReport(
      text: text.filter { !$0.isEmpty }.joined(separator: "; "),
      pause: turn.isOver ? nil : turn.orders.isEmpty ? AgentPace.look : gap,
      progress: turn.orders.isEmpty ? nil : progress, stop: turn.stop)
  }

  private var leftBehind: [String] {
    let reasons = Dictionary(grouping: drain.left.values, by: \.self)
    return reasons.sorted { $0.key < $1.key }.map { "left \($0.value.count): \($0.key)" }
  }
}
