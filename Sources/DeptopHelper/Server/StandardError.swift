internal import Glibc

/// Where the helper writes its log: one line at a time, which its collector's own log receives.
package enum StandardError {
  package static func write(_ line: String) {
    let bytes = Array("deptop-helper: \(line)\n".utf8)
    // In one call, so that lines of other writers do not mix in. A log that is closed is no reason to stop.
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
