/// Cuts a stream of bytes into characters, controls and sequences.
struct EscapeParser: Sendable {
  struct Sequence: Sendable, Equatable {
    /// `?`, `>`, `<`, `=` or nothing.
    var prefix = ""
    /// Between semicolons, with their colons.
    var parameters: [String] = []
    var intermediate = ""
    var final: Character = "m"

    /// A parameter as number; 0 and nothing mean the default.
    func number(_ index: Int, default value: Int = 1) -> Int {
      guard index < parameters.count, let number = Int(parameters[index]), number > 0 else { return value }
      return number
    }
  }

  enum Token: Sendable, Equatable {
    case character(Unicode.Scalar)
    case control(UInt8)
    case escape(intermediate: String, final: Character)
    case sequence(Sequence)
    /// An operating system command, without its ends.
    case command(String)
    case unknown(String)
  }

  private enum State: Sendable {
    case ground, escape, sequence, command, string
  }

  private var state = State.ground
  private var collected: [UInt8] = []

  /// Whether a sequence or a character has begun and not ended.
  var isUnfinished: Bool { state != .ground || !collected.isEmpty }

  mutating func accept(_ byte: UInt8) -> Token? {
    // CAN ends whatever has begun.
    if byte == 0x18 {
      state = .ground
      collected = []
      return nil
    }
    switch state {
    case .ground: return ground(byte)
    case .escape: return escape(byte)
    case .sequence:
      collected.append(byte)
      guard (0x40...0x7e).contains(byte) else { return nil }
      return finishSequence()
    case .command, .string: return string(byte)
    }
  }

  private mutating func ground(_ byte: UInt8) -> Token? {
    switch byte {
    case 0x1b:
      state = .escape
      collected = []
      return nil
    case 0..<0x20, 0x7f: return .control(byte)
    case 0x20..<0x7f: return .character(Unicode.Scalar(byte))
    default: return multibyte(byte)
    }
  }

  private mutating func multibyte(_ byte: UInt8) -> Token? {
    if byte >= 0xc0 { collected = [] }
    collected.append(byte)
    let first = collected[0]
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    guard collected.count >= length else { return nil }
    defer { collected = [] }
    guard let text = String(validating: collected, as: UTF8.self), let scalar = text.unicodeScalars.first else {
      return .unknown("bytes \(collected)")
    }
    return .character(scalar)
  }

  private mutating func escape(_ byte: UInt8) -> Token? {
    switch byte {
    case UInt8(ascii: "["): state = .sequence
    case UInt8(ascii: "]"): state = .command
    case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"): state = .string
    case 0x20...0x2f: collected.append(byte)
    default:
      state = .ground
      defer { collected = [] }
      return .escape(
        intermediate: String(decoding: collected, as: UTF8.self), final: Character(Unicode.Scalar(byte)))
    }
    return nil
  }

  private mutating func string(_ byte: UInt8) -> Token? {
    let isEnd = byte == 0x07 || byte == UInt8(ascii: "\\") && collected.last == 0x1b
    guard isEnd else {
      collected.append(byte)
      return nil
    }
    if collected.last == 0x1b { collected.removeLast() }
    defer {
      state = .ground
      collected = []
    }
    let text = String(decoding: collected, as: UTF8.self)
    return state == .command ? .command(text) : .unknown("string \(text)")
  }

  private mutating func finishSequence() -> Token? {
    var body = Substring(String(decoding: collected, as: UTF8.self))
    state = .ground
    collected = []
    var sequence = Sequence()
    if let final = body.popLast() { sequence.final = final }
    sequence.prefix = String(body.prefix { "?<=>".contains($0) })
    body = body.dropFirst(sequence.prefix.count)
    let parameters = body.prefix { $0.isNumber || $0 == ";" || $0 == ":" }
    sequence.intermediate = String(body.dropFirst(parameters.count))
    if !parameters.isEmpty {
      sequence.parameters = parameters.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    }
    return .sequence(sequence)
  }
}
