import DeptopScreen
import CCurses
import Glibc

/// Passes bytes through ncurses' knowledge of the terminal's keys; never waits.
struct KeyReader: ~Copyable {
  private let source: Descriptor
  private let sink: Descriptor
  private var decoder = KeyDecoder()

  init() throws(TerminalError) {
    var ends: (source: CInt, sink: CInt) = (-1, -1)
    guard unsafe ccurses_pipe(&ends.source, &ends.sink) else {
      throw .system(operation: "create a pipe", code: errno)
    }
    source = Descriptor(owning: ends.source)
    sink = Descriptor(owning: ends.sink)
  }

  /// Where ncurses reads keys from.
  var descriptor: CInt { source.number }

  /// The keys that complete sequences of bytes stand for.
  mutating func keys(in bytes: [UInt8]) -> [Key] {
    var codes: [Int32] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      // The pipe was emptied before, and a part this small always fits.
      let part = rest.prefix(4096)
      let written = unsafe part.withUnsafeBytes { unsafe write(sink.number, $0.baseAddress, $0.count) }
      guard written > 0 else { break }
      rest = rest.dropFirst(written)
      while case let code = ccurses_read_key(), code != Int32(CCURSES_KEY_NONE) { codes.append(code) }
    }
    return decoder.keys(from: codes)
  }
}
