/// Text from outside made fit for a terminal and a log.
package enum DisplayText {
  /// Escapes what controls a terminal or reorders text, and shortens to a number of characters.
  package static func clean(_ text: String, limit: Int) -> String {
    var cleaned = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      cleaned += isHarmless(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return text.unicodeScalars.count > limit ? cleaned + "…" : cleaned
  }

  /// Leaves out the user and the password of a URL.
  static func withoutCredentials(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@"), let colon = text.firstIndex(of: ":"), colon < at else { return text }
    let prefix = text[...colon]
    let slashes = text[text.index(after: colon)...].prefix { $0 == "/" }
    return "\(prefix)\(slashes)…\(text[at...])"
  }

  /// `a, b or c`.
  static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return "\(words.dropLast().joined(separator: ", ")) or \(last)"
  }

  /// False for what controls a terminal or reorders text.
  package static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    default: true
    }
  }
}
