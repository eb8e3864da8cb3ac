internal import DeptopModel
internal import DeptopScreen

/// One finding as lines of text.
struct FindingLines {
  let finding: Finding
  let scene: Scene

  /// The sentence, with the evidence when expanded, and with the dependency's name before it when named.
  func lines(columns: Int, isExpanded: Bool, named: Bool) -> [StyledLine] {
    let mark = "\(finding.presentLevel.mark(scene.glyphs)) "
    let start = named ? finding.dependency.shown + "  " : ""
    let texts = wrapped(start + finding.sentence(at: scene.now), to: max(1, columns - 2 - actionWidth(columns)))
    var lines = texts.map { StyledLine("  " + $0, .findingText) }
    lines[0] = StyledLine(mark, finding.presentLevel.role)
    let first = texts[0]
    if named, first.hasPrefix(finding.dependency.shown) {
      lines[0].append(finding.dependency.shown, finding.presentLevel.role)
      lines[0].append(String(first.dropFirst(finding.dependency.shown.count)), .findingText)
    } else {
      lines[0].append(first, .findingText)
    }
    if columns >= 60 {
      lines[0].trailing = actionSpans
    } else if !actionSpans.isEmpty {
      lines.append(StyledLine([.init("  ")] + actionSpans))
    }
    guard isExpanded else { return lines }
    return lines + evidence(columns: columns) + [remarks]
  }

  private var actionSpans: [StyledLine.Span] {
    guard let action = finding.presentAction else { return [] }
    return [
      .init(action.key, .key), .init(" " + sanitized(finding.actionLabel ?? "\(action)"), .keyLabel),
    ]
  }

  private func actionWidth(_ columns: Int) -> Int {
    let width = columns < 60 ? 0 : actionSpans.reduce(0) { $0 + columnWidth(of: $1.text) }
    return width == 0 ? 0 : width + 2
  }

  private func evidence(columns: Int) -> [StyledLine] {
    let readings = finding.evidence.map { columnWidth(of: sanitized($0.reading)) }
    let width = min(readings.max() ?? 0, max(8, columns / 2))
    let found = finding.evidence.map { evidence in
      var line = StyledLine("    ")
      line.append(padded(sanitized(evidence.reading), to: width, ellipsis: scene.glyphs.ellipsis) + "  ", .muted)
      line.append(sanitized(evidence.value))
      if let threshold = evidence.threshold { line.append("  bound \(sanitized(threshold))", .muted) }
      line.append("  \(evidence.source.shown)", .muted)
      return line
    }
    return found + finding.notFound.map { StyledLine("    looked for, not found: \(sanitized($0))", .muted) }
  }

  private var remarks: StyledLine {
    var text = "    \(finding.rule.shown)  for \((scene.now - finding.since).elapsed)"
    text += "  confidence \(percentText(finding.confidence))"
    if finding.recurrences > 0 { text += "  came back \(finding.recurrences)x within 10 min" }
    return StyledLine(text, .muted)
  }
}
