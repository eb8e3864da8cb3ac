import CCurses
import DeptopScreen
import Glibc

extension Terminal {
  /// How long a terminal that takes nothing may delay the end.
  private static let patience: CInt = 200

  /// Takes the terminal over, its mode being raw already; the screen is empty until the next frame.
  mutating func enter() {
    guardAgainstCrashes()
    output.append(modes.enter.utf8)
    ccurses_resize(Int32(size.rows), Int32(size.columns))
    painter.forget(size: size)
    compactor?.forget()
    isStale = wanted != nil
  }

  /// Leaves in case of a crash what is needed to give the terminal back.
  private func guardAgainstCrashes() {
    let bytes = Array(modes.leave.utf8)
    _ = ccurses_unguard()
    unsafe bytes.withUnsafeBufferPointer { unsafe ccurses_guard(line.descriptor, $0.baseAddress, $0.count) }
  }

  /// Gives the terminal back; what it has not taken yet is dropped.
  func leave() {
    guard ccurses_unguard() else { return }
    // A frame may have been cut in the middle of a sequence, which CAN ends.
    var farewell: [UInt8] = output.isEmpty ? [] : [0x18]
    farewell += Array(modes.leave.utf8)
    var queue = OutputQueue()
    queue.append(farewell)
    queue.flush(to: line.descriptor)
    while !queue.isEmpty, !queue.isClosed {
      var room = pollfd(fd: line.descriptor, events: Int16(POLLOUT), revents: 0)
      guard unsafe poll(&room, 1, Terminal.patience) > 0 else { break }
      queue.flush(to: line.descriptor)
    }
    ccurses_restore_mode(line.descriptor)
  }

  /// Gives the terminal back, stops as ctrl-z does, and takes it over again when continued.
  mutating func suspend() {
    leave()
    output = OutputQueue()
    ccurses_stop()
    resume()
  }

  /// Takes the terminal over after a stop, in which the shell or another program used it.
  mutating func resume() {
    _ = ccurses_resume_raw_mode(line.descriptor)
    output = OutputQueue()
    readSize()
    enter()
    drawIfPossible()
  }

  /// Adopts the terminal's size and has the next canvas drawn whole.
  mutating func resize() {
    readSize()
    guardAgainstCrashes()
    ccurses_resize(Int32(size.rows), Int32(size.columns))
    painter.forget(size: size)
    compactor?.forget()
    wanted = nil
    isStale = false
  }

  private mutating func readSize() {
    size = line.size ?? size
    modes = screen.modes(rows: size.rows)
  }
}
