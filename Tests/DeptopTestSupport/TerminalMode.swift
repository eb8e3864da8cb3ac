import Glibc

/// A terminal's mode as the kernel keeps it, for comparison.
package struct TerminalMode: Sendable, Hashable {
  package let input: UInt32
  package let output: UInt32
  package let control: UInt32
  package let local: UInt32
  package let characters: [UInt8]

  /// Reads the mode of an open terminal; nil when it is none or was hung up.
  init?(_ descriptor: CInt) {
    var mode = termios()
    guard unsafe tcgetattr(descriptor, &mode) == 0 else { return nil }
    input = mode.c_iflag
    output = mode.c_oflag
    control = mode.c_cflag
    local = mode.c_lflag
    characters = unsafe withUnsafeBytes(of: &mode.c_cc) { unsafe Array($0) }
  }

  /// Whether lines are edited by the kernel and what is typed is shown, as at a shell's prompt.
  package var isCooked: Bool { local & UInt32(ICANON | ECHO) == UInt32(ICANON | ECHO) }
}
