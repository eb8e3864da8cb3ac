import CCurses
import DeptopScreen
import Glibc

/// An open file of our own on the terminal, non-blocking, and the mode that the terminal had.
///
/// The descriptors that the shell gave are shared with the shell: a change of their flags would outlive this process.
struct TerminalLine: ~Copyable {
  let descriptor: CInt
  /// The flags to give back when no file of our own could be opened.
  private let sharedFlags: CInt?

  init(_ shared: CInt) throws(TerminalError) {
    guard isatty(shared) == 1 else { throw .notATerminal }
    if let own = TerminalLine.reopen(shared) {
      descriptor = own
      sharedFlags = nil
      return
    }
    let flags = fcntl(shared, F_GETFL)
    let copy = fcntl(shared, F_DUPFD_CLOEXEC, 3)
    guard flags >= 0, copy >= 0, fcntl(copy, F_SETFL, flags | O_NONBLOCK) >= 0 else {
      throw .system(operation: "open the terminal", code: errno)
    }
    descriptor = copy
    sharedFlags = flags
  }

  deinit {
    if let sharedFlags { _ = fcntl(descriptor, F_SETFL, sharedFlags) }
    close(descriptor)
  }

  /// After `su` the device may belong to someone else, and in a container it may have no name; the controlling
  /// terminal can be opened all the same.
  private static func reopen(_ shared: CInt) -> CInt? {
    for path in ["/proc/self/fd/\(shared)", "/dev/tty"] {
      let own = unsafe Glibc.open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      if own >= 0 { return own }
    }
    return nil
  }

  /// The size that the terminal tells; nil when it tells none, as a serial line.
  var size: Size? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard unsafe ccurses_window_size(descriptor, &columns, &rows) else { return nil }
    return Size(columns: Int(columns), rows: Int(rows))
  }

  /// Remembers the mode and switches to one key at a time.
  func takeOver() throws(TerminalError) {
    guard ccurses_raw_mode(descriptor) else { throw .system(operation: "set the terminal's mode", code: errno) }
  }
}
