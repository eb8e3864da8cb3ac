internal import DeptopModel
internal import DeptopScreen

/// How far an action is.
struct RunningLines {
  let id: ActionID
  let scene: Scene

  private var status: ActionStatus? {
    scene.state.followed[id] ?? scene.snapshot.actions.first { $0.id == id }
  }

  var title: String {
    guard let status else { return "action \(id.shown)" }
    let place = "\(status.dependency.shown)\(DialogContent.place(scene))"
    return "\(status.verb.title) \(place): \(status.phase.word), \((scene.clockNow - status.startedAt).elapsed)"
  }

  func lines(columns: Int) -> [StyledLine] {
    guard let status else { return [StyledLine("no word of it from the collector yet", .muted)] }
    var lines = [phases(status.phase), .empty]
    for entry in status.progress {
      let time = scene.state.clock.time(entry.at)
      for (index, text) in wrapped(sanitized(entry.text), to: max(1, columns - 10)).enumerated() {
        lines.append(StyledLine(index == 0 ? time + "  " : "          ", .muted).appending(text))
      }
    }
    if !scene.state.link.isLive {
      lines.append(StyledLine("no link to the collector, which goes on with it", .warning))
    }
    return lines
  }

  private func phases(_ current: ActionStatus.Phase) -> StyledLine {
    let all: [ActionStatus.Phase] = [.preflight, .waiting, .executing, .draining, .verifying]
    let place = all.firstIndex(of: current) ?? all.count
    var line = StyledLine()
    for (index, phase) in all.enumerated() {
      if index > 0 { line.append(" \(scene.glyphs.arrow) ", .muted) }
      let word = index < place ? "\(scene.glyphs.check) \(phase.word)" : index == place ? "[\(phase.word)]" : phase.word
      line.append(word, index < place ? .ok : index == place ? .armed : .muted)
    }
    return line
  }
}
