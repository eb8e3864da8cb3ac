extension ThemeSource {
  /// The style of a role at a depth.
  ///
  /// - Throws: ``ThemeError`` for a missing role or value, and for one that the depth does not have.
  func style(of role: Role, at depth: ColorDepth) throws(ThemeError) -> Style {
    guard let (file, parts) = roles[role.rawValue] else {
      throw ThemeError(file: file, role: role.rawValue, reason: .missingRole)
    }
    let place = Place(file: file, role: role.rawValue, depth: depth)
    if depth == .mono {
      guard let mono = parts["mono"] else { throw place.error(.missingValue) }
      return Style(attributes: try place.attributes(mono))
    }
    var style = Style()
    style.foreground = try color(parts["fg"], orDefault: "foreground", place)
    style.background = try color(parts["bg"], orDefault: "background", place)
    if let attributes = parts["style"] {
      style.attributes = try place.attributes(place.value(in: attributes, all: { _ in true }))
    }
    return style
  }

  private func color(_ value: ThemeValue?, orDefault key: String, _ place: Place) throws(ThemeError) -> Color {
    if let value { return try place.color(value, palette) }
    let place = Place(file: defaults[key]?.file ?? file, role: key, depth: place.depth)
    guard let fallback = defaults[key] else { throw place.error(.missingValue) }
    return try place.color(fallback.value, palette)
  }

  /// Where a value stands, for messages and for the rules of its depth.
  private struct Place {
    var file: String
    var role: String
    var depth: ColorDepth

    func error(_ reason: ThemeError.Reason, _ value: String? = nil) -> ThemeError {
      ThemeError(file: file, role: role, depth: depth, value: value, reason: reason)
    }

    /// The depth's element of a list, or a text that holds for all depths.
    func value(in value: ThemeValue, all: (String) -> Bool) throws(ThemeError) -> ThemeValue {
      switch value {
      case .text(let text) where all(text): return value
      case .list(let values):
        guard values.count <= 4 else { throw error(.expected("a list of four"), value.written) }
        guard let index = depth.listIndex, index < values.count else { throw error(.missingValue) }
        return values[index]
      default: throw error(.expected("a list of four: for 24-bit, 256, 16 and 8 colours"), value.written)
      }
    }

    func color(_ list: ThemeValue, _ palette: [String: Color]) throws(ThemeError) -> Color {
      let value = try value(in: list, all: { $0 == "terminal" })
      switch value {
      case .text("terminal"): return .terminal
      case .text(let text) where depth == .trueColor: return try trueColor(text, palette)
      case .text(let name):
        guard let index = Color.terminalNames.firstIndex(of: name) else { throw error(.unknownColorName, name) }
        return try indexed(index, written: name)
      case .integer(let number) where depth != .trueColor: return try indexed(number, written: "\(number)")
      default: throw error(.expected(depth.expectation), value.written)
      }
    }

    private func trueColor(_ text: String, _ palette: [String: Color]) throws(ThemeError) -> Color {
      if text.hasPrefix("#") { return try Color(hex: text, file: file, role: role, depth: depth) }
      guard let color = palette[text] else { throw error(.unknownPaletteName, text) }
      return color
    }

    private func indexed(_ number: Int, written: String) throws(ThemeError) -> Color {
      guard let index = UInt8(exactly: number), index <= depth.lastIndex else {
        throw error(.colorOutOfRange(last: Int(depth.lastIndex)), written)
      }
      return .indexed(index)
    }

    func attributes(_ value: ThemeValue) throws(ThemeError) -> Attributes {
      guard case .text(let text) = value else {
        throw error(.expected("a text of attributes, such as bold reverse or plain"), value.written)
      }
      var attributes: Attributes = []
      for word in text.split(separator: " ") {
        guard let attribute = Attributes(named: word) else { throw error(.unknownAttribute, String(word)) }
        attributes.formUnion(attribute)
      }
      return attributes
    }
  }
}

extension ColorDepth {
  /// The place of the depth in a list of values; none for terminals without colour.
  fileprivate var listIndex: Int? {
    switch self {
    case .trueColor: 0
    case .indexed256: 1
    case .ansi16: 2
    case .ansi8: 3
    case .mono: nil
    }
  }

  fileprivate var lastIndex: UInt8 {
    switch self {
    case .ansi8: 7
    case .ansi16: 15
    case .mono, .indexed256, .trueColor: 255
    }
  }

  fileprivate var expectation: String {
    self == .trueColor
      ? "a palette name, a colour like #ff5555, or terminal"
      : "a number from 0 to \(lastIndex), the name of a terminal colour, or terminal"
  }
}

extension Attributes {
  fileprivate init?(named word: Substring) {
    switch word {
    case "plain": self = []
    case "bold": self = .bold
    case "dim": self = .dim
    case "underline": self = .underline
    case "reverse": self = .reverse
    case "italic": self = .italic
    default: return nil
    }
  }
}

extension Color {
  /// The names of the terminal's own colours, by index.
  static let terminalNames = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "brightBlack", "brightRed", "brightGreen", "brightYellow", "brightBlue", "brightMagenta", "brightCyan",
    "brightWhite",
  ]

  /// A colour of the form `#rrggbb`.
  init(hex text: String, file: String, role: String, depth: ColorDepth?) throws(ThemeError) {
    guard text.utf8.count == 7, !text.contains("+"), let value = UInt32(text.dropFirst(), radix: 16) else {
      throw ThemeError(file: file, role: role, depth: depth, value: text, reason: .malformedColor)
    }
    self = .rgb(value)
  }
}
