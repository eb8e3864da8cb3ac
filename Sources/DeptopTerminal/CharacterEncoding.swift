import CCurses

/// How characters reach the terminal; decides between Unicode and ASCII glyphs.
package enum CharacterEncoding: Sendable, Hashable {
  case utf8, ascii

  /// The encoding that a locale's character set stands for; only UTF-8 carries more than ASCII here.
  package init(codeset: String) {
    let letters = codeset.lowercased().filter { $0.isLetter || $0.isNumber }
    self = letters == "utf8" ? .utf8 : .ascii
  }

  /// The locales to try in turn until one is UTF-8; the empty name stands for the environment's own.
  ///
  /// An SSH session often carries the name of a locale that is not installed on the host. When that name asks for
  /// UTF-8 the terminal shows it, and any UTF-8 locale of the host serves; when it does not, none is imposed.
  package static func localeCandidates(in environment: TerminalEnvironment) -> [String] {
    guard let locale = environment.characterLocale, let dot = locale.firstIndex(of: ".") else { return [""] }
    let codeset = locale[locale.index(after: dot)...].prefix { $0 != "@" }
    return CharacterEncoding(codeset: String(codeset)) == .utf8 ? ["", "C.UTF-8", "C.utf8", "en_US.UTF-8"] : [""]
  }

  /// Chooses the process's locale of characters and answers what it encodes.
  static func adopt(_ environment: TerminalEnvironment) -> CharacterEncoding {
    for candidate in localeCandidates(in: environment) where unsafe ccurses_set_locale(candidate) {
      let codeset = unsafe ccurses_codeset().map { unsafe String(cString: $0) } ?? ""
      if CharacterEncoding(codeset: codeset) == .utf8 { return .utf8 }
    }
    return .ascii
  }
}
