import CCurses
import Glibc

/// Ends another thread's wait at the terminal; may be used from any thread, also after the terminal was closed.
package final class TerminalWaker: Sendable {
  let descriptor: CInt

  package init() throws(TerminalError) {
    descriptor = ccurses_event()
    guard descriptor >= 0 else { throw .system(operation: "create an event counter", code: errno) }
  }

  deinit { close(descriptor) }

  /// Ends the current or the next wait; calls before that wait count as one.
  package func wake() {
    var one: UInt64 = 1
    // Fails only when the counter is full, and then the wait ends anyway.
    _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  func reset() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
  }
}
