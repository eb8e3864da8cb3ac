internal import DeptopScreen

/// Text broken at spaces into lines of at most `columns` columns; a longer word is cut.
///
/// There is always one line at least. Lines after the first are indented by `indent` columns.
package func wrapped(_ text: String, to columns: Int, indent: Int = 0) -> [String] {
  guard columns > 0 else { return [""] }
  let margin = String(repeating: " ", count: indent < columns ? indent : 0)
  var lines: [String] = []
  var line = ""
  var width = 0
  for word in text.split(separator: " ") {
    var rest = String(word)
    var restWidth = columnWidth(of: rest)
    if width > margin.count || (lines.isEmpty && width > 0), width + 1 + restWidth > columns {
      lines.append(line)
      (line, width) = (margin, margin.count)
    }
    while width == (lines.isEmpty ? 0 : margin.count), width + restWidth > columns {
      let part = prefix(of: rest, columns: columns - width)
      guard !part.isEmpty else { break }
      lines.append(line + part)
      (line, width) = (margin, margin.count)
      rest = String(rest.dropFirst(part.count))
      restWidth = columnWidth(of: rest)
    }
    guard !rest.isEmpty else { continue }
    let isFirst = width == (lines.isEmpty ? 0 : margin.count)
    line += isFirst ? rest : " " + rest
    width += restWidth + (isFirst ? 0 : 1)
  }
  if lines.isEmpty || width > margin.count { lines.append(line) }
  return lines
}

/// The longest beginning that fits into this many columns.
private func prefix(of text: String, columns: Int) -> Substring {
  var room = columns
  var end = text.startIndex
  while end < text.endIndex {
    room -= columnWidth(of: text[end])
    guard room >= 0 else { break }
    end = text.index(after: end)
  }
  return text[..<end]
}
