internal import DeptopScreen
internal import FoundationEssentials
internal import Glibc

/// Text for standard output and standard error.
enum Output {
  /// Writes text; a reader that went away ends the program quietly, as `head` expects.
  static func write(_ text: String) {
    write(Data(text.utf8), to: STDOUT_FILENO)
  }

  static func write(_ data: Data) {
    write(data, to: STDOUT_FILENO)
  }

  /// Writes one line to standard error, without control characters.
  static func complain(_ text: String) {
    let lines = text.split(separator: "\n").map { sanitized(String($0)) }
    write(Data((lines.joined(separator: "\n") + "\n").utf8), to: STDERR_FILENO)
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1 }

  /// The glyphs that standard output's character set has.
  static var glyphs: Glyphs {
    unsafe setlocale(LC_CTYPE, "")
    guard let set = unsafe nl_langinfo(Int32(CODESET)) else { return .ascii }
    return unsafe String(cString: set) == "UTF-8" ? .unicode : .ascii
  }

  private static func write(_ data: Data, to descriptor: Int32) {
    var rest = Array(data)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        exit(errno == EPIPE ? 0 : ExitStatus.unhealthy.rawValue)
      }
      rest = rest.dropFirst(count)
    }
  }
}
