internal import DeptopScreen

/// A framed part of a page.
struct Panel {
  let title: String
  /// Rows of what is in the frame.
  let rows: Int
  /// Draws the inside into the first rectangle; what is outside the second is not seen.
  let draw: (Rect, Rect, inout Canvas, Inks) -> Void

  /// Rows with the frame.
  var height: Int { rows + 2 }

  init(_ title: String, rows: Int, draw: @escaping (Rect, Rect, inout Canvas, Inks) -> Void) {
    self.title = title
    self.rows = rows
    self.draw = draw
  }

  /// A panel of plain lines.
  init(_ title: String, lines: [StyledLine], _ glyphs: Glyphs) {
    self.init(title, rows: lines.count) { inside, visible, canvas, inks in
      for (index, line) in lines.enumerated() {
        let place = inside.row(index)
        guard place.top >= visible.top, place.top < visible.bottom else { continue }
        canvas.put(line, in: place, inks, glyphs)
      }
    }
  }

  /// A panel with a table; its header stays in view while its rows are scrolled through.
  init(
    _ title: String, columns: [TableColumn], count: Int, _ glyphs: Glyphs,
    row: @escaping (Int) -> [CellText]
  ) {
    self.init(title, columns: columns, count: count, glyphs) { index, _ in row(index) }
  }

  /// The same with rows that are told how wide each column is, 0 for one that is not shown.
  init(
    _ title: String, columns: [TableColumn], sorting: Table.Sorting? = nil, count: Int, _ glyphs: Glyphs,
    fitted row: @escaping (Int, [Int]) -> [CellText]
  ) {
    self.init(title, rows: count + 1) { inside, visible, canvas, inks in
      let hidden = max(0, visible.top - inside.top)
      let bottom = min(inside.bottom, visible.bottom)
      let seen = Rect(
        column: inside.left, row: inside.top + hidden, columns: inside.columns,
        rows: bottom - inside.top - hidden)
      let table = Table(
        columns: columns, sorting: sorting, styles: inks.table, glyphs: glyphs, spacing: inside.columns < 130 ? 1 : 2)
      var widths = columns.map { _ in 0 }
      for place in TableLayout(columns: columns, available: seen.columns, spacing: table.spacing).placements {
        widths[place.index] = place.width
      }
      table.draw(in: seen, on: &canvas, count: count, offset: hidden) { index in
        TableRow(row(index, widths).map { TableCell($0.text, style: inks[$0.role]) })
      }
    }
  }

  func draw(in rect: Rect, visible: Rect, on canvas: inout Canvas, _ inks: Inks, _ glyphs: Glyphs) {
    guard rect.bottom > visible.top, rect.top < visible.bottom else { return }
    let inside = Box(title: title, style: inks[.border], titleStyle: inks[.text], glyphs: glyphs)
      .draw(in: rect, on: &canvas)
    let content = inside.inset(columns: 1, rows: 0)
    guard content.columns > 0 else { return }
    draw(content, visible, &canvas, inks)
  }
}
