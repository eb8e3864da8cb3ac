/// How a cell is painted: colours as the theme resolved them for one colour depth, and attributes.
package struct Style: Sendable, Hashable {
  package var foreground: Color
  package var background: Color
  package var attributes: Attributes

  package init(foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own colours, no attribute.
  package static let plain = Style()
}

/// A colour that a terminal can be asked for.
package enum Color: Sendable, Hashable {
  /// The terminal's default foreground or background.
  case terminal
  /// An index into the terminal's palette, 0…255.
  case indexed(UInt8)
  /// A 24-bit colour, red in the highest byte.
  case rgb(UInt32)
}

/// Attributes that survive where colour does not.
package struct Attributes: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let bold = Attributes(rawValue: 1)
  package static let dim = Attributes(rawValue: 2)
  package static let underline = Attributes(rawValue: 4)
  package static let reverse = Attributes(rawValue: 8)
  package static let italic = Attributes(rawValue: 16)
}

/// How many colours a terminal shows; a theme carries one value for each.
package enum ColorDepth: String, Sendable, Hashable, CaseIterable {
  case mono, ansi8, ansi16, indexed256, trueColor
}
