/// Why a theme file cannot be used, and where in it.
package struct ThemeError: Error, Hashable, CustomStringConvertible {
  /// The file's name as it was given.
  package var file: String
  /// The role, or the other key of the file, that is wrong.
  package var role: String?
  package var depth: ColorDepth?
  /// What stands there, as it was written.
  package var value: String?
  package var reason: Reason

  package init(
    file: String, role: String? = nil, depth: ColorDepth? = nil, value: String? = nil, reason: Reason
  ) {
    self.file = file
    self.role = role
    self.depth = depth
    self.value = value
    self.reason = reason
  }

  /// What is wrong.
  package enum Reason: Sendable, Hashable {
    /// The file is not JSON5; the parser's own words.
    case syntax(String)
    /// A value has another type than it needs to have.
    case expected(String)
    /// A key that means nothing here, with those that do.
    case unknownKey(known: [String])
    case unknownRole
    /// Neither the theme nor one that it extends says anything about a role.
    case missingRole
    /// A role, or the theme's foreground or background, lacks the value for a depth.
    case missingValue
    /// A name that the palette does not have.
    case unknownPaletteName
    /// A name that is none of the terminal's sixteen colours.
    case unknownColorName
    /// A colour that is not of the form `#rrggbb`.
    case malformedColor
    /// A number or name of a colour that the depth does not have; the last number that it has.
    case colorOutOfRange(last: Int)
    case unknownAttribute
    /// The theme to select or to extend does not exist, with those that do.
    case unknownTheme(known: [String])
    /// Themes that extend one another in a circle.
    case circularExtension
  }

  package var description: String {
    var place = "theme \(file)"
    if let role { place += ", \(role)" }
    if let depth { place += " at \(depth.rawValue)" }
    if let value { place += ": \"\(value)\"" } else { place += ":" }
    return "\(place) \(reason.text)"
  }
}

extension ThemeError.Reason {
  fileprivate var text: String {
    switch self {
    case .syntax(let message): "is not valid JSON5: \(message)"
    case .expected(let what): "should be \(what)"
    case .unknownKey(let known): "is not a key here; known are \(known.joined(separator: ", "))"
    case .unknownRole: "is not a role"
    case .missingRole: "has no entry; every role needs one"
    case .missingValue: "has no value; every depth needs one"
    case .unknownPaletteName: "is not a name in the palette, a colour like #ff5555, or terminal"
    case .unknownColorName: "is not the name of a terminal colour, like red or brightRed, or terminal"
    case .malformedColor: "is not a colour of the form #ff5555"
    case .colorOutOfRange(let last): "is a colour that this depth does not have; the last one is \(last)"
    case .unknownAttribute: "is not one of plain, bold, dim, underline, reverse, italic"
    case .unknownTheme(let known): "is not a theme; there are \(known.joined(separator: ", "))"
    case .circularExtension: "extends itself through the themes that it extends"
    }
  }
}
