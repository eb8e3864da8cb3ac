package import DeptopModel
package import DeptopScreen

/// Plans, verdicts and the audit as plain text for the command line and the clipboard.
package struct ActionText: Sendable {
  package var glyphs: Glyphs
  package var clock: LocalClock
  /// Columns that sentences are wrapped to.
  package var columns: Int

  package init(glyphs: Glyphs = .unicode, clock: LocalClock = LocalClock(), columns: Int = 100) {
    self.glyphs = glyphs
    self.clock = clock
    self.columns = columns
  }

  /// The plan as the dialog shows it, with its identity and its end.
  package func plan(_ plan: Plan, host: Host) -> String {
    let place = sanitized(host.name) + (host.environment.map { " " + sanitized($0) } ?? "")
    var entries = PlanTreatments.entries(plan) + plan.lines.map { (label: $0.label, text: $0.text) }
    entries.append((label: "plan", text: "\(plan.id), expires at \(clock.time(plan.expiresAt))"))
    let title = "\(plan.request.verb.title) \(plan.request.dependency.shown) on \(place)\(plan.request.purpose)"
    return text([title] + LabelledLines.lines(entries, columns: columns - 2).map { "  " + $0.text })
  }

  /// What an operator at a terminal is asked before a plan is executed.
  package func question(for plan: Plan) -> String {
    switch plan.confirmation {
    case .key: "run it? [y/N] "
    case .typeName: "type \(plan.request.dependency.shown) to run it: "
    }
  }

  /// The verdict of an action that has ended, else the phase that it is in.
  package func verdict(of status: ActionStatus) -> String {
    guard status.verdict != nil else {
      return text(["\(status.verb) \(status.dependency.shown): \(status.phase.word)"])
    }
    let verdict = VerdictLines(status: status, glyphs: glyphs)
    return text([verdict.title] + verdict.lines(columns: columns - 2).map { "  " + $0.text })
  }

  /// One line for something that happened during an action.
  package func progress(_ entry: ProgressEntry) -> String {
    "\(clock.time(entry.at))  \(sanitized(entry.text))"
  }

  /// The audit in the order given, one line for each entry.
  package func audit(_ entries: [AuditEntry]) -> String {
    guard !entries.isEmpty else { return "nothing was ever done or refused\n" }
    let names = entries.map { columnWidth(of: $0.dependency.shown) }.max() ?? 0
    return text(
      entries.map { entry in
        let reason = entry.reason.map { "  reason: \(sanitized($0))" } ?? ""
        let verb = padded("\(entry.verb)", to: 7)
        return "\(clock.dateAndTime(entry.at))  \(padded("\(entry.event)", to: 11))  \(verb)  "
          + padded(entry.dependency.shown, to: names)
          + "  \(sanitized(entry.result))  by \(sanitized(entry.actor.label))\(reason)"
      })
  }

  private func text(_ lines: [String]) -> String {
    lines.map(\.trimmingTail).joined(separator: "\n") + "\n"
  }
}
