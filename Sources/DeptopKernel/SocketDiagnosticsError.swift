internal import Glibc

/// Why the kernel's socket table could not be read.
package enum SocketDiagnosticsError: Error, Hashable, CustomStringConvertible {
  /// Nobody makes a socket in the namespace.
  case notOpened(HostAccessError)
  /// A system call on the netlink socket failed.
  case system(Operation, errno: Int32)
  /// The kernel took the request and refused it, or gave up half way.
  case refused(errno: Int32)
  /// Other sweeps took all the time that there was.
  case noTimeLeft
  /// The dump was not over in time.
  case timedOut(after: Duration)
  /// The kernel had more to say than the receive buffer holds, so part of the answer is lost.
  case overrun
  /// The table changed under the dump, and again when it was repeated: sockets may be missing or doubled.
  case interrupted
  /// The answer breaks the protocol.
  case malformed(Defect)

  /// What was tried.
  package enum Operation: String, Sendable, Hashable {
    case open, join, request, receive
  }

  /// Where an answer breaks the protocol.
  package enum Defect: String, Sendable, Hashable {
    case messageLength = "a message's length does not fit its datagram"
    case datagramTooLong = "a datagram is longer than the receive buffer"
    case endOfStream = "the kernel ended the answer early"
  }

  /// Whether the same request may well succeed when it is sent again at once.
  package var isWorthRepeating: Bool {
    switch self {
    case .overrun, .interrupted: true
    case .notOpened, .noTimeLeft, .system, .refused, .timedOut, .malformed: false
    }
  }

  /// Whether nothing but a person can change the outcome: the kernel lacks the interface, or policy forbids it.
  package var isPermanent: Bool {
    switch self {
    case .system(_, let code), .refused(let code):
      [EPERM, EACCES, ENOENT, EINVAL, ENOSYS, EPROTONOSUPPORT, EAFNOSUPPORT, EOPNOTSUPP].contains(code)
    case .notOpened, .noTimeLeft, .timedOut, .overrun, .interrupted, .malformed: false
    }
  }

  package var description: String {
    switch self {
    case .notOpened(let error): error.description
    case .system(.open, let code): "cannot open a sock_diag socket: \(systemMessage(code))"
    case .system(.join, let code): "cannot hear of closed connections: \(systemMessage(code))"
    case .system(.request, let code): "cannot ask the kernel for its sockets: \(systemMessage(code))"
    case .system(.receive, let code): "cannot read the kernel's sockets: \(systemMessage(code))"
    case .refused(ENOENT): "the kernel has no tcp_diag: load the module or enable CONFIG_INET_DIAG"
    case .refused(let code): "the kernel refuses to list its sockets: \(systemMessage(code))"
    case .noTimeLeft: "the sweeps before it took all the time"
    case .timedOut(let limit): "the kernel did not list its sockets within \(limit)"
    case .overrun: "the kernel's list of sockets overran the receive buffer"
    case .interrupted: "the socket table changed while it was listed, twice"
    case .malformed(let defect): "the kernel's list of sockets is not understood: \(defect.rawValue)"
    }
  }
}

/// The system's words for an errno.
private func systemMessage(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
