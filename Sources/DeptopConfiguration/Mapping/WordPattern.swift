/// A word with an optional `*` at its beginning and at its end: no regular expressions, so that each test is cheap.
package struct WordPattern: Sendable, Hashable {
  package var word: String
  /// True when anything may stand before the word.
  package var isOpenAtStart: Bool
  /// True when anything may stand after the word.
  package var isOpenAtEnd: Bool

  /// Takes a word; nil when it has a `*` in its middle, or is nothing but stars.
  package init?(_ text: String) {
    var rest = text[...]
    isOpenAtStart = rest.hasPrefix("*")
    if isOpenAtStart { rest.removeFirst() }
    isOpenAtEnd = rest.hasSuffix("*")
    if isOpenAtEnd { rest.removeLast() }
    guard !rest.isEmpty, !rest.contains("*") else { return nil }
    word = String(rest)
  }

  /// True when only one word fits.
  package var isExact: Bool { !isOpenAtStart && !isOpenAtEnd }

  /// True when a word fits; letters' case counts.
  package func matches(_ text: String) -> Bool {
    switch (isOpenAtStart, isOpenAtEnd) {
    case (false, false): text == word
    case (false, true): text.hasPrefix(word)
    case (true, false): text.hasSuffix(word)
    case (true, true): text.firstRange(of: word) != nil
    }
  }
}
