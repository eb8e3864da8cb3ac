internal import Glibc

/// Why a program of deptop's own does not start.
package struct SpawnFailure: Error, CustomStringConvertible {
  package let description: String

  /// Something that the kernel refused just now, with its reason.
  static func making(_ what: String) -> SpawnFailure {
    SpawnFailure(description: "\(what) cannot be made: \(unsafe String(cString: strerror(errno)))")
  }
}
