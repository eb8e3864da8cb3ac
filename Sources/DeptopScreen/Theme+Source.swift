extension Theme {
  /// A theme out of its file, and out of the files that it extends.
  ///
  /// The form of a file, with all that may stand in it:
  /// ```
  /// { name: "night", description: "one sentence", extends: "dark",
  ///   palette: { red: "#ff5555", own: "brightRed" },      // colours, or the terminal's own by name
  ///   foreground: ["grey", 252, "white", "white"],        // for roles without fg; or just "terminal"
  ///   background: ["base", 234, "black", "black"],        // for roles without bg
  ///   roles: {
  ///     critical: { fg: ["red", 203, "brightRed", "red"], bg: […], style: "bold", mono: "bold reverse" },
  ///   } }
  /// ```
  /// A list gives the value for 24-bit colour (a palette name or `#rrggbb`), 256, 16 and 8 colours (a number or the
  /// name of a terminal colour), each or all of which may be `terminal`. `style` is a text or such a list of texts
  /// out of plain, bold, dim, underline, reverse and italic; `mono` is one for terminals without colour. A role of an
  /// extending theme replaces the one below as a whole; palette names are looked up last, so a theme may only
  /// exchange colours.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages.
  ///   - source: the file's bytes.
  ///   - library: themes that may be extended; only those that are will be parsed.
  /// - Throws: ``ThemeError`` naming file, role, depth and value of the first thing that is wrong.
  package init(
    file: String, source: [UInt8], library: [(file: String, source: [UInt8])] = []
  ) throws(ThemeError) {
    var merged = try ThemeSource(file: file, source: source)
    var visited = [file]
    var parent = merged.parent
    while let name = parent {
      guard let entry = library.first(where: { Self.name(ofFile: $0.file) == name }) else {
        let known = library.map { Self.name(ofFile: $0.file) }
        throw ThemeError(file: file, role: "extends", value: name, reason: .unknownTheme(known: known))
      }
      guard !visited.contains(entry.file) else {
        throw ThemeError(file: file, role: "extends", value: name, reason: .circularExtension)
      }
      visited.append(entry.file)
      let base = try ThemeSource(file: entry.file, source: entry.source)
      merged.extend(base)
      parent = base.parent
    }
    let complete = merged
    try self.init(name: complete.name, description: complete.description) { role, depth throws(ThemeError) in
      try complete.style(of: role, at: depth)
    }
  }

  /// The name of the theme in a file: what stands before `.json5` in the last part of its path.
  package static func name(ofFile path: String) -> String {
    let last = path.split(separator: "/").last ?? ""
    return String(last.hasSuffix(".json5") ? last.dropLast(6) : last)
  }
}
