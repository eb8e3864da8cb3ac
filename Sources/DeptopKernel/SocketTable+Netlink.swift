internal import CLinux
internal import DeptopModel
internal import Glibc

extension SocketTable {
  /// What a datagram says about the dump that it belongs to.
  package enum DumpProgress: Sendable, Hashable {
    case unfinished, finished
  }

  /// Adds the sockets of one datagram of a dump; messages of other dumps are passed over.
  ///
  /// - Parameters:
  ///   - datagram: what one receive returned, any bytes at all.
  ///   - sequence: the number that the request carried.
  ///   - wasInterrupted: set when the kernel says that the table changed under the dump, else left alone.
  /// - Returns: whether the dump ended; what follows its end is passed over.
  /// - Throws: `malformed` for bytes that are no answer, `refused` when the kernel reports an error, `overrun` when
  ///   it reports a loss. What was added before stays.
  package mutating func add(
    datagram: borrowing RawSpan, sequence: UInt32, wasInterrupted: inout Bool
  ) throws(SocketDiagnosticsError) -> DumpProgress {
    var offset = 0
    while offset < datagram.byteCount {
      guard let header = datagram.value(at: offset, as: nlmsghdr.self),
        header.nlmsg_len >= headerLength, Int(header.nlmsg_len) <= datagram.byteCount - offset
      else { throw .malformed(.messageLength) }
      let end = offset + Int(header.nlmsg_len)
      if header.nlmsg_seq == sequence {
        if Int32(header.nlmsg_flags) & NLM_F_DUMP_INTR != 0 { wasInterrupted = true }
        let body = datagram.extracting(offset + headerLength..<end)
        if try add(message: body, type: header.nlmsg_type) == .finished { return .finished }
      }
      offset = netlinkAligned(end)
    }
    return .unfinished
  }

  private mutating func add(
    message: borrowing RawSpan, type: UInt16
  ) throws(SocketDiagnosticsError) -> DumpProgress {
    switch Int32(type) {
    case NLMSG_DONE:
      // Since Linux 4.19 the end says how the dump went; before that it says nothing.
      try check(status: message.value(at: 0, as: Int32.self) ?? 0)
      return .finished
    case NLMSG_ERROR:
      guard let status = message.value(at: 0, as: Int32.self) else { throw .malformed(.messageLength) }
      try check(status: status)
    case NLMSG_OVERRUN: throw .overrun
    // An answer has the type of its request.
    case SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK: try add(socket: message)
    default: break
    }
    return .unfinished
  }

  private func check(status: Int32) throws(SocketDiagnosticsError) {
    if status == -ENOBUFS { throw .overrun }
    // Negating the smallest integer would trap, and no error has that number.
    if status < 0 { throw .refused(errno: 0 &- status) }
  }

  private mutating func add(socket: borrowing RawSpan) throws(SocketDiagnosticsError) {
    guard let message = socket.value(at: 0, as: inet_diag_msg.self) else { throw .malformed(.messageLength) }
    guard let state = SocketState(rawValue: message.idiag_state) else { return }
    let attributes = SocketAttributes(socket.extracting(MemoryLayout<inet_diag_msg>.size..<socket.byteCount))
    if attributes.isDamaged { damaged += 1 }
    if state == .listen {
      listeners.append(ListeningSocket(message.local, isV6Only: attributes.isV6Only))
    } else {
      connections.append(SocketSample(message, state: state, info: attributes.info, namespace: namespace))
    }
  }
}
private let headerLength = MemoryLayout<nlmsghdr>.size
