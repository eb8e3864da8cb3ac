/// What is sent to a terminal to take it over and to give it back.
struct TerminalModes: Sendable, Hashable {
  /// Alternate screen, whole scroll region, keypad, hidden cursor, bracketed paste.
  let enter: String
  /// The same undone, attributes reset; clears the screen where there is no alternate one.
  let leave: String

  /// Composes both from the terminal type's capabilities.
  ///
  /// - Parameters:
  ///   - scrollRegion: the sequence that makes all rows scroll.
  ///   - capability: a string capability by its terminfo name.
  init(scrollRegion: String, capability: (String) -> String?) {
    func string(_ name: String) -> String { capability(name) ?? "" }
    let hasAlternateScreen = capability("smcup") != nil && capability("rmcup") != nil
    enter =
      (hasAlternateScreen ? string("smcup") : "") + scrollRegion + string("smkx") + string("civis") + string("BE")
    leave =
      scrollRegion + string("sgr0") + string("BD") + string("rmkx")
      + (hasAlternateScreen ? string("rmcup") : string("clear")) + string("cnorm")
  }

  /// A capability without the delays that some entries ask for.
  static func withoutPadding(_ capability: String) -> String {
    var result = ""
    var rest = capability[...]
    while let start = rest.firstIndex(of: "$"), let end = rest[start...].firstIndex(of: ">"),
      rest[start...].hasPrefix("$<")
    {
      result += rest[..<start]
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
