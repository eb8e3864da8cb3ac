internal import DeptopModel
internal import DeptopScreen

/// Keys by group, the words of the command line, and what the signs mean; made from the tables themselves.
struct HelpPage {
  let lines: [StyledLine]

  init(_ scene: Scene, columns: Int) {
    let state = scene.state
    let blocks = KeyBinding.Group.allCases.map { group in
      [StyledLine(group.title, .header)]
        + state.bindings.bindings.filter { $0.group == group && state.offers($0) }.flatMap {
          Self.lines(of: $0, scene)
        }
    }
    let words =
      [StyledLine("command line", .header)]
      + CommandLanguage.entries.filter { !$0.needsLab || state.scene != nil }.map { entry in
        let usage = ":\(entry.word) \(entry.arguments)".trimmingTail
        return StyledLine(padded(usage, to: 23) + " ", .key).appending(entry.description, .keyLabel)
      }
    let lab =
      state.leftOut.isEmpty
      ? [] : [Self.leftOut(state.leftOut, columns: columns >= 120 ? columns / 2 - 4 : columns - 2)]
    let all = blocks + [words] + lab + [Self.signs(scene.glyphs)]
    lines = columns >= 120 ? Self.sideBySide(all, width: (columns - 4) / 2) : Self.stacked(all)
  }

  private static func lines(of binding: KeyBinding, _ scene: Scene) -> [StyledLine] {
    let reason = binding.group == .act ? binding.unavailable(scene.state, scene.snapshot, scene.clockNow) : nil
    let keys = padded(binding.keysText(scene.glyphs), to: 15) + " "
    let line = StyledLine(keys, reason == nil ? .key : .keyDisabled)
      .appending(binding.description, reason == nil ? .keyLabel : .keyDisabled)
    guard let reason else { return [line] }
    return [line, StyledLine("                  \(sanitized(reason))", .keyDisabled)]
  }

  private static func leftOut(_ scenarios: [String], columns: Int) -> [StyledLine] {
    [StyledLine("scenarios that this host cannot play", .header)]
      + scenarios.flatMap { wrapped($0, to: max(1, columns), indent: 2) }.map { StyledLine($0, .keyLabel) }
  }

  private static func signs(_ glyphs: Glyphs) -> [StyledLine] {
    let levels = [Level.critical, .warning, .stale, .unknown, .ok].map { level in
      StyledLine(padded(level.mark(glyphs), to: 4), level.role).appending(level.meaning, .keyLabel)
    }
    return [StyledLine("signs", .header)] + levels + [
      StyledLine(padded(String(glyphs.missing), to: 4)).appending("not reported by any source: not zero", .keyLabel),
      StyledLine(padded(String(glyphs.gap), to: 4)).appending("a moment without a reading", .keyLabel),
      StyledLine(padded(glyphs.atLeast, to: 4)).appending(
        "at least: older than deptop, or above the last bucket", .keyLabel),
      StyledLine(padded(glyphs.atMost, to: 4)).appending("at most: the bound of a wide histogram bucket", .keyLabel),
      StyledLine(padded(glyphs.times + "2", to: 4)).appending("attempts for each request that was sent", .keyLabel),
    ]
      + BreakerState.allCases.map { state in
        StyledLine(padded(String(state.letter), to: 4), state.role)
          .appending("breaker \(state.rawValue): \(state.meaning)", .keyLabel)
      }
  }

  private static func stacked(_ blocks: [[StyledLine]]) -> [StyledLine] {
    Array(blocks.joined(separator: [StyledLine.empty]))
  }

  private static func sideBySide(_ blocks: [[StyledLine]], width: Int) -> [StyledLine] {
    let total = blocks.reduce(0) { $0 + $1.count + 1 }
    var left: [StyledLine] = []
    var right: [StyledLine] = []
    for block in blocks {
      let goesLeft = right.isEmpty && left.count + block.count <= total / 2 + 4
      if goesLeft { left += block + [.empty] } else { right += block + [.empty] }
    }
    return (0..<max(left.count, right.count)).map { row in
      var line = row < left.count ? left[row].cut(to: width - 1) : .empty
      line.append(String(repeating: " ", count: width - line.width))
      for span in row < right.count ? right[row].spans : [] { line.append(span.text, span.role) }
      return line
    }
  }
}

extension KeyBinding.Group {
  /// The heading in the help.
  package var title: String {
    switch self {
    case .move: "move"
    case .screens: "screens"
    case .find: "find and sort"
    case .act: "act"
    case .display: "display"
    case .program: "program"
    }
  }
}

extension Level {
  fileprivate var meaning: String {
    switch self {
    case .critical: "critical: callers suffer now"
    case .warning: "warning: it will hurt callers, or hurts a few"
    case .stale: "stale: was read once, its source does not answer now"
    case .unknown: "unknown: not enough is read to judge"
    case .ok: "healthy: read, judged, nothing found"
    }
  }
}

extension BreakerState {
  fileprivate var meaning: String {
    switch self {
    case .closed: "calls pass"
    case .open: "calls are rejected until its wait is over"
    case .halfOpen: "a few calls pass to try"
    case .forcedOpen: "calls are rejected until somebody closes it"
    case .disabled: "calls pass and are not judged"
    }
  }
}
