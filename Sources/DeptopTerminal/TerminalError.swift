import Glibc

/// Why a terminal could not be opened, in one sentence.
package enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The output goes to a file or a pipe.
  case notATerminal
  /// A process draws on one terminal only.
  case alreadyOpen
  /// No terminfo entry loads that can place the cursor.
  case noUsableType(requested: String?, tried: [String])
  /// A system call failed; `code` is its errno.
  case system(operation: String, code: CInt)

  package var description: String {
    switch self {
    case .notATerminal:
      "standard output is not a terminal"
    case .alreadyOpen:
      "the terminal is in use by this process already"
    case .noUsableType(let requested, let tried):
      "terminal type \(requested ?? "(TERM is not set)") cannot place the cursor or is not known on this host "
        + "(tried \(tried.joined(separator: ", ")))"
    case .system(let operation, let code):
      "cannot \(operation): \(unsafe String(cString: strerror(code)))"
    }
  }
}
