import DeptopScreen
import CCurses

/// Turns what ncurses recognised into keys: assembles UTF-8 and drops sequences that no key is known for.
struct KeyDecoder {
  private var partial: [UInt8] = []
  private var missing = 0

  /// The keys of one burst of input, given as bytes and ncurses key codes.
  ///
  /// An unknown sequence is dropped whole: its letters would otherwise act as commands.
  mutating func keys(from codes: [Int32]) -> [Key] {
    var keys: [Key] = []
    var index = 0
    while index < codes.count {
      let code = codes[index]
      index += 1
      if let next = KeyDecoder.endOfSequence(code, codes[index...]) {
        index = next
      } else if let key = key(for: code) {
        keys.append(key)
      }
    }
    return keys
  }

  private mutating func key(for code: Int32) -> Key? {
    guard let byte = UInt8(exactly: code) else {
      partial = []
      return KeyDecoder.named(code)
    }
    if byte >= 0x80 { return character(continuedBy: byte) }
    partial = []
    return KeyDecoder.ascii(byte)
  }

  private mutating func character(continuedBy byte: UInt8) -> Key? {
    if byte >= 0xc0 {
      partial = [byte]
      missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1
      return nil
    }
    guard !partial.isEmpty else { return nil }
    partial.append(byte)
    missing -= 1
    guard missing == 0 else { return nil }
    defer { partial = [] }
    guard let scalar = String(validating: partial, as: UTF8.self)?.unicodeScalars.first else { return nil }
    return scalar.value < 0xa0 ? nil : .character(Character(scalar))
  }

  private static func ascii(_ byte: UInt8) -> Key {
    switch byte {
    case 0x08, 0x7f: .backspace
    case 0x09: .tab
    case 0x0a, 0x0d: .enter
    case 0x1b: .escape
    case 0..<0x20: .control(Character(Unicode.Scalar(byte == 0 || byte > 26 ? byte + 0x40 : byte + 0x60)))
    default: .character(Character(Unicode.Scalar(byte)))
    }
  }

  private static func named(_ code: Int32) -> Key? {
    if code > Int32(CCURSES_KEY_FUNCTION) { return .function(Int(code) - CCURSES_KEY_FUNCTION) }
    return switch Int(code) {
    case CCURSES_KEY_UP: .up
    case CCURSES_KEY_DOWN: .down
    case CCURSES_KEY_LEFT: .left
    case CCURSES_KEY_RIGHT: .right
    case CCURSES_KEY_HOME: .home
    case CCURSES_KEY_END: .end
    case CCURSES_KEY_PAGE_UP: .pageUp
    case CCURSES_KEY_PAGE_DOWN: .pageDown
    case CCURSES_KEY_ENTER: .enter
    case CCURSES_KEY_BACKSPACE: .backspace
    case CCURSES_KEY_DELETE: .delete
    case CCURSES_KEY_BACK_TAB: .backTab
    default: nil
    }
  }

  /// Where an unknown sequence ends that starts with this code, or nil when the code stands for itself.
  private static func endOfSequence(_ code: Int32, _ rest: ArraySlice<Int32>) -> Int? {
    guard code == 0x1b, rest.count > 1, let introducer = rest.first else { return nil }
    let body = rest.dropFirst()
    switch UInt8(exactly: introducer) {
    case UInt8(ascii: "["), UInt8(ascii: "O"):
      let final = body.firstIndex { !(0x20...0x3f).contains($0) }
      return final.map { $0 + 1 } ?? rest.endIndex
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      // A report of the terminal: text up to a bell or a string terminator.
      guard let last = body.firstIndex(where: { $0 == 0x07 || $0 == 0x1b }) else { return rest.endIndex }
      return body[last] == 0x07 ? last + 1 : min(last + 2, rest.endIndex)
    default: return nil
    }
  }
}
