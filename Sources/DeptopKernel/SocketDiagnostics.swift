internal import DeptopBlocking
internal import CLinux
internal import DeptopModel
internal import Glibc

/// Reads the TCP sockets of the calling thread's network namespace through sock_diag.
///
/// Needs no privilege. Blocks, so it belongs on a ``BlockingThread``. A value keeps its receive buffer from sweep to
/// sweep, and a netlink socket for one attempt only: what an attempt that failed left unread cannot reach the next.
package struct SocketDiagnostics: Sendable {
  private var buffer = [UInt8](repeating: 0, count: receiveLength)
  private var sequence: UInt32 = 0
  /// The size of the last table, to make room for the next in one go.
  private var expectedConnections = 0
  private var walk: Walk

  /// How the tables are walked.
  ///
  /// The tables hold both families together, so that one walk for both saves the kernel a good part of the work. The
  /// request that can say so is the older one; a kernel without it is asked for each family in turn.
  package enum Walk: Sendable, Hashable {
    case bothFamilies, eachFamily

    fileprivate var families: [Int32] {
      switch self {
      case .bothFamilies: [AF_UNSPEC]
      case .eachFamily: [AF_INET, AF_INET6]
      }
    }
  }

  package init(walk: Walk = .bothFamilies) {
    self.walk = walk
  }

  /// Lists every connection that `ss -tn` shows, and every listening socket.
  ///
  /// A dump that the table changed under, or that overran, is repeated once.
  ///
  /// - Parameters:
  ///   - filter: what the kernel is to leave out; nil for nothing.
  ///   - timeout: for all of it; above zero.
  /// - Returns: the whole table, or what the filter leaves of it; never half of that.
  /// - Throws: see ``SocketDiagnosticsError``.
  package mutating func sweep(
    _ filter: SocketFilter? = nil, timeout: Duration
  ) throws(SocketDiagnosticsError) -> SocketTable {
    let limit = Deadline(timeout: timeout)
    do {
      return try attempt(filter, limit: limit)
    } catch {
      if case .refused = error, walk == .bothFamilies {
        walk = .eachFamily
      } else if !error.isWorthRepeating {
        throw error
      }
      return try attempt(filter, limit: limit)
    }
  }

  private mutating func attempt(
    _ filter: SocketFilter?, limit: Deadline
  ) throws(SocketDiagnosticsError) -> SocketTable {
    let socket = try DiagnosticsSocket(timeout: try limit.remaining())
    var table = SocketTable()
    if filter == nil {
      // Spare room, as a table that grows in the middle of a sweep is copied.
      table.connections.reserveCapacity(expectedConnections + expectedConnections / 16 + 64)
    }
    let program = filter?.bytecode ?? []
    for family in walk.families {
      sequence &+= 1
      try socket.requestDump(of: family, filter: program, sequence: sequence)
      try receiveDump(from: socket, into: &table, limit: limit)
    }
    if filter == nil { expectedConnections = table.connections.count }
    return table
  }

  private mutating func receiveDump(
    from socket: borrowing DiagnosticsSocket, into table: inout SocketTable, limit: Deadline
  ) throws(SocketDiagnosticsError) {
    var wasInterrupted = false
    var progress = SocketTable.DumpProgress.unfinished
    while progress == .unfinished {
      _ = try limit.remaining()
      let length = try socket.receive(into: &buffer, limit: limit)
      let datagram = unsafe buffer.span.bytes.extracting(first: length)
      progress = try table.add(datagram: datagram, sequence: sequence, wasInterrupted: &wasInterrupted)
    }
    if wasInterrupted { throw .interrupted }
  }
}

/// The kernel fills at most 32 KiB of a dump into one datagram, whatever the reader offers.
private let receiveLength = 64 << 10

/// The moment at which a sweep gives up.
private struct Deadline {
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
private struct DiagnosticsSocket: ~Copyable {
  private let descriptor: Int32

  init(timeout: Duration) throws(SocketDiagnosticsError) {
    let microseconds = max(1, Int64(timeout.seconds * 1e6))
    let status = clinux_diag_open(Int32(4 * receiveLength), microseconds)
    guard status >= 0 else { throw .system(.open, errno: -status) }
    descriptor = status
  }

  deinit {
    close(descriptor)
  }

  func requestDump(of family: Int32, filter: [UInt8], sequence: UInt32) throws(SocketDiagnosticsError) {
    let status = unsafe clinux_diag_dump_tcp(
      descriptor, sequence, UInt8(family), stateMask, UInt8(1 << (INET_DIAG_INFO - 1)), filter, filter.count)
    guard status == 0 else { throw .system(.request, errno: -status) }
  }

  /// The length of the datagram that is now in the buffer.
  func receive(into buffer: inout [UInt8], limit: Deadline) throws(SocketDiagnosticsError) -> Int {
    while true {
      let length = unsafe buffer.withUnsafeMutableBytes { bytes in
        // With MSG_TRUNC the result is the datagram's own length, also when the buffer is too short for it.
        unsafe recv(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_TRUNC))
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

/// The states of `ss -tn`, and listening sockets, from which the direction of a connection is told.
private let stateMask: UInt32 = [
  SocketState.established, .synSent, .finWait1, .finWait2, .closeWait, .lastAck, .closing, .listen,
].reduce(0) { $0 | 1 << UInt32($1.rawValue) }
