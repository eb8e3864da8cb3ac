extension Table {
  /// Draws the header and as many rows as there is room for.
  ///
  /// - Parameters:
  ///   - rect: the room; its first row is the header's.
  ///   - canvas: what to draw on, already filled with the background.
  ///   - count: how many rows there are.
  ///   - offset: the first row shown; see ``scrolled(_:toShow:of:visible:)``.
  ///   - selected: the row to mark, if it is among the shown ones.
  ///   - row: answers one row; asked for the shown ones only.
  package func draw(
    in rect: Rect, on canvas: inout Canvas, count: Int, offset: Int = 0, selected: Int? = nil, row: (Int) -> TableRow
  ) {
    guard rect.rows > 0, rect.columns > 0 else { return }
    let layout = TableLayout(columns: columns, available: rect.columns, spacing: spacing)
    drawHeader(layout, in: rect.row(0), on: &canvas)
    let first = max(0, offset)
    for index in first..<max(first, min(count, first + rect.rows - 1)) {
      let line = rect.row(1 + index - first)
      draw(row(index), layout, in: line, on: &canvas)
      if index == selected { canvas.restyle(line) { $0.selected(by: styles.selection, over: styles.text) } }
    }
  }

  /// The offset nearest to `offset` with which `selected` is among the `visible` rows and no room is wasted.
  package static func scrolled(_ offset: Int, toShow selected: Int?, of count: Int, visible: Int) -> Int {
    guard visible > 0 else { return max(0, offset) }
    var first = offset
    if let selected { first = min(max(first, selected - visible + 1), selected) }
    return max(0, min(first, count - visible))
  }

  private func drawHeader(_ layout: TableLayout, in line: Rect, on canvas: inout Canvas) {
    for placement in layout.placements {
      let column = columns[placement.index]
      let place = Rect(column: line.left + placement.offset, row: line.top, columns: placement.width, rows: 1)
      guard let sorting, sorting.id == column.id else {
        canvas.put(
          column.title, in: place, alignment: column.alignment, style: styles.header, ellipsis: glyphs.ellipsis)
        continue
      }
      let title = sortedTitle(column.title, ascending: sorting.ascending, width: placement.width)
      canvas.put(
        title, in: place, alignment: column.alignment, style: styles.sortedHeader, ellipsis: glyphs.ellipsis)
    }
  }

  private func sortedTitle(_ title: String, ascending: Bool, width: Int) -> String {
    let arrow = ascending ? glyphs.sortedAscending : glyphs.sortedDescending
    return truncated(title, to: width - 1, ellipsis: glyphs.ellipsis) + String(arrow)
  }

  private func draw(_ row: TableRow, _ layout: TableLayout, in line: Rect, on canvas: inout Canvas) {
    var index = 0
    for cell in row.cells where index < columns.count {
      let covered = index..<min(columns.count, index + cell.span)
      index += cell.span
      guard let placement = layout.placement(across: covered) else { continue }
      let place = Rect(column: line.left + placement.offset, row: line.top, columns: placement.width, rows: 1)
      let alignment = cell.span == 1 ? columns[covered.lowerBound].alignment : .left
      canvas.put(cell.text, in: place, alignment: alignment, style: cell.style, ellipsis: glyphs.ellipsis)
    }
  }
}
