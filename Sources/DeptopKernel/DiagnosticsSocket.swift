internal import CLinux
internal import DeptopModel
internal import Glibc

/// The moment at which a sweep gives up.
struct Deadline {
  let timeout: Duration
  private let instant: ContinuousClock.Instant

  init(timeout: Duration) {
    self.timeout = timeout
    instant = .now + timeout
  }

  /// Above zero.
  func remaining() throws(SocketDiagnosticsError) -> Duration {
    let left = ContinuousClock.now.duration(to: instant)
    guard left > .zero else { throw .timedOut(after: timeout) }
    return left
  }
}

/// An open netlink socket.
struct DiagnosticsSocket {
  /// The kernel fills at most 32 KiB of a dump into one datagram, whatever the reader offers.
  static let receiveLength = 64 << 10
  private static let receiveBuffer = Int32(4 * receiveLength)

  let descriptor: OpenDescriptor

  init(timeout: Duration) throws(SocketDiagnosticsError) {
    let status = clinux_diag_open(Self.receiveBuffer, microseconds(of: timeout))
    guard status >= 0 else { throw .system(.open, errno: -status) }
    descriptor = OpenDescriptor(status)
  }

  init(_ handedOut: OpenDescriptor, timeout: Duration) throws(SocketDiagnosticsError) {
    let status = clinux_diag_prepare(handedOut.number, Self.receiveBuffer, microseconds(of: timeout))
    guard status == 0 else { throw .system(.open, errno: -status) }
    descriptor = handedOut
  }

  func requestDump(of family: Int32, filter: [UInt8], sequence: UInt32) throws(SocketDiagnosticsError) {
    let status = unsafe clinux_diag_dump_tcp(
      descriptor.number, sequence, UInt8(family), stateMask, UInt8(1 << (INET_DIAG_INFO - 1)), filter, filter.count)
    guard status == 0 else { throw .system(.request, errno: -status) }
  }

  /// The length of the datagram that is now in the buffer.
  func receive(into buffer: inout [UInt8], limit: Deadline) throws(SocketDiagnosticsError) -> Int {
    while true {
      let length = unsafe buffer.withUnsafeMutableBytes { bytes in
        // With MSG_TRUNC the result is the datagram's own length, also when the buffer is too short for it.
        unsafe recv(descriptor.number, bytes.baseAddress, bytes.count, Int32(MSG_TRUNC))
      }
      if length > buffer.count { throw .malformed(.datagramTooLong) }
      if length > 0 { return length }
      if length == 0 { throw .malformed(.endOfStream) }
      switch errno {
      case EINTR: _ = try limit.remaining()
      case EAGAIN: throw .timedOut(after: limit.timeout)
      case ENOBUFS: throw .overrun
      case let code: throw .system(.receive, errno: code)
      }
    }
  }
}

private func microseconds(of timeout: Duration) -> Int64 { max(1, Int64(timeout.seconds * 1e6)) }

/// The states of `ss -tn`, and listening sockets, from which the direction of a connection is told.
private let stateMask: UInt32 = [
  SocketState.established, .synSent, .finWait1, .finWait2, .closeWait, .lastAck, .closing, .listen,
].reduce(0) { $0 | 1 << UInt32($1.rawValue) }
