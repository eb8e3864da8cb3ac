internal import FoundationEssentials

/// Cuts a stream of bytes into lines.
struct LineSplitter {
  private let limit: Int
  private var pending = Data()

  /// - Parameter limit: The longest line that is accepted, bytes.
  init(limit: Int) {
    self.limit = limit
  }

  /// Takes more bytes, and answers the lines that are now whole, without their line feeds.
  ///
  /// - Throws: ``CollectorError/unreadable(_:)`` when a line is longer than the limit.
  mutating func take(_ bytes: some Collection<UInt8>) throws(CollectorError) -> [Data] {
    var lines: [Data] = []
    var rest = bytes[...]
    while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
      pending.append(contentsOf: rest[..<feed])
      try check()
      lines.append(pending)
      pending = Data()
      rest = rest[rest.index(after: feed)...]
    }
    pending.append(contentsOf: rest)
    try check()
    return lines
  }

  private func check() throws(CollectorError) {
    guard pending.count <= limit else { throw .unreadable("a line of the stream has more than \(limit) bytes") }
  }
}
