/// Where text stands in the room it is given.
package enum Alignment: String, Sendable, Hashable, CaseIterable {
  case left, right, center
}

/// Text cut to at most `columns` columns, the last of which shows that something is missing.
///
/// Pass `Glyphs.ellipsis`, which is `~` where the terminal shows ASCII only. Text that fits is returned unchanged; a
/// wide character is never cut in half, so the result may be one column narrower than asked for.
package func truncated(_ text: String, to columns: Int, ellipsis: Character = "…") -> String {
  guard columns > 0 else { return "" }
  // No character has more columns than bytes.
  if text.utf8.count <= columns { return text }
  var room = columns
  var index = text.startIndex
  var cut = text.startIndex
  while index < text.endIndex {
    let width = columnWidth(of: text[index])
    if width > room { return String(text[..<cut]) + String(ellipsis) }
    room -= width
    index = text.index(after: index)
    if room >= 1 { cut = index }
  }
  return text
}

/// Text cut to `columns` columns and filled up with spaces to exactly that many.
package func padded(
  _ text: String, to columns: Int, alignment: Alignment = .left, ellipsis: Character = "…"
) -> String {
  let shown = truncated(text, to: columns, ellipsis: ellipsis)
  let missing = max(0, columns - columnWidth(of: shown))
  let before = alignment.leading(of: missing)
  return String(repeating: " ", count: before) + shown + String(repeating: " ", count: missing - before)
}

extension Alignment {
  /// The part of `spare` columns that belongs before the text.
  func leading(of spare: Int) -> Int {
    switch self {
    case .left: 0
    case .center: spare / 2
    case .right: spare
    }
  }
}
