package import DeptopScreen

/// One line of text that is being typed.
package struct TextField: Sendable, Hashable {
  package private(set) var text: String
  /// Characters before the cursor.
  package private(set) var cursor: Int
  /// The most characters that are taken.
  private static let capacity = 400

  package init(_ text: String = "") {
    self.text = text
    cursor = text.count
  }

  /// Edits the text; answers false for a key that means nothing here.
  package mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(character)
    case .backspace: remove(at: cursor - 1)
    case .delete: remove(at: cursor)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .control("u"): replace(with: String(text.dropFirst(cursor)), cursor: 0)
    case .control("k"): replace(with: String(text.prefix(cursor)), cursor: cursor)
    case .control("w"): removeWord()
    default: return false
    }
    return true
  }

  /// Puts text in at the cursor, made fit to be shown.
  package mutating func insert(_ text: String) {
    for character in sanitized(text) { insert(character) }
  }

  /// Exchanges the whole text and puts the cursor behind it.
  package mutating func replace(with text: String) { replace(with: text, cursor: text.count) }

  private mutating func replace(with text: String, cursor: Int) {
    self.text = text
    self.cursor = cursor
  }

  private mutating func insert(_ character: Character) {
    guard columnWidth(of: character) > 0, text.count < Self.capacity else { return }
    let before = text.count
    text.insert(character, at: text.index(text.startIndex, offsetBy: cursor))
    cursor += text.count - before
  }

  private mutating func remove(at index: Int) {
    guard index >= 0, index < text.count else { return }
    text.remove(at: text.index(text.startIndex, offsetBy: index))
    cursor = index
  }

  private mutating func removeWord() {
    let head = text.prefix(cursor)
    let trimmed = head.lastIndex { $0 != " " }.map { head[...$0] } ?? ""
    let kept = trimmed.lastIndex(of: " ").map { trimmed[...$0] } ?? ""
    replace(with: String(kept) + text.dropFirst(cursor), cursor: kept.count)
  }
}
