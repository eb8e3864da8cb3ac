internal import DeptopModel
internal import DeptopScreen

/// How an action ended, with what was read before and after.
struct VerdictLines {
  let status: ActionStatus
  let glyphs: Glyphs

  var role: Role { status.verdict?.outcome.role ?? .text }

  var title: String {
    guard let verdict = status.verdict else { return "\(status.verb.title) \(status.dependency.shown)" }
    let time = verdict.duration.text(glyphs)
    let mark = verdict.outcome.mark(glyphs)
    if verdict.outcome == .healed || verdict.outcome == .partial {
      return "\(mark) \(status.verb.past) \(status.dependency.shown) in \(time): \(verdict.outcome)"
    }
    return "\(mark) \(status.verb.title) of \(status.dependency.shown) \(verdict.outcome) after \(time)"
  }

  func lines(columns: Int) -> [StyledLine] {
    guard let verdict = status.verdict else { return [] }
    var lines = verdict.comparisons.isEmpty ? [] : comparisons(verdict.comparisons, columns)
    if !verdict.comparisons.isEmpty, !verdict.notes.isEmpty { lines.append(.empty) }
    lines += verdict.notes.flatMap { wrapped(sanitized($0), to: columns, indent: 2) }.map { StyledLine($0) }
    if let reason = status.reason {
      lines += wrapped("reason: " + sanitized(reason), to: columns, indent: 2).map { StyledLine($0, .muted) }
    }
    return lines
  }

  private func comparisons(_ comparisons: [Comparison], _ columns: Int) -> [StyledLine] {
    let readings = min(comparisons.map { columnWidth(of: sanitized($0.reading)) }.max() ?? 0, columns / 2)
    let befores = min(max(6, comparisons.map { columnWidth(of: sanitized($0.before)) }.max() ?? 0), columns / 4)
    let afters = min(max(5, comparisons.map { columnWidth(of: sanitized($0.after)) }.max() ?? 0), columns / 4)
    let left = readings + befores + afters + 4
    var lines = [
      StyledLine(
        padded("", to: readings) + "  " + padded("before", to: befores) + "  " + padded("after", to: afters), .header)
    ]
    for comparison in comparisons {
      var line = StyledLine(padded(sanitized(comparison.reading), to: readings) + "  ", .muted)
      line.append(padded(sanitized(comparison.before), to: befores) + "  ")
      line.append(padded(sanitized(comparison.after), to: afters), .accent)
      let note = comparison.note.map(sanitized) ?? ""
      let room = columns - left - 2
      if note.isEmpty {
        lines.append(line)
      } else if room >= 16 {
        let notes = wrapped(note, to: room)
        lines.append(line.appending("  " + notes[0], .muted))
        lines += notes.dropFirst().map { StyledLine(String(repeating: " ", count: left + 2) + $0, .muted) }
      } else {
        lines.append(line)
        lines += wrapped(note, to: max(1, columns - 2)).map { StyledLine("  " + $0, .muted) }
      }
    }
    return lines
  }
}
