internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// What can be done, what is being done, and how the last action ended.
  func actions(columns: Int) -> Panel {
    var lines = ActionVerb.allCases.map { offer($0) }
    for status in scene.snapshot.actions.reversed() where status.dependency == dependency.id {
      lines += ActionLines(status: status, scene: scene).lines(columns: columns)
    }
    return panel("actions", lines, none: "none")
  }

  private func offer(_ verb: ActionVerb) -> StyledLine {
    let key = verb.key
    let name = padded("\(verb)", to: 8)
    guard let offer = dependency.actions.first(where: { $0.verb == verb }) else {
      let isRepair = verb == .repair
      return StyledLine("\(key) \(name) ", .keyDisabled).appending(
        isRepair
          ? "the collector cannot: deptop doctor tells why"
          : dependency.origin == .reported ? "none of its clients obeys it" : "no control plane is configured for it",
        .muted)
    }
    if let reason = offer.unavailable {
      return StyledLine("\(key) \(name) ", .keyDisabled).appending(sanitized(reason), .muted)
    }
    let isArmed = scene.state.isArmed(at: scene.clockNow)
    let ways = offer.breakerStates?.map(\.deed) ?? offer.repairs?.filter { $0.unavailable == nil }.map(\.method.deed)
    let states = ways.map { ": " + $0.joined(separator: ", ") } ?? ""
    return StyledLine("\(key) ", isArmed ? .key : .keyDisabled).appending(name, isArmed ? .keyLabel : .keyDisabled)
      .appending((isArmed ? " possible" : " possible after :arm") + states, .muted)
  }
}
