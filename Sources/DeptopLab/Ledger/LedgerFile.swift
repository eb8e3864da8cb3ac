internal import Glibc

/// An open ledger, closed when it is let go of.
final class LedgerFile: Sendable {
  private let path: String
  private let descriptor: Int32

  init(path: String) throws(LedgerProblem) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LedgerProblem("cannot open the ledger \(path)", code: errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds whole lines in one call: with O_APPEND, lines of several writers do not mix.
  func append(_ lines: [UInt8]) throws(LedgerProblem) {
    try checkPresence()
    var count = unsafe write(descriptor, lines, lines.count)
    while count < 0 && errno == EINTR { count = unsafe write(descriptor, lines, lines.count) }
    guard count >= 0 else { throw LedgerProblem("cannot write the ledger \(path)", code: errno) }
    guard count == lines.count else {
      throw LedgerProblem("the ledger \(path) took \(count) of \(lines.count) bytes: is the disk full?")
    }
  }

  /// A file that somebody removed would still take lines, which nobody could read.
  private func checkPresence() throws(LedgerProblem) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw LedgerProblem("cannot look at the ledger \(path)", code: errno)
    }
    guard status.st_nlink > 0 else { throw LedgerProblem("the ledger \(path) was removed") }
  }
}

/// Why a ledger is not whole.
package struct LedgerProblem: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ text: String) {
    description = text
  }

  init(_ text: String, code: Int32) {
    description = unsafe "\(text): \(String(cString: strerror(code)))"
  }

  /// Says so on the standard error and ends the process with 1.
  package func endProcess() {
    let line = Array("\(description)\n".utf8)
    unsafe write(STDERR_FILENO, line, line.count)
    exit(1)
  }
}
