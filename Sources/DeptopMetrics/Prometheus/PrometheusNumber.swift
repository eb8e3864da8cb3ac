/// Numbers as the text formats write them.
enum PrometheusNumber {
  /// Takes decimal numbers, and NaN and Inf in any case; nil for everything else, hexadecimal and `1_000` included.
  static func parse(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard let first = bytes.first, bytes.count <= 64 else { return nil }
    if let whole = small(bytes) { return whole }
    let isSigned = first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
    let magnitude = isSigned ? bytes.dropFirst() : bytes
    switch String(decoding: magnitude, as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "inf", "infinity": return first == UInt8(ascii: "-") ? -.infinity : .infinity
    default: break
    }
    guard magnitude.allSatisfy(isDecimal) else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self))
  }

  /// Up to 15 digits, which a Double holds exactly.
  private static func small(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 15 else { return nil }
    var value = 0
    for byte in bytes {
      guard isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return Double(value)
  }

  private static func isDecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    default: isDigit(byte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension UInt64 {
  /// Takes a count that a Double holds exactly; nil for negative, broken or larger values.
  init?(count: Double) {
    guard count >= 0, count <= 0x1p53, count == count.rounded() else { return nil }
    self.init(count)
  }
}
