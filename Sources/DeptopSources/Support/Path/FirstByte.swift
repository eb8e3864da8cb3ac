internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// How long a dependency takes for the first byte of an answer.
struct FirstByte {
  let address: SocketAddress
  let sockets: any SocketOpening
  let timeout: Duration
  let opening: PathProtocol.Opening

  /// The time from the request, or from the connection when the server speaks first.
  func time(interrupt: Interrupt) throws(PathFailure) -> Duration {
    let socket = try PathSocket(.tcp, isV4: address.address.isV4, from: sockets, interrupt: interrupt)
    try socket.connect(to: address, timeout: timeout)
    let start = MonotonicTime.now()
    if case .request(let bytes) = opening { try socket.send(bytes) }
    guard try socket.wait(for: POLLIN, until: start + timeout) else { throw .failed(timeout.timedOutText) }
    let duration = MonotonicTime.now() - start
    var byte: UInt8 = 0
    let count = unsafe recv(socket.descriptor, &byte, 1, Int32(MSG_PEEK))
    if count == 0 { throw .failed("the peer ended the connection without a byte") }
    if count < 0 { throw .failed(socket.pendingError?.description ?? "the connection was reset") }
    try socket.finish(within: .milliseconds(100))
    return duration
  }
}
