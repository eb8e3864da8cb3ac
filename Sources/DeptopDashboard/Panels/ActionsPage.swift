internal import DeptopModel
internal import DeptopScreen

/// Running and recent actions, then the audit, newest first.
struct ActionsPage {
  let lines: [StyledLine]

  init(_ scene: Scene, columns: Int) {
    var lines = [StyledLine("running and recent", .header)]
    let actions = scene.snapshot.actions.sorted {
      ($0.verdict == nil ? 0 : 1, $1.startedAt) < ($1.verdict == nil ? 0 : 1, $0.startedAt)
    }
    lines += actions.flatMap { ActionLines(status: $0, scene: scene).lines(columns: columns) }
    if actions.isEmpty { lines.append(StyledLine("no action within the last ten minutes", .muted)) }
    lines += [.empty, StyledLine("audit", .header)]
    if let problem = scene.state.auditProblem {
      lines.append(StyledLine(sanitized(problem), .error))
    } else if let audit = scene.state.audit {
      lines += audit.map { Self.line(of: $0, scene) }
      if audit.isEmpty { lines.append(StyledLine("nothing was ever done or refused", .muted)) }
    } else {
      lines.append(StyledLine("asking the collector", .muted))
    }
    self.lines = lines
  }

  private static func line(of entry: AuditEntry, _ scene: Scene) -> StyledLine {
    var line = StyledLine("\(scene.state.clock.dateAndTime(entry.at))  ", .muted)
    line.append(padded("\(entry.event)", to: 11) + "  ", entry.event.role)
    line.append("\(entry.verb) \(entry.dependency.shown)  ", .accent)
    line.append(sanitized(entry.result))
    line.append("  by \(sanitized(entry.actor.label))", .muted)
    if let reason = entry.reason { line.append("  reason: \(sanitized(reason))", .muted) }
    return line
  }
}

extension AuditEntry.Event {
  fileprivate var role: Role {
    switch self {
    case .refused: .warning
    case .started, .progress: .text
    case .finished: .ok
    case .interrupted: .critical
    }
  }
}

extension Canvas {
  /// Draws the lines of a page from an offset on.
  mutating func put(_ lines: [StyledLine], in body: Rect, offset: Int, _ inks: Inks, _ glyphs: Glyphs) {
    for row in 0..<max(0, min(body.rows, lines.count - offset)) {
      put(lines[offset + row], in: body.inset(columns: 1, rows: 0).row(row), inks, glyphs)
    }
  }
}
