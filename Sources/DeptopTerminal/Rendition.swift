/// Colours and attributes that a terminal writes with, as SGR sequences (ECMA-48) set them.
struct Rendition: Equatable {
  enum Color: Equatable {
    case standard
    /// 0…7, and 8…15 for the bright ones.
    case basic(UInt8)
    case indexed(UInt8)
    case direct(UInt32, DirectForm)
  }

  /// How a 24-bit colour is spelled; a terminal is answered in the form of its terminfo entry.
  enum DirectForm: Equatable {
    case semicolons, colons, colonsWithSpace
  }

  struct Flags: OptionSet, Equatable {
    let rawValue: UInt8
    static let bold = Flags(rawValue: 1)
    static let dim = Flags(rawValue: 2)
    static let italic = Flags(rawValue: 4)
    static let underline = Flags(rawValue: 8)
    static let blink = Flags(rawValue: 16)
    static let reverse = Flags(rawValue: 32)
    static let hidden = Flags(rawValue: 64)
    static let struck = Flags(rawValue: 128)

    static let intensity: Flags = [.bold, .dim]
    /// What makes a blank more than its background.
    static let onBlank: Flags = [.underline, .reverse, .struck]
    /// What SGR calls each flag when it is set; 20 more unsets it, but for bold, which shares its 22 with dim.
    static let codes: [(flag: Flags, code: Int)] = [
      (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.blink, 5), (.reverse, 7), (.hidden, 8), (.struck, 9),
    ]
  }

  var foreground = Color.standard
  var background = Color.standard
  var flags: Flags = []

  static let plain = Rendition()

  /// Whether a space looks the same in both; only where a line or the swapped foreground shows does more than the
  /// background count.
  func looksSameOnBlank(as other: Rendition) -> Bool {
    guard background == other.background else { return false }
    if flags.isDisjoint(with: .onBlank) && other.flags.isDisjoint(with: .onBlank) { return true }
    return foreground == other.foreground && flags.subtracting(.italic) == other.flags.subtracting(.italic)
  }
}

extension Rendition {
  /// The shortest sequence that leads here.
  ///
  /// - Parameters:
  ///   - other: what the terminal has, nil when that is not known.
  ///   - canUnset: whether the terminal unsets attributes one by one.
  /// - Returns: the bytes to send, none when nothing changes.
  func sequence(from other: Rendition?, canUnset: Bool) -> [UInt8] {
    if other == self { return [] }
    var parameters = parametersFromReset()
    if let other, canUnset || (other.flags.isSubset(of: flags) && !loses(colorOf: other)) {
      let change = parametersFromChange(of: other)
      if change.count < parameters.count { parameters = change }
    }
    return Array("\u{1b}[".utf8) + parameters + [UInt8(ascii: "m")]
  }

  private func loses(colorOf other: Rendition) -> Bool {
    foreground == .standard && other.foreground != .standard || background == .standard && other.background != .standard
  }

  private func parametersFromReset() -> [UInt8] {
    if self == .plain { return [] }
    var codes = ["0"]
    for (flag, code) in Flags.codes where flags.contains(flag) { codes.append(String(code)) }
    if foreground != .standard { codes.append(foreground.parameters(base: 30)) }
    if background != .standard { codes.append(background.parameters(base: 40)) }
    return Array(codes.joined(separator: ";").utf8)
  }

  private func parametersFromChange(of other: Rendition) -> [UInt8] {
    var codes: [String] = []
    let gone = other.flags.subtracting(flags)
    var added = flags.subtracting(other.flags)
    if !gone.isDisjoint(with: .intensity) {
      codes.append("22")
      added.formUnion(flags.intersection(.intensity))
    }
    for (flag, code) in Flags.codes where code > 2 && gone.contains(flag) { codes.append(String(code + 20)) }
    for (flag, code) in Flags.codes where added.contains(flag) { codes.append(String(code)) }
    if foreground != other.foreground { codes.append(foreground.parameters(base: 30)) }
    if background != other.background { codes.append(background.parameters(base: 40)) }
    return Array(codes.joined(separator: ";").utf8)
  }
}

extension Rendition.Color {
  /// The parameters that set this colour; the base is 30 for the foreground, 40 for the background.
  fileprivate func parameters(base: Int) -> String {
    switch self {
    case .standard: return String(base + 9)
    case .basic(let number): return String(number < 8 ? base + Int(number) : base + 52 + Int(number))
    case .indexed(let number): return "\(base + 8);5;\(number)"
    case .direct(let value, let form):
      let parts = [value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff].map { String($0) }
      return switch form {
      case .semicolons: "\(base + 8);2;" + parts.joined(separator: ";")
      case .colons: "\(base + 8):2:" + parts.joined(separator: ":")
      case .colonsWithSpace: "\(base + 8):2::" + parts.joined(separator: ":")
      }
    }
  }
}
