internal import DeptopModel
internal import DeptopScreen

/// One action as lines of text: running with its last step, or ended with its outcome.
struct ActionLines {
  let status: ActionStatus
  let scene: Scene

  func lines(columns: Int) -> [StyledLine] {
    let time = scene.state.clock.moment(status.startedAt, now: scene.now)
    guard let verdict = status.verdict else {
      var line = StyledLine("\(time)  ", .muted).appending("\(status.verb) \(status.dependency.shown)", .accent)
      line.append("  running \((scene.clockNow - status.startedAt).elapsed): \(status.phase.word)", .armed)
      line.append("  by \(sanitized(status.actor.label))", .muted)
      return [line] + status.progress.suffix(1).map { StyledLine("          " + sanitized($0.text)) }
    }
    var line = StyledLine("\(time)  ", .muted)
    line.append("\(verdict.outcome.mark(scene.glyphs)) ", verdict.outcome.role)
    line.append("\(status.verb) \(status.dependency.shown) ", .accent)
    line.append("\(verdict.outcome) in \(verdict.duration.text(scene.glyphs))", verdict.outcome.role)
    line.append("  by \(sanitized(status.actor.label))", .muted)
    if let reason = status.reason { line.append("  \(sanitized(reason))", .muted) }
    let notes = verdict.notes.prefix(2).flatMap { wrapped(sanitized($0), to: max(1, columns - 10)) }
    return [line] + notes.map { StyledLine("          " + $0) }
  }
}

extension Verdict.Outcome {
  var role: Role {
    switch self {
    case .healed: .ok
    case .partial, .aborted: .warning
    case .failed, .interrupted: .critical
    }
  }

  func mark(_ glyphs: Glyphs) -> String {
    switch self {
    case .healed: String(glyphs.check)
    case .partial, .aborted: String(glyphs.marks.warning)
    case .failed, .interrupted: String(glyphs.marks.critical)
    }
  }
}

extension ActionStatus.Phase {
  /// What is being done, in the words of the screen.
  var word: String {
    switch self {
    case .preflight: "pre-flight"
    case .waiting: "waiting"
    case .executing: "executing"
    case .draining: "draining"
    case .verifying: "verifying"
    case .finished: "finished"
    }
  }
}
