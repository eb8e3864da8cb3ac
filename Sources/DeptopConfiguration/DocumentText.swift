/// A text in which single keys can be overwritten without moving anything else.
struct DocumentText {
  /// Repeated keys that are worth telling apart; each costs another pass over the text.
  private static let maximumStandIns = 16
  private static let firstStandIn: UInt32 = 0xE000

  private var scalars: [Unicode.Scalar]
  private let hasStandInCharacters: Bool

  init(_ text: String) {
    var scalars = Array(text.unicodeScalars)
    // The parser does not count a byte order mark as a column.
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    self.scalars = scalars
    hasStandInCharacters = scalars.contains { (0xE000...0xF8FF).contains($0.value) }
  }

  var string: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// Overwrites a key, plain or quoted, and returns what stands there now; nil when the text is not that key.
  mutating func overwrite(_ key: Document.RepeatedKey, number: Int) -> String? {
    guard number < DocumentText.maximumStandIns, !hasStandInCharacters, !key.name.isEmpty,
      let character = Unicode.Scalar(DocumentText.firstStandIn + UInt32(number)),
      var start = index(of: key.position)
    else { return nil }
    if scalars[start] == "\"" || scalars[start] == "'" { start += 1 }
    let name = Array(key.name.unicodeScalars)
    guard scalars[start...].starts(with: name) else { return nil }
    for index in start..<start + name.count { scalars[index] = character }
    return String(repeating: String(character), count: name.count)
  }

  /// Where the character at an offset is.
  func position(ofCharacter offset: Int) -> Position {
    let scalarOffset = string.prefix(offset).unicodeScalars.count
    var line = 1
    var lineStart = 0
    for index in 0..<min(scalarOffset, scalars.count) where endsLine(index) {
      line += 1
      lineStart = index + 1
    }
    return Position(line: line, column: scalarOffset - lineStart + 1)
  }

  private func index(of position: Position) -> Int? {
    var line = 1
    var index = 0
    while line < position.line {
      guard index < scalars.count else { return nil }
      if endsLine(index) { line += 1 }
      index += 1
    }
    let result = index + position.column - 1
    return scalars.indices.contains(result) ? result : nil
  }

  /// True for the last scalar of a line break, as the parser counts lines.
  private func endsLine(_ index: Int) -> Bool {
    switch scalars[index] {
    case "\n", "\u{85}", "\u{2028}", "\u{2029}": true
    case "\r": index + 1 == scalars.count || scalars[index + 1] != "\n"
    default: false
    }
  }
}
