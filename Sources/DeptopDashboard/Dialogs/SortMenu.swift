internal import DeptopScreen

/// A list of what rows can be sorted by.
struct SortMenu {
  let title: String
  /// What each entry says.
  let entries: [String]
  /// The entry that is in force; nil when none is.
  let current: Int?
  let isDescending: Bool
  /// The highlighted entry.
  let index: Int
  private let state: DashboardState

  /// The menu of the screen that is shown: a dependency's page sorts its connections, every other the overview.
  init(_ state: DashboardState, index: Int) {
    self.state = state
    self.index = index
    if state.sortsSockets {
      title = "sort sockets by"
      entries = SocketOrder.Column.allCases.map(\.label)
      current = SocketOrder.Column.allCases.firstIndex(of: state.socketOrder.column)
      isDescending = state.socketOrder.isDescending
    } else {
      title = "sort by"
      entries = ColumnID.sortable.map(\.label)
      current = ColumnID.sortable.firstIndex(of: state.sort.column)
      isDescending = state.sort.isDescending
    }
  }

  func draw(on canvas: inout Canvas, _ inks: Inks) {
    let glyphs = state.glyphs
    let columns = min(46, state.size.columns)
    let rows = min(entries.count + 2, max(0, state.size.rows - 1))
    let rect = Rect(
      column: (state.size.columns - columns) / 2, row: max(0, (state.size.rows - rows) / 2), columns: columns,
      rows: rows)
    canvas.fill(rect, with: Cell(" ", style: inks[.dialog]))
    let inside = Box(
      title: title, footer: "Enter choose \(glyphs.box.horizontal) I invert \(glyphs.box.horizontal) Esc leave",
      style: inks[.dialogBorder], titleStyle: inks[.dialogTitle], glyphs: glyphs
    ).draw(in: rect, on: &canvas)
    let offset = Table.scrolled(0, toShow: index, of: entries.count, visible: inside.rows)
    for row in 0..<max(0, min(inside.rows, entries.count - offset)) {
      let arrow = isDescending ? glyphs.sortedDescending : glyphs.sortedAscending
      let sign = offset + row == current ? String(arrow) : " "
      let line = StyledLine(" \(sign) ", .accent).appending(entries[offset + row])
      canvas.put(line, in: inside.row(row), inks, glyphs, on: .dialog)
      if offset + row == index {
        canvas.restyle(inside.row(row)) { $0.selected(by: inks[.selection], over: inks[.dialog]) }
      }
    }
  }
}
