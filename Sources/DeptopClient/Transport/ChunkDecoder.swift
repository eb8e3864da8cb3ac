/// Takes HTTP/1.1's chunks apart (RFC 9112, section 7.1), a byte at a time, in bounded space.
struct ChunkDecoder: Sendable {
  private enum Place: Sendable {
    case size(digits: Int), ending, data, dataEnd, trailer(lineBytes: Int), end
  }

  /// The most hexadecimal digits of a chunk's size, leading zeros included.
  private static let mostDigits = 7
  /// The most bytes of a chunk's extensions or of all trailers.
  private static let mostExtra = 4_096

  private var place = Place.size(digits: 0)
  private var left = 0
  private var extra = 0

  /// True when the last chunk was read.
  var isAtEnd: Bool { if case .end = place { true } else { false } }

  /// Answers the data in what was received.
  ///
  /// - Throws: ``ReportingProblem/Kind/malformedAnswer`` when it is not chunked as it should be.
  mutating func data(in received: [UInt8]) throws(ReportingProblem) -> [UInt8] {
    var data: [UInt8] = []
    var index = 0
    while index < received.count, !isAtEnd {
      if case .data = place {
        let count = min(left, received.count - index)
        data += received[index..<(index + count)]
        index += count
        left -= count
        if left == 0 { place = .dataEnd }
      } else {
        try take(received[index])
        index += 1
      }
    }
    return data
  }

  private mutating func take(_ byte: UInt8) throws(ReportingProblem) {
    switch place {
    case .size(let digits): try takeSize(byte, digits: digits)
    case .ending:
      try countExtra()
      if byte == 10 { (place, extra) = (left > 0 ? .data : .trailer(lineBytes: 0), 0) }
    case .dataEnd:
      if byte == 10 { place = .size(digits: 0) } else if byte != 13 { throw .malformed("a chunk is too long") }
    case .trailer(let lineBytes):
      try countExtra()
      if byte == 10 {
        place = lineBytes == 0 ? .end : .trailer(lineBytes: 0)
      } else if byte != 13 {
        place = .trailer(lineBytes: lineBytes + 1)
      }
    case .data, .end: break
    }
  }

  private mutating func takeSize(_ byte: UInt8, digits: Int) throws(ReportingProblem) {
    if let digit = Character(Unicode.Scalar(byte)).hexDigitValue {
      guard digits < ChunkDecoder.mostDigits else { throw .malformed("a chunk's size has too many digits") }
      left = digits == 0 ? digit : left * 16 + digit
      place = .size(digits: digits + 1)
      return
    }
    guard digits > 0, byte == 10 || byte == 13 || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ") else {
      throw .malformed("a chunk's size is no hexadecimal number")
    }
    place = .ending
    if byte == 10 { try take(byte) }
  }

  private mutating func countExtra() throws(ReportingProblem) {
    extra += 1
    guard extra <= ChunkDecoder.mostExtra else { throw .malformed("a chunk has too many extensions or trailers") }
  }
}
