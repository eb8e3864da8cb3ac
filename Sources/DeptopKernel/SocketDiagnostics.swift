internal import DeptopBlocking
package import DeptopModel
internal import Glibc

/// Reads the TCP sockets of a network namespace through sock_diag: the calling thread's, or another.
///
/// Needs no privilege but for what hands out sockets of another namespace. Blocks, so it belongs on a
/// ``BlockingThread``. A value keeps its receive buffer from sweep to sweep. A netlink socket of its own making is kept
/// for one attempt, one that was handed to it until an attempt fails: what that left unread cannot reach the next.
package struct SocketDiagnostics: Sendable {
  /// Makes a sock_diag socket that belongs to the namespace.
  package typealias Opening = @Sendable () throws(HostAccessError) -> Int32

  private var buffer = [UInt8](repeating: 0, count: DiagnosticsSocket.receiveLength)
  private var sequence: UInt32 = 0
  /// The size of the last table, to make room for the next in one go.
  private var expectedConnections = 0
  private var walk: Walk
  private let namespace: NamespaceID
  private let opening: Opening?
  /// What was handed out, as long as it works.
  private var handedOut: OpenDescriptor?

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
    namespace = .own
    opening = nil
  }

  /// Reads the sockets of another namespace.
  ///
  /// - Parameters:
  ///   - namespace: which namespace that is.
  ///   - opening: asked for a socket before the first sweep, and after one that failed.
  package init(of namespace: NamespaceID, opening: @escaping Opening) {
    walk = .bothFamilies
    self.namespace = namespace
    self.opening = opening
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
    let socket = try open(limit: limit)
    var table = SocketTable(namespace: namespace)
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
    if opening != nil { handedOut = socket.descriptor }
    return table
  }

  /// A socket for one attempt: until that has succeeded, nothing is kept.
  private mutating func open(limit: Deadline) throws(SocketDiagnosticsError) -> DiagnosticsSocket {
    guard let opening else { return try DiagnosticsSocket(timeout: try limit.remaining()) }
    if let kept = handedOut {
      handedOut = nil
      return try DiagnosticsSocket(kept, timeout: try limit.remaining())
    }
    let descriptor: Int32
    do throws(HostAccessError) {
      descriptor = try opening()
    } catch {
      throw .notOpened(error)
    }
    return try DiagnosticsSocket(OpenDescriptor(descriptor), timeout: try limit.remaining())
  }

  private mutating func receiveDump(
    from socket: DiagnosticsSocket, into table: inout SocketTable, limit: Deadline
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
