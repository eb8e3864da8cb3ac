/// Why a wait ended; all of it empty when the time ran out.
package struct Readiness: Sendable, Hashable {
  /// What happened at the terminal, in order.
  package var events: [TerminalEvent] = []
  /// The caller's descriptors that can be read or were closed at their other end.
  package var readable: [CInt] = []
  /// Whether a ``TerminalWaker`` was used since the last wait.
  package var isWoken = false
  /// Whether the terminal took the last of the bytes that it had refused before.
  package var isDrained = false

  package init() {}

  /// Whether nothing happened before the time ran out.
  package var isTimeout: Bool { self == Readiness() }
}
