internal import Glibc

/// Why a benchmark cannot be run.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// A system call that failed, by its errno.
  init(_ operation: String, code: CInt) {
    description = "cannot \(operation): \(unsafe String(cString: strerror(code)))"
  }
}
