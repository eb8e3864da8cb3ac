internal import NIOCore

/// Reads lines out of bytes as they arrive, and passes over the filler that follows one.
struct LineText {
  /// Filler of the latest line that is still to come, bytes.
  var filler = 0

  /// Passes over filler that has arrived; true when none is missing any more.
  mutating func skipFiller(_ buffer: inout ByteBuffer) -> Bool {
    let skipped = min(filler, buffer.readableBytes)
    buffer.moveReaderIndex(forwardBy: skipped)
    filler -= skipped
    return filler == 0
  }

  /// The words of the next line; nil when it is not complete yet.
  func words(_ buffer: inout ByteBuffer) throws(LineError) -> [String]? {
    let view = buffer.readableBytesView.prefix(LineMessage.longestLine + 1)
    guard let feed = view.firstIndex(of: UInt8(ascii: "\n")) else {
      guard view.count <= LineMessage.longestLine else { throw .lineTooLong }
      return nil
    }
    let line = view[..<feed]
    buffer.moveReaderIndex(forwardBy: line.count + 1)
    guard line.allSatisfy({ (0x20...0x7e).contains($0) }) else { throw .notUnderstood(Self.shown(line)) }
    return String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// A size in plain decimal digits.
  func size(_ word: String) throws(LineError) -> Int {
    guard word.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let size = Int(word),
      size <= LineMessage.largestFiller
    else { throw .badSize(word) }
    return size
  }

  func id(_ word: String) throws(LineError) -> String {
    guard AttemptID.isValid(word) else { throw .badID(word) }
    return word
  }

  /// Bytes that may be anything, fit to be shown.
  private static func shown(_ line: some Sequence<UInt8>) -> String {
    String(decoding: line.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}

extension ByteBuffer {
  mutating func writeFiller(_ count: Int) {
    writeRepeatingByte(UInt8(ascii: "."), count: count)
  }
}
