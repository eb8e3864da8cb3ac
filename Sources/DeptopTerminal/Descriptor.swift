import Glibc

/// A file descriptor that is closed at the end of its life.
struct Descriptor: ~Copyable {
  let number: CInt

  /// Takes over a descriptor that is known to be open.
  init(owning number: CInt) { self.number = number }

  /// Takes over what a system call answered.
  ///
  /// - Throws: ``TerminalError/system(operation:code:)`` when the number is negative, with the current errno.
  init(_ number: CInt, for operation: String) throws(TerminalError) {
    guard number >= 0 else { throw .system(operation: operation, code: errno) }
    self.number = number
  }

  deinit { close(number) }
}
