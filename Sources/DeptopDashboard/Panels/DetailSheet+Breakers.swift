internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  private static let mostBreakers = 8
  private static let mostTransitions = 6

  /// Each client's breaker over the last ten minutes, worst first, and the newest changes; nil when there is none.
  func breakers(columns: Int) -> Panel? {
    guard let standing = dependency.breakerStanding(at: scene.now) else { return nil }
    guard standing.isConcerning || standing.changes > 0 else {
      return panel("breakers", [], none: standing.total > 1 ? "all \(standing.total) closed" : "closed")
    }
    let shown = dependency.breakers.prefix(Self.mostBreakers)
    let names = shown.map { columnWidth(of: label($0.value)) }.max() ?? 0
    let nameWidth = min(names, max(8, columns / 4))
    let stateWidth = shown.map { columnWidth(of: state($0.value)) }.max() ?? 0
    let width = max(8, min(240, columns - nameWidth - stateWidth - 2))
    var lines = shown.map { line($0, nameWidth, stateWidth, width) }
    let more = dependency.breakers.count - shown.count
    if more > 0 { lines.append(StyledLine("and \(more) more, none worse", .muted)) }
    lines.append(axis(margin: nameWidth + stateWidth + 2, width))
    lines += remarks(of: standing)
    lines += transitions(columns)
    let words = standing.variants(at: scene.now, glyphs)
    return panel("breakers: \(words.first ?? standing.worst.state.word)", lines, none: "")
  }

  private func label(_ breaker: BreakerReading) -> String {
    sanitized(breaker.client) + (breaker.name.map { " \(sanitized($0))" } ?? "")
  }

  private func state(_ breaker: BreakerReading) -> String {
    let age = breaker.state == .closed ? nil : breaker.since.map { " \((scene.now - $0).age)" }
    return breaker.state.word + (age ?? "")
  }

  private func line(
    _ reading: Reading<BreakerReading>, _ nameWidth: Int, _ stateWidth: Int, _ width: Int
  ) -> StyledLine {
    let breaker = reading.value
    let name = truncated(label(breaker), to: nameWidth, ellipsis: glyphs.ellipsis)
    var line = StyledLine(padded(name, to: nameWidth + 1))
    line.append(padded(state(breaker), to: stateWidth + 1), breaker.state.role)
    if let silent = silence(of: reading.source) { return line.appending(silent.text, .stale) }
    for span in BreakerTimeline(breaker, now: scene.now, width: width).spans(glyphs) {
      line.append(span.text, span.role)
    }
    return line
  }

  private func axis(margin: Int, _ width: Int) -> StyledLine {
    let start = width >= 14 ? "10 min ago" : ""
    let space = max(0, width - start.count - 3)
    let gap = String(repeating: " ", count: space)
    return StyledLine(String(repeating: " ", count: margin) + start + gap + "now", .muted)
  }

  /// What the worst breaker says of itself.
  private func remarks(of standing: BreakerStanding) -> [StyledLine] {
    let worst = standing.worst
    let parts = [
      standing.isFlapping ? "\(standing.changes) changes within 10 min" : nil,
      worst.failureRatio.map { "sees \(percentText($0)) failures" },
      worst.notPermitted.map { "\(countText($0)) calls rejected since its start" },
      worst.openWait.map { "tries again after \($0.text(glyphs))" },
      worst.state == .closed ? nil : worst.reason.map(sanitized),
    ].compactMap { $0 }
    return parts.isEmpty ? [] : [StyledLine(parts.joined(separator: ", "), .muted)]
  }

  /// The newest changes of all breakers, newest first.
  private func transitions(_ columns: Int) -> [StyledLine] {
    let changes = dependency.breakers.flatMap { reading in
      reading.value.transitions.map { (client: label(reading.value), change: $0) }
    }.sorted { $1.change.at < $0.change.at }
    let isNamed = dependency.breakers.count > 1
    return changes.prefix(Self.mostTransitions).map { client, change in
      let time = scene.state.clock.moment(change.at, now: scene.now)
      var line = StyledLine("\(time)  ", .muted)
      if isNamed { line.append(client + "  ") }
      line.append("\(change.from.rawValue) \(glyphs.arrow) ", .muted)
      line.append(change.to.rawValue, change.to.role)
      if let reason = change.reason { line.append("  \(sanitized(reason))", .muted) }
      return line
    }
  }
}
