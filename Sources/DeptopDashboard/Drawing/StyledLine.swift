internal import DeptopScreen

/// One line of text in several roles, with an optional part at the right end.
struct StyledLine: Sendable, Hashable {
  private(set) var spans: [Span]
  var trailing: [Span] = []
  /// The character whose cell is drawn as the cursor, counted from 0; nil for none.
  var cursor: Int?

  /// A stretch in one role.
  struct Span: Sendable, Hashable {
    var text: String
    var role: Role

    init(_ text: String, _ role: Role = .text) {
      self.text = text
      self.role = role
    }
  }

  init(_ spans: [Span] = []) { self.spans = spans }

  init(_ text: String, _ role: Role = .text) { spans = [Span(text, role)] }

  static let empty = StyledLine()

  mutating func append(_ text: String, _ role: Role = .text) { spans.append(Span(text, role)) }

  func appending(_ text: String, _ role: Role = .text) -> StyledLine {
    var line = self
    line.append(text, role)
    return line
  }

  /// The line without what stands behind a column.
  func cut(to columns: Int) -> StyledLine {
    var line = StyledLine()
    for span in spans where line.width < columns {
      line.append(truncated(span.text, to: columns - line.width), span.role)
    }
    return line
  }

  var width: Int { spans.reduce(0) { $0 + columnWidth(of: $1.text) } }
  var text: String { spans.map(\.text).joined() }
}

extension Inks {
  /// A role's style on another role's background, unless it has one of its own.
  func style(_ role: Role, on base: Role?) -> Style {
    guard let base else { return self[role] }
    if role == .text { return self[base] }
    var style = self[role]
    if style.background == self[.text].background { style.background = self[base].background }
    return style
  }
}

extension Canvas {
  /// Puts a line into the first row of a rectangle; what does not fit ends with the ellipsis, the right part goes
  /// first when both do not.
  mutating func put(_ line: StyledLine, in rect: Rect, _ inks: Inks, _ glyphs: Glyphs, on base: Role? = nil) {
    guard rect.rows > 0, rect.columns > 0 else { return }
    let tail = line.trailing.reduce(0) { $0 + columnWidth(of: $1.text) }
    let hasTail = tail > 0 && tail + min(line.width, rect.columns / 2) < rect.columns
    let room = rect.columns - (hasTail ? tail + 1 : 0)
    let end = put(line.spans, from: rect.left, row: rect.top, limit: room, inks, glyphs, base)
    if let cursor = line.cursor, cursor < end - rect.left {
      restyle(Rect(column: rect.left + cursor, row: rect.top, columns: 1, rows: 1)) { style in
        Style(
          foreground: style.foreground, background: style.background,
          attributes: style.attributes.symmetricDifference(.reverse))
      }
    }
    if hasTail {
      _ = put(line.trailing, from: rect.right - tail, row: rect.top, limit: tail, inks, glyphs, base)
    }
  }

  private mutating func put(
    _ spans: [StyledLine.Span], from column: Int, row: Int, limit: Int, _ inks: Inks, _ glyphs: Glyphs, _ base: Role?
  ) -> Int {
    var column = column
    var room = limit
    for (index, span) in spans.enumerated() where room > 0 {
      let style = inks.style(span.role, on: base)
      let width = columnWidth(of: span.text)
      let isCutLater = width == room && spans[(index + 1)...].contains { columnWidth(of: $0.text) > 0 }
      let text =
        width > room || isCutLater
        ? truncated(span.text + (isCutLater ? "  " : ""), to: room, ellipsis: glyphs.ellipsis) : span.text
      column = put(text, at: Position(column: column, row: row), style: style)
      room -= min(room, width)
    }
    return column
  }
}
