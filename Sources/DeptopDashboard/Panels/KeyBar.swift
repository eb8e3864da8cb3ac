internal import DeptopModel
internal import DeptopScreen

/// The last line: what is being typed, else what there is to say, else the keys.
struct KeyBar {
  let state: DashboardState
  let snapshot: Snapshot?
  let now: WallTime
  /// How many rows the filter leaves; nil before the first snapshot.
  let shownRows: Int?

  func draw(in rect: Rect, on canvas: inout Canvas, _ inks: Inks) {
    guard rect.rows > 0 else { return }
    canvas.put(line(columns: rect.columns), in: rect, inks, state.glyphs)
  }

  private func line(columns: Int) -> StyledLine {
    if let prompt = state.prompt { return line(of: prompt, columns: columns) }
    if let notice = state.notice { return StyledLine(" " + notice.text, notice.kind == .problem ? .error : .notice) }
    if state.dialog != nil || state.sortMenu != nil || state.breakerMenu != nil || state.repairMenu != nil {
      return .empty
    }
    return keys(columns: columns)
  }

  private func line(of prompt: Prompt, columns: Int) -> StyledLine {
    var line = StyledLine(prompt.kind.sign, .key)
    let room = max(4, columns - 30)
    let text = prompt.field.text
    // The end of a long text matters: that is where the cursor is.
    let hidden = max(0, columnWidth(of: String(text.prefix(prompt.field.cursor))) - room)
    let shown = String(text.dropFirst(hidden))
    line.append(shown + " ", .input)
    line.cursor = 1 + columnWidth(of: String(text.prefix(prompt.field.cursor))) - hidden
    line.trailing = [.init(remark(on: prompt) + " ", .muted)]
    return line
  }

  private func remark(on prompt: Prompt) -> String {
    switch prompt.kind {
    case .search: return "Enter keep  Esc leave"
    case .filter:
      if let problem = state.filter.problem { return problem }
      return shownRows.map { counted($0, "row") + "  Enter keep  Esc undo" } ?? ""
    case .command:
      let word = prompt.field.text.prefix { $0 != " " }
      let entries = word.isEmpty ? [] : CommandLanguage.entries.filter { $0.word.hasPrefix(word) }
      guard entries.count == 1, let entry = entries.first else { return "Tab completes  Esc leave" }
      return "\(entry.word) \(entry.arguments)".trimmingTail + ": " + entry.description
    }
  }

  private func keys(columns: Int) -> StyledLine {
    var line = StyledLine(" ")
    let order: [Command] =
      [
        .showHelp, state.screen == .overview || state.screen == .clients ? .open : .back,
      ] + (state.screen == .clients ? [.regroup] : []) + [
        .drain, .resolve, .breaker, .repair, .nextScenario, .search, .filter, .sortMenu, .commandLine, .freeze, .quit,
        .nextTheme,
      ]
    for binding in order.compactMap({ state.bindings.binding(of: $0) }) where state.offers(binding) {
      guard let hint = binding.hint, let key = binding.keys.first else { continue }
      let isOff = binding.unavailable(state, snapshot, now) != nil
      let label = key.label(state.glyphs)
      guard line.width + label.count + hint.count + 1 <= columns - 1 else { break }
      line.append(label, isOff ? .keyDisabled : .key)
      line.append(" \(hint)", isOff ? .keyDisabled : .keyLabel)
      line.append("  ")
    }
    return line
  }
}

extension String {
  var trimmingTail: String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
