internal import DeptopModel
internal import DeptopScreen

/// The menu of states as a box in the middle of the screen.
struct BreakerMenuBox {
  let menu: BreakerMenu
  let scene: Scene

  func draw(on canvas: inout Canvas, _ inks: Inks) {
    let size = scene.size
    let columns = min(50, size.columns)
    let rows = min(menu.states.count + 2, max(0, size.rows - 1))
    let rect = Rect(
      column: (size.columns - columns) / 2, row: max(0, (size.rows - rows) / 2), columns: columns, rows: rows)
    canvas.fill(rect, with: Cell(" ", style: inks[.dialog]))
    let inside = Box(
      title: "breaker of \(menu.dependency.shown)", footer: "Enter plan \(scene.glyphs.box.horizontal) Esc leave",
      style: inks[.dialogBorder], titleStyle: inks[.dialogTitle], glyphs: scene.glyphs
    ).draw(in: rect, on: &canvas)
    let offset = Table.scrolled(0, toShow: menu.index, of: menu.states.count, visible: inside.rows)
    for row in 0..<max(0, min(inside.rows, menu.states.count - offset)) {
      canvas.put(line(menu.states[offset + row]), in: inside.row(row), inks, scene.glyphs, on: .dialog)
      if offset + row == menu.index {
        canvas.restyle(inside.row(row)) { $0.selected(by: inks[.selection], over: inks[.dialog]) }
      }
    }
  }

  private func line(_ state: BreakerState) -> StyledLine {
    var line = StyledLine(" \(state.menuKey)  ", .key).appending(padded(state.deed, to: 12))
    let readings = scene.dependency(menu.dependency)?.breakers ?? []
    let alike = readings.count { $0.value.state == state }
    if alike > 0 { line.append("now: \(alike) of \(counted(readings.count, "breaker"))", .muted) }
    return line
  }
}

extension BreakerState {
  /// The letter that chooses it in the menu.
  var menuKey: Character { Character(letter.lowercased()) }
}
