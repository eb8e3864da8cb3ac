internal import Glibc

/// Reads a ledger as it grows.
///
/// It holds no open file, so that it can be copied and thrown away.
package struct LedgerFollower: Sendable {
  package let path: String
  /// Bytes that have been read: the complete lines so far.
  package private(set) var offset: Int64 = 0
  /// Lines that have been read.
  private var lines = 0

  package init(path: String) {
    self.path = path
  }

  /// The complete lines that were added since the last time; a line whose end is not written yet waits.
  ///
  /// A file that does not exist yet has no lines.
  ///
  /// - Throws: ``LedgerProblem`` for a line that is not of the ledger, with its number, and for a file that cannot be
  ///   read, is gone, or has become shorter. The follower stays where it was, and fails again.
  package mutating func news() throws(LedgerProblem) -> [LedgerLine] {
    guard let file = try open() else { return [] }
    let bytes = try added(to: file)
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    var news: [LedgerLine] = []
    for line in bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      news.append(try read(line, number: lines + news.count + 1))
    }
    offset += Int64(end + 1)
    lines += news.count
    return news
  }

  private func open() throws(LedgerProblem) -> LabDescriptor? {
    let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    if number >= 0 { return LabDescriptor(number) }
    guard errno == ENOENT else { throw LedgerProblem("cannot open the ledger \(path)", code: errno) }
    guard offset == 0 else { throw LedgerProblem("the ledger \(path) was removed") }
    return nil
  }

  /// What stands behind ``offset``.
  private func added(to file: LabDescriptor) throws(LedgerProblem) -> [UInt8] {
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else {
      throw LedgerProblem("cannot look at the ledger \(path)", code: errno)
    }
    guard status.st_size >= offset else {
      throw LedgerProblem("the ledger \(path) has \(status.st_size) bytes, and had \(offset)")
    }
    var bytes: [UInt8] = []
    var page = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe pread(file.number, &page, page.count, Int(offset) + bytes.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw LedgerProblem("cannot read the ledger \(path)", code: errno) }
      if count == 0 { return bytes }
      bytes += page[..<count]
    }
  }

  private func read(_ bytes: ArraySlice<UInt8>, number: Int) throws(LedgerProblem) -> LedgerLine {
    guard let text = String(validating: bytes, as: UTF8.self), let line = LedgerLine(text) else {
      let shown = LabText.cleaned(String(decoding: bytes.prefix(200), as: UTF8.self))
      throw LedgerProblem("the ledger \(path), line \(number): \"\(shown)\" is no line of a ledger")
    }
    return line
  }
}
