internal import DeptopModel
internal import DeptopScreen

/// The menu of ways to repair as a box in the middle of the screen; two lines for each.
struct RepairMenuBox {
  let menu: RepairMenu
  let scene: Scene

  func draw(on canvas: inout Canvas, _ inks: Inks) {
    let size = scene.size
    let columns = min(66, size.columns)
    let entries = menu.offers.map { lines(of: $0, columns: max(1, columns - 2)) }
    let rows = min(entries.reduce(2) { $0 + $1.count }, max(0, size.rows - 1))
    let rect = Rect(
      column: (size.columns - columns) / 2, row: max(0, (size.rows - rows) / 2), columns: columns, rows: rows)
    canvas.fill(rect, with: Cell(" ", style: inks[.dialog]))
    let inside = Box(
      title: "repair connections of \(menu.dependency.shown)",
      footer: "Enter plan \(scene.glyphs.box.horizontal) Esc leave",
      style: inks[.dialogBorder], titleStyle: inks[.dialogTitle], glyphs: scene.glyphs
    ).draw(in: rect, on: &canvas)
    let highlighted = entries.prefix(menu.index).reduce(0) { $0 + $1.count }
    let last = highlighted + entries[menu.index.clamped(to: 0...entries.count - 1)].count - 1
    let all = entries.flatMap { $0 }
    let offset = Table.scrolled(0, toShow: last, of: all.count, visible: inside.rows)
    for row in 0..<max(0, min(inside.rows, all.count - offset)) {
      canvas.put(all[offset + row], in: inside.row(row), inks, scene.glyphs, on: .dialog)
      if (highlighted...last).contains(offset + row) {
        canvas.restyle(inside.row(row)) { $0.selected(by: inks[.selection], over: inks[.dialog]) }
      }
    }
  }

  private func lines(of offer: RepairOffer, columns: Int) -> [StyledLine] {
    let isOff = offer.unavailable != nil
    let name = StyledLine(" \(String(offer.method.menuKey).uppercased())  ", isOff ? .keyDisabled : .key)
      .appending(offer.method.deed, isOff ? .keyDisabled : .text)
    let text = offer.unavailable.map { "cannot: " + sanitized($0) } ?? offer.method.explanation
    let more = wrapped(text, to: max(1, columns - 5)).prefix(2)
    return [name] + more.map { StyledLine("    " + $0, isOff ? .keyDisabled : .muted) }
  }
}
