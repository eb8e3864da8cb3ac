/// A style for every role at every colour depth.
package struct Theme: Sendable, Equatable {
  /// The name that selects the theme.
  package let name: String
  /// One sentence for the theme picker.
  package let description: String
  private let styles: [Key: Style]

  /// A theme out of the styles of every role at every depth.
  ///
  /// - Throws: ``ThemeError`` of the first role that `style` throws for.
  init(
    name: String, description: String, style: (Role, ColorDepth) throws(ThemeError) -> Style
  ) throws(ThemeError) {
    var styles: [Key: Style] = [:]
    styles.reserveCapacity(Role.allCases.count * ColorDepth.allCases.count)
    for role in Role.allCases {
      for depth in ColorDepth.allCases { styles[Key(role: role, depth: depth)] = try style(role, depth) }
    }
    self.name = name
    self.description = description
    self.styles = styles
  }

  /// The style of a role on a terminal with this many colours.
  package func style(for role: Role, at depth: ColorDepth) -> Style {
    styles[Key(role: role, depth: depth), default: .plain]
  }

  /// The theme on a terminal with this many colours.
  package func inks(at depth: ColorDepth) -> Inks {
    Inks(theme: self, depth: depth)
  }

  private struct Key: Hashable {
    let role: Role
    let depth: ColorDepth
  }
}

/// A theme on one terminal: what drawing code asks for its styles.
package struct Inks: Sendable, Equatable {
  package let theme: Theme
  package let depth: ColorDepth

  package subscript(role: Role) -> Style {
    theme.style(for: role, at: depth)
  }

  /// The styles of a table's own parts.
  package var table: Table.Styles {
    Table.Styles(
      text: self[.text], header: self[.header], sortedHeader: self[.headerSorted], selection: self[.selection])
  }
}
