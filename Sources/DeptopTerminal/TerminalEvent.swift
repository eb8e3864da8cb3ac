package import DeptopScreen

/// What happened at the terminal.
package enum TerminalEvent: Sendable, Hashable {
  case key(Key)
  /// Text that was pasted, without control characters other than line feed and tab, at most 64 KiB.
  case paste(String)
  /// The terminal's size changed, or was announced again; nothing is drawn until the next canvas.
  case resize(Size)
  /// The process was stopped and goes on; the last canvas has been drawn again.
  case resumed
  /// Someone asks the process to end.
  case termination(TerminationSignal)
  /// The terminal is gone; told once, and nothing is read or written any more.
  case endOfInput
}

/// A signal that asks the process to end.
package enum TerminationSignal: Sendable, Hashable {
  /// SIGINT, ctrl-c.
  case interrupt
  /// SIGTERM.
  case terminate
  /// SIGHUP.
  case hangUp
}
