internal import Glibc

/// One line for whoever reads the standard error.
enum Complaint {
  static func write(_ message: String) {
    let bytes = Array("deptop-lab: \(message)\n".utf8)
    // There is nobody to tell that nothing can be told.
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
