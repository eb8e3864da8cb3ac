/// A frame with a title in its upper line and, if wanted, a note at the right of its lower line.
package struct Box: Sendable {
  package var title: String
  /// What stands in the lower line, such as the keys that leave a dialog.
  package var footer: String
  package var style: Style
  package var titleStyle: Style
  package var glyphs: Glyphs

  package init(title: String = "", footer: String = "", style: Style, titleStyle: Style? = nil, glyphs: Glyphs) {
    self.title = title
    self.footer = footer
    self.style = style
    self.titleStyle = titleStyle ?? style
    self.glyphs = glyphs
  }

  /// Draws the frame and answers the rectangle inside it.
  ///
  /// Nothing is drawn, and the rectangle is empty, where there is no room for four corners. The inside is left as it
  /// is.
  @discardableResult
  package func draw(in rect: Rect, on canvas: inout Canvas) -> Rect {
    guard rect.columns >= 2, rect.rows >= 2 else {
      return Rect(column: rect.left, row: rect.top, columns: 0, rows: 0)
    }
    let lines = glyphs.box
    let inside = rect.inset(columns: 1, rows: 1)
    let last = rect.rows - 1
    drawEdge(in: rect.row(0), lines.topLeft, lines.topRight, on: &canvas)
    drawEdge(in: rect.row(last), lines.bottomLeft, lines.bottomRight, on: &canvas)
    let side = Cell(lines.vertical, style: style)
    canvas.fill(Rect(column: rect.left, row: inside.top, columns: 1, rows: inside.rows), with: side)
    canvas.fill(Rect(column: inside.right, row: inside.top, columns: 1, rows: inside.rows), with: side)
    drawLabel(title, alignment: .left, in: rect.row(0), style: titleStyle, on: &canvas)
    drawLabel(footer, alignment: .right, in: rect.row(last), style: style, on: &canvas)
    return inside
  }

  private func drawEdge(in row: Rect, _ left: Character, _ right: Character, on canvas: inout Canvas) {
    canvas.fill(row, with: Cell(glyphs.box.horizontal, style: style))
    canvas.fill(Rect(column: row.left, row: row.top, columns: 1, rows: 1), with: Cell(left, style: style))
    canvas.fill(Rect(column: row.right - 1, row: row.top, columns: 1, rows: 1), with: Cell(right, style: style))
  }

  private func drawLabel(
    _ text: String, alignment: Alignment, in row: Rect, style: Style, on canvas: inout Canvas
  ) {
    let room = row.inset(columns: 1, rows: 0)
    guard !text.isEmpty, room.columns >= 4 else { return }
    let label = " \(truncated(text, to: room.columns - 3, ellipsis: glyphs.ellipsis)) "
    let spare = room.columns - columnWidth(of: label)
    let column = alignment == .right ? room.left + spare - min(1, spare) : room.left
    canvas.put(label, at: Position(column: column, row: row.top), style: style)
  }
}

/// A horizontal line with a title near its left end.
package struct Rule: Sendable {
  package var title: String
  package var style: Style
  package var titleStyle: Style
  package var glyphs: Glyphs

  package init(title: String = "", style: Style, titleStyle: Style? = nil, glyphs: Glyphs) {
    self.title = title
    self.style = style
    self.titleStyle = titleStyle ?? style
    self.glyphs = glyphs
  }

  /// Draws the line across the first row of a rectangle.
  package func draw(in rect: Rect, on canvas: inout Canvas) {
    let row = rect.row(0)
    canvas.fill(row, with: Cell(glyphs.box.horizontal, style: style))
    guard !title.isEmpty, row.columns >= 5 else { return }
    let label = " \(truncated(title, to: row.columns - 4, ellipsis: glyphs.ellipsis)) "
    canvas.put(label, at: Position(column: row.left + 1, row: row.top), style: titleStyle)
  }
}
