internal import DeptopModel
internal import DeptopScreen

/// All findings, worst first; the selected one with its evidence.
struct FindingsPage {
  private let scene: Scene
  private(set) var lines: [StyledLine] = []
  /// The lines of the selected finding.
  private(set) var selected: Range<Int> = 0..<0

  init(_ scene: Scene, columns: Int) {
    self.scene = scene
    for index in scene.rows.findings {
      let finding = scene.snapshot.findings[index]
      let isSelected = finding.id == scene.state.selectedFinding
      let part = FindingLines(finding: finding, scene: scene)
        .lines(columns: max(1, columns - 2), isExpanded: isSelected, named: true)
      if isSelected { selected = lines.count..<lines.count + part.count }
      lines += part
    }
    let without = scene.snapshot.withoutFindings
    if lines.isEmpty { lines = [StyledLine(without.text, without.level.role)] }
  }

  /// The first line in view, so that all of the selected finding is.
  func offset(from wanted: Int, page: Int) -> Int {
    let bottom = Table.scrolled(wanted, toShow: max(0, selected.upperBound - 1), of: lines.count, visible: page)
    return selected.isEmpty ? bottom : min(bottom, max(0, selected.lowerBound))
  }

  func draw(in body: Rect, offset: Int, on canvas: inout Canvas, _ inks: Inks) {
    for row in 0..<max(0, min(body.rows, lines.count - offset)) {
      let line = body.row(row)
      canvas.put(lines[offset + row], in: line.inset(columns: 1, rows: 0), inks, scene.glyphs)
      if offset + row == selected.lowerBound, !selected.isEmpty {
        canvas.restyle(line) { $0.selected(by: inks[.selection], over: inks[.text]) }
      }
    }
  }
}
