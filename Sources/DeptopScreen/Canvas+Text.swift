extension Canvas {
  /// Puts text so that it ends before column `end`, and answers the column it starts at.
  ///
  /// Text wider than `limit` is cut with the ellipsis, keeping its beginning.
  @discardableResult
  package mutating func put(
    _ text: String, endingAt end: Int, row: Int, style: Style, limit: Int = .max, ellipsis: Character = "…"
  ) -> Int {
    let shown = truncated(text, to: max(0, limit), ellipsis: ellipsis)
    let start = end - columnWidth(of: shown)
    put(shown, at: Position(column: start, row: row), style: style)
    return start
  }

  /// Puts text into the first row of a rectangle, aligned and cut with the ellipsis where it does not fit.
  package mutating func put(
    _ text: String, in rect: Rect, alignment: Alignment = .left, style: Style, ellipsis: Character = "…"
  ) {
    guard rect.rows > 0, rect.columns > 0 else { return }
    let shown = truncated(text, to: rect.columns, ellipsis: ellipsis)
    let spare = max(0, rect.columns - columnWidth(of: shown))
    let column = rect.left + alignment.leading(of: spare)
    put(shown, at: Position(column: column, row: rect.top), style: style, limit: rect.columns)
  }

  /// The characters of each row without their styles and without trailing spaces, for snapshots.
  package func text() -> [String] {
    (0..<size.rows).map { row in
      var line = ""
      var end = line.endIndex
      for cell in cells[row * size.columns..<(row + 1) * size.columns] {
        guard let character = cell.text else { continue }
        line.append(character)
        if character != " " { end = line.endIndex }
      }
      return String(line[..<end])
    }
  }
}
