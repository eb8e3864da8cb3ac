internal import DeptopModel
internal import DeptopScreen

/// The worst findings below the overview, one to a line where the screen is wide.
struct FindingsStrip {
  private let scene: Scene
  private let columns: Int
  private let isNarrow: Bool
  /// The width of the column of names, where there is one.
  private let nameWidth: Int

  init(_ scene: Scene, columns: Int) {
    self.scene = scene
    self.columns = columns
    isNarrow = columns < 60
    nameWidth = isNarrow ? 0 : Self.nameWidth(scene, columns: columns)
  }

  /// Rows that everything would take, with the title, or as many as there are at most.
  func height(atMost limit: Int) -> Int {
    let count = scene.rows.findings.count
    guard count > 0 else { return min(limit, ScreenAreas.isSmall(scene.size) ? 0 : 1 + 1) }
    let title = isNarrow ? 0 : 1
    // Each takes a line at least: where that fills the room, none has to be broken into lines to know.
    guard count + title < limit else { return limit }
    return min(limit, blocks(filling: limit).reduce(title) { $0 + $1.count })
  }

  func draw(in rect: Rect, on canvas: inout Canvas, _ inks: Inks) {
    guard rect.rows > 0 else { return }
    let title = isNarrow ? 0 : 1
    let room = rect.rows - title
    let blocks = blocks(filling: room)
    if !isNarrow {
      Rule(title: self.title(blocks, room: room), style: inks[.border], titleStyle: inks[.text], glyphs: scene.glyphs)
        .draw(in: rect.row(0), on: &canvas)
    }
    for (index, line) in blocks.joined().prefix(room).enumerated() {
      canvas.put(line, in: rect.row(index + title), inks, scene.glyphs)
    }
  }

  private func title(_ blocks: [[StyledLine]], room: Int) -> String {
    var rows = 0
    let shown = blocks.prefix { block in
      rows += block.count
      return rows <= room
    }
    let hidden = scene.rows.findings.isEmpty ? 0 : scene.rows.findings.count - shown.count
    return hidden > 0 ? "findings (\(hidden) more: press 2)" : "findings"
  }

  /// The lines of one finding after the other, until they fill the room; the last may not fit.
  private func blocks(filling room: Int) -> [[StyledLine]] {
    let without = scene.snapshot.withoutFindings
    if scene.rows.findings.isEmpty {
      let mark = without.level == .ok ? "" : "\(without.level.mark(scene.glyphs)) "
      return [[StyledLine(" \(mark)\(without.text)", without.level.role)]]
    }
    var blocks: [[StyledLine]] = []
    var rows = 0
    for index in scene.rows.findings {
      guard rows < room else { break }
      let block = line(of: scene.snapshot.findings[index])
      rows += block.count
      blocks.append(block)
    }
    return blocks
  }

  private func line(of finding: Finding) -> [StyledLine] {
    let mark = " \(finding.presentLevel.mark(scene.glyphs)) "
    let name = finding.dependency.shown
    let sentence = finding.sentence(at: scene.now)
    guard isNarrow else {
      return wideLines(of: finding, sentence: sentence)
    }
    let texts = wrapped("\(name) \(sentence)", to: columns - 4).prefix(2)
    var lines = texts.enumerated().map { index, text in
      index == 0
        ? StyledLine(mark, finding.presentLevel.role).appending(text, .findingText)
        : StyledLine("   " + text, .findingText)
    }
    lines[lines.count - 1].trailing = actionSpans(of: finding)
    return lines
  }

  /// The sentence beside mark and name, on two lines where it needs them.
  private func wideLines(of finding: Finding, sentence: String) -> [StyledLine] {
    let action = actionSpans(of: finding)
    let margin = 3 + nameWidth + 2
    let room = columns - margin - 1 - action.reduce(0) { $0 + columnWidth(of: $1.text) }
    var texts = wrapped(sentence, to: max(20, room))
    if texts.count > 2 { texts = [texts[0], texts.dropFirst().joined(separator: " ")] }
    var first = StyledLine(" ").appending(finding.presentLevel.mark(scene.glyphs), finding.presentLevel.role).appending(
      " ")
    let name = truncated(finding.dependency.shown, to: nameWidth, ellipsis: scene.glyphs.ellipsis)
    first.append(name, finding.presentLevel.role)
    first.append(String(repeating: " ", count: nameWidth - columnWidth(of: name) + 2))
    first.append(texts[0], .findingText)
    first.trailing = action
    return [first] + texts.dropFirst().map { StyledLine(String(repeating: " ", count: margin) + $0, .findingText) }
  }

  private static func nameWidth(_ scene: Scene, columns: Int) -> Int {
    let widest = scene.rows.findings.prefix(20).map { columnWidth(of: scene.snapshot.findings[$0].dependency.shown) }
    return min(max(8, widest.max() ?? 8), columns < 100 ? 14 : 20)
  }

  private func actionSpans(of finding: Finding) -> [StyledLine.Span] {
    guard let action = finding.presentAction else { return [] }
    return [.init(action.key, .key), .init(" " + sanitized(finding.actionLabel ?? "\(action)") + " ", .keyLabel)]
  }
}
