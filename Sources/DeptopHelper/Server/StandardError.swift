internal import Glibc

/// Where the helper writes its log: one line at a time, which its collector's own log receives.
package enum StandardError {
  /// What a pipe that can be written to at all takes at once, bytes (`PIPE_BUF`).
  static let longestLine = 4_096

  /// Writes a line, or drops it when nobody takes it: a log that is not read must not hold up a repair.
  package static func write(_ line: String) { write(line, to: STDERR_FILENO) }

  static func write(_ line: String, to descriptor: Int32) {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&state, 1, 0) == 1, state.revents & Int16(POLLOUT) != 0 else { return }
    let bytes = bytes(of: line)
    // In one call, so that lines of other writers do not mix in. A log that is closed is no reason to stop.
    _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
  }

  /// The line as it is written; what is too long is cut at the last whole character that fits.
  static func bytes(of line: String) -> [UInt8] {
    let text = Array("deptop-helper: \(line)".utf8)
    var end = min(text.count, longestLine - 1)
    // A byte of the form 10xxxxxx goes on with a character.
    while end > 0, end < text.count, text[end] & 0xc0 == 0x80 { end -= 1 }
    return text[..<end] + [UInt8(ascii: "\n")]
  }
}
