package import DeptopWire
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Why a collector did not do what was asked.
package enum CollectorError: Error, CustomStringConvertible {
  /// Nobody listens on the socket.
  case absent(String)
  /// The connection ended too early.
  case lost(String)
  /// An answer that this version does not understand.
  case unreadable(String)
  /// The collector understood, and refused.
  case refused(Refusal)

  init(_ error: any Error, socketPath: String) {
    switch error {
    case let error as CollectorError: self = error
    case let error as IOError where [ECONNREFUSED, ENOENT].contains(error.errnoCode):
      self = .absent("no collector answers on \(socketPath)")
    case let error as IOError where error.errnoCode == EACCES:
      self = .absent("\(socketPath) may not be connected to: permission denied")
    case is CancellationError: self = .lost("cancelled")
    default: self = .lost("the connection to \(socketPath) failed: \(error)")
    }
  }

  package var description: String {
    switch self {
    case .absent(let text), .lost(let text), .unreadable(let text): text
    case .refused(let refusal): refusal.description
    }
  }
}
