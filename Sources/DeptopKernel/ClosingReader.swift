internal import CLinux
package import DeptopModel
internal import Glibc

/// Hears from the kernel of each TCP connection of a network namespace that ends, with its last figures.
///
/// What ends between two calls waits in the socket's buffer. A connection that its own process aborts (`SO_LINGER` of 0)
/// has lost its addresses by then, so that it does not count. Needs no privilege in the own namespace.
package struct ClosingReader: Sendable {
  /// How many messages one call takes in; what is left waits for the next call.
  package static let messagesAtOnce = 4_096
  /// The kernel cuts it to `net.core.rmem_max` without CAP_NET_ADMIN.
  private static let receiveBuffer: Int32 = 4 << 20
  private static let messageLength = 4_096

  private let descriptor: OpenDescriptor
  private let namespace: NamespaceID
  private var buffer = [UInt8](repeating: 0, count: messageLength)

  /// Hears of the calling thread's namespace from now on.
  package init() throws(SocketDiagnosticsError) {
    let status = clinux_diag_open(Self.receiveBuffer, 1_000_000)
    guard status >= 0 else { throw .system(.open, errno: -status) }
    descriptor = OpenDescriptor(status)
    namespace = .own
    let joined = clinux_diag_join_closings(status)
    guard joined == 0 else { throw .system(.join, errno: -joined) }
  }

  /// Hears of another namespace.
  ///
  /// - Parameters:
  ///   - descriptor: a sock_diag socket of the namespace that has joined the groups of destroyed sockets.
  ///   - namespace: which namespace that is.
  /// - Throws: `system` when it is no such socket.
  package init(_ descriptor: OpenDescriptor, of namespace: NamespaceID) throws(SocketDiagnosticsError) {
    self.descriptor = descriptor
    self.namespace = namespace
    // Without an address of its own the socket would hear nothing; connecting it gives it one.
    let prepared = clinux_diag_prepare(descriptor.number, Self.receiveBuffer, 1_000_000)
    guard prepared == 0 else { throw .system(.open, errno: -prepared) }
  }

  /// Takes in what has ended since the last call, without waiting for anything.
  ///
  /// - Returns: the ended connections, both ways and with `isUnseen` false; and whether that is all of them.
  /// - Throws: `system` when the socket is of no more use.
  package mutating func drain(at time: WallTime) throws(SocketDiagnosticsError) -> ClosingBatch {
    var batch = ClosingBatch()
    for _ in 0..<Self.messagesAtOnce {
      let length = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(descriptor.number, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC))
      }
      if length > buffer.count {
        batch.isComplete = false
      } else if length >= 0 {
        batch.add(datagram: unsafe buffer.span.bytes.extracting(first: length), in: namespace, at: time)
      } else {
        switch errno {
        case EAGAIN: return batch
        case EINTR: continue
        // The kernel had more to say than the buffer holds.
        case ENOBUFS: batch.isComplete = false
        case let code: throw .system(.receive, errno: code)
        }
      }
    }
    return batch
  }
}

/// Connections that ended.
package struct ClosingBatch: Sendable, Hashable {
  package var closed: [ClosedConnection] = []
  /// False when some may be missing.
  package var isComplete = true

  package init() {}

  /// Adds what one message tells; one that is not understood makes the batch incomplete.
  ///
  /// - Parameters:
  ///   - datagram: what one receive returned, any bytes at all.
  ///   - namespace: in which the connections were.
  ///   - time: when they count as ended.
  package mutating func add(datagram: borrowing RawSpan, in namespace: NamespaceID, at time: WallTime) {
    var offset = 0
    while offset < datagram.byteCount {
      guard let header = datagram.value(at: offset, as: nlmsghdr.self),
        header.nlmsg_len >= headerLength, Int(header.nlmsg_len) <= datagram.byteCount - offset
      else {
        isComplete = false
        return
      }
      let end = offset + Int(header.nlmsg_len)
      switch Int32(header.nlmsg_type) {
      case SOCK_DIAG_BY_FAMILY:
        add(socket: datagram.extracting(offset + headerLength..<end), in: namespace, at: time)
      case NLMSG_OVERRUN: isComplete = false
      default: break
      }
      offset = netlinkAligned(end)
    }
  }

  private mutating func add(socket: borrowing RawSpan, in namespace: NamespaceID, at time: WallTime) {
    guard let message = socket.value(at: 0, as: inet_diag_msg.self) else {
      isComplete = false
      return
    }
    // A length that does not fit costs the figures after it, and not the connection.
    let attributes = SocketAttributes(socket.extracting(MemoryLayout<inet_diag_msg>.size..<socket.byteCount))
    closed.append(
      ClosedConnection(
        namespace: namespace, local: message.local, remote: message.remote, cookie: message.cookie, at: time,
        isUnseen: false, info: attributes.info))
  }
}

private let headerLength = MemoryLayout<nlmsghdr>.size
