internal import DeptopModel

/// A position in a line, and what stands there.
struct LineScanner {
  /// What a line should have had.
  struct Wrong: Error {
    let reason: String
  }

  private let bytes: [UInt8]
  private let end: Int
  private(set) var position: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position >= end }

  /// The byte at the position; nil at the end.
  var next: UInt8? { position < end ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func skipBlanks() {
    while position < end, isBlank(bytes[position]) { position += 1 }
  }

  /// The bytes up to the next blank as text; empty at the end.
  mutating func word() throws(Wrong) -> String {
    let start = position
    while position < end, !isBlank(bytes[position]) { position += 1 }
    return try text(start)
  }

  /// A metric's name, plain or as Prometheus 3 quotes it.
  mutating func metricName() throws(Wrong) -> String {
    if next == UInt8(ascii: "\"") { return try quoted() }
    return try identifier(colons: true, "a metric name")
  }

  /// Letters, digits and underscores, not beginning with a digit.
  mutating func identifier(colons: Bool, _ what: StaticString) throws(Wrong) -> String {
    let start = position
    while position < end, isNamePart(bytes[position], colons: colons, isFirst: position == start) { position += 1 }
    guard position > start else { throw Wrong(reason: "expected \(what)") }
    return try text(start)
  }

  /// Text in double quotes with `\\`, `\"` and `\n`; a backslash before anything else stands for itself.
  mutating func quoted() throws(Wrong) -> String {
    guard take(UInt8(ascii: "\"")) else { throw Wrong(reason: "expected a text in double quotes") }
    let start = position
    var hasEscapes = false
    while position < end, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        hasEscapes = true
        position += 1
      }
      position += 1
    }
    guard position < end else { throw Wrong(reason: "expected a closing double quote") }
    let raw = try text(start)
    position += 1
    return hasEscapes ? unescaped(raw) : raw
  }

  /// A decimal number, or NaN or Inf in any case, up to the next blank.
  mutating func number() throws(Wrong) -> Double {
    let start = position
    while position < end, !isBlank(bytes[position]) { position += 1 }
    guard let value = PrometheusNumber.parse(bytes[start..<position]) else {
      throw Wrong(reason: "expected a decimal number, NaN or Inf")
    }
    return value
  }

  /// True when nothing but digits and a sign stands between a place and the blanks before the position.
  func isWhole(from start: Int) -> Bool {
    bytes[start..<position].allSatisfy { byte in
      isBlank(byte) || byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
  }

  private func text(_ start: Int) throws(Wrong) -> String {
    guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
      throw Wrong(reason: "expected UTF-8 text")
    }
    return text
  }

  private func unescaped(_ raw: String) -> String {
    var result = ""
    var isEscaped = false
    for scalar in raw.unicodeScalars {
      if isEscaped {
        if scalar != "\\", scalar != "\"", scalar != "n" { result.unicodeScalars.append("\\") }
        result.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

private func isNamePart(_ byte: UInt8, colons: Bool, isFirst: Bool) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
  case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
  case UInt8(ascii: ":"): colons
  default: false
  }
}
