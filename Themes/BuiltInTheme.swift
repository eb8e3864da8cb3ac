package import DeptopScreen

/// The themes that are part of the program.
package enum BuiltInTheme {
  /// The name of the theme that is used when none is chosen.
  package static let defaultName = "dark"

  /// Every theme file with its bytes, in the order of the theme picker.
  package static let all: [(file: String, source: [UInt8])] = [
    ("dark.json5", PackageResources.dark_json5),
    ("light.json5", PackageResources.light_json5),
    ("terminal-16.json5", PackageResources.terminal_16_json5),
    ("mono.json5", PackageResources.mono_json5),
    ("high-contrast.json5", PackageResources.high_contrast_json5),
    ("cvd-blue-orange.json5", PackageResources.cvd_blue_orange_json5),
    ("cvd-tritan.json5", PackageResources.cvd_tritan_json5),
    ("red-production.json5", PackageResources.red_production_json5),
  ]

  /// The names that select a built-in theme, in the order of the theme picker.
  package static var names: [String] { all.map { Theme.name(ofFile: $0.file) } }
}

extension Theme {
  /// A built-in theme by its name; no other theme is parsed, except one that it extends.
  ///
  /// - Throws: ``ThemeError`` with the known names when there is no such theme.
  package static func named(_ name: String) throws(ThemeError) -> Theme {
    guard let entry = BuiltInTheme.all.first(where: { Theme.name(ofFile: $0.file) == name }) else {
      throw ThemeError(file: name, reason: .unknownTheme(known: BuiltInTheme.names))
    }
    return try Theme(file: entry.file, source: entry.source, library: BuiltInTheme.all)
  }

  /// A theme out of a file of the operator's, which may extend a built-in one.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages.
  ///   - source: the file's bytes.
  /// - Returns: the theme, complete for every role and depth.
  /// - Throws: ``ThemeError`` naming file, role, depth and value of the first thing that is wrong.
  package static func custom(file: String, source: [UInt8]) throws(ThemeError) -> Theme {
    try Theme(file: file, source: source, library: BuiltInTheme.all)
  }
}
