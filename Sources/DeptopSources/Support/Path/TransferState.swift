internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// What the kernel knows of a TCP connection of a path check.
struct TransferState {
  let information: TCPInfo
  private let state: UInt8
  private let options: UInt8

  init(of socket: borrowing PathSocket) throws(PathFailure) {
    var bytes = [UInt8](repeating: 0, count: 512)
    var length = socklen_t(bytes.count)
    guard unsafe getsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_INFO, &bytes, &length) == 0 else {
      throw .failed("TCP_INFO: \(SystemError.last)")
    }
    bytes.removeLast(bytes.count - min(bytes.count, Int(length)))
    guard let information = unsafe TCPInfo(kernelBytes: bytes.span.bytes), bytes.count > 5 else {
      throw .failed("this kernel tells too little of a connection: TCP_INFO of \(bytes.count) bytes")
    }
    self.information = information
    state = bytes[0]
    options = bytes[5]
  }

  /// TCP_CLOSE.
  var isClosed: Bool { state == 7 }
  var isAllAcknowledged: Bool { information.unacknowledged == 0 && information.notSentBytes == 0 }
  var segmentSize: Int { Int(information.sendMSS) }

  /// The size of a packet with a full segment: TCPI_OPT_TIMESTAMPS are 12 bytes of options in each.
  func packetSize(isV4: Bool) -> Int { segmentSize + TransferState.headers(isV4: isV4) + (options & 1 == 1 ? 12 : 0) }

  /// IP and TCP header without options, bytes.
  static func headers(isV4: Bool) -> Int { isV4 ? 40 : 60 }
}
