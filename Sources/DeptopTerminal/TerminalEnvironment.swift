import Glibc

/// What the environment says about the terminal and its character set.
package struct TerminalEnvironment: Sendable, Hashable {
  /// `TERM`, the terminal's type.
  package var type: String?
  /// `COLORTERM`, where terminals announce 24-bit colour.
  package var colorTerm: String?
  /// `NO_COLOR`; any value but the empty one asks for none.
  package var noColor: String?
  /// The locale of characters: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty.
  package var characterLocale: String?

  package init(type: String?, colorTerm: String? = nil, noColor: String? = nil, characterLocale: String? = nil) {
    self.type = type
    self.colorTerm = colorTerm
    self.noColor = noColor
    self.characterLocale = characterLocale
  }

  /// Picks the variables that matter from an environment.
  package init(_ value: (String) -> String?) {
    func set(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
    self.init(
      type: set("TERM"), colorTerm: set("COLORTERM"), noColor: set("NO_COLOR"),
      characterLocale: set("LC_ALL") ?? set("LC_CTYPE") ?? set("LANG"))
  }

  /// The environment of this process.
  package static func current() -> TerminalEnvironment {
    TerminalEnvironment { name in
      guard let value = unsafe getenv(name) else { return nil }
      return unsafe String(cString: value)
    }
  }

  /// Whether colours are refused.
  package var refusesColor: Bool { noColor.map { !$0.isEmpty } ?? false }

  /// Whether the terminal announces 24-bit colour.
  package var announcesTrueColor: Bool {
    let value = colorTerm?.lowercased()
    return value == "truecolor" || value == "24bit"
  }
}
