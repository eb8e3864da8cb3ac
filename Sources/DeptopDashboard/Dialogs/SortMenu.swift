internal import DeptopScreen

/// The list of columns to sort by.
struct SortMenu {
  let state: DashboardState
  let index: Int

  func draw(on canvas: inout Canvas, _ inks: Inks) {
    let glyphs = state.glyphs
    let entries = ColumnID.sortable
    let columns = min(46, state.size.columns)
    let rows = min(entries.count + 2, max(0, state.size.rows - 1))
    let rect = Rect(
      column: (state.size.columns - columns) / 2, row: max(0, (state.size.rows - rows) / 2), columns: columns,
      rows: rows)
    canvas.fill(rect, with: Cell(" ", style: inks[.dialog]))
    let inside = Box(
      title: "sort by", footer: "Enter choose \(glyphs.box.horizontal) I invert \(glyphs.box.horizontal) Esc leave",
      style: inks[.dialogBorder], titleStyle: inks[.dialogTitle], glyphs: glyphs
    ).draw(in: rect, on: &canvas)
    let offset = Table.scrolled(0, toShow: index, of: entries.count, visible: inside.rows)
    for row in 0..<max(0, min(inside.rows, entries.count - offset)) {
      let entry = entries[offset + row]
      let arrow = state.sort.isDescending ? glyphs.sortedDescending : glyphs.sortedAscending
      let sign = entry == state.sort.column ? String(arrow) : " "
      let line = StyledLine(" \(sign) ", .accent).appending(entry.label)
      canvas.put(line, in: inside.row(row), inks, glyphs, on: .dialog)
      if offset + row == index {
        canvas.restyle(inside.row(row)) { $0.selected(by: inks[.selection], over: inks[.dialog]) }
      }
    }
  }
}
