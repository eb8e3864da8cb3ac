internal import DeptopModel

/// Reads the fields of a message; never past its end.
struct FrameReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var remaining: Int { bytes.count - position }

  mutating func number<Number: FixedWidthInteger>(
    _ name: String, _ type: Number.Type = Number.self
  ) throws(FrameError) -> Number {
    let width = Number.bitWidth / 8
    guard remaining >= width else { throw FrameError("\(name): the message ends at byte \(bytes.count)") }
    var value: Number = 0
    for index in (0..<width).reversed() { value = value << 8 | Number(truncatingIfNeeded: bytes[position + index]) }
    position += width
    return value
  }

  mutating func flag(_ name: String) throws(FrameError) -> Bool {
    switch try number(name, UInt8.self) {
    case 0: false
    case 1: true
    case let other: throw FrameError("\(name): \(other) is neither 0 nor 1")
    }
  }

  mutating func text(_ name: String) throws(FrameError) -> String {
    let length = Int(try number("the length of \(name)", UInt16.self))
    guard remaining >= length else { throw FrameError("\(name): \(length) bytes are announced, \(remaining) are left") }
    defer { position += length }
    guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else {
      throw FrameError("\(name): not UTF-8")
    }
    return text
  }

  mutating func rest() -> [UInt8] {
    defer { position = bytes.count }
    return Array(bytes[position...])
  }

  mutating func address(_ name: String) throws(FrameError) -> SocketAddress {
    let high = try number(name, UInt64.self)
    let low = try number(name, UInt64.self)
    return SocketAddress(IPAddress(v6High: high, low: low), port: try number(name))
  }

  /// One of the cases of an enumeration.
  mutating func choice<Choice: RawRepresentable>(
    _ name: String, _ type: Choice.Type = Choice.self
  ) throws(FrameError) -> Choice where Choice.RawValue == UInt8 {
    let value = try number(name, UInt8.self)
    guard let choice = Choice(rawValue: value) else { throw FrameError("\(name): there is no \(value)") }
    return choice
  }

  /// A list; `width` is the fewest bytes that an element takes, so that a false number makes no room for itself.
  mutating func list<Element>(
    _ name: String, width: Int, _ element: (inout FrameReader) throws(FrameError) -> Element
  ) throws(FrameError) -> [Element] {
    let count = try number("the number of \(name)", UInt32.self)
    guard Int(count) <= remaining / max(1, width) else {
      throw FrameError("\(name): \(count) are announced, \(remaining) bytes are left")
    }
    var elements: [Element] = []
    elements.reserveCapacity(Int(count))
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  /// To be called last: a message has nothing after its last field.
  func end() throws(FrameError) {
    guard remaining == 0 else { throw FrameError("\(remaining) bytes too many") }
  }
}
