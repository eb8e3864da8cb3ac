internal import DeptopModel
internal import Glibc

/// Sends one packet of a chosen size over a TCP connection of its own, and sees whether it is acknowledged.
///
/// TCP_MAXSEG, set before the connection, bounds the segment; exactly one full segment is sent, so that one packet of
/// exactly that size is on the way, with DF set. Fragments are not allowed until the packet counts as lost.
struct SizeAttempt {
  /// What is waited for an acknowledgement beyond three round trips: a first retransmission fits in, a second does not.
  private static let patience = Duration.milliseconds(400)
  private static let pause = Duration.milliseconds(4)
  /// What a lost request may take to arrive in fragments, and what an answered one may take to end.
  private static let clearance = Duration.milliseconds(1200)
  private static let ending = Duration.milliseconds(200)

  let address: SocketAddress
  let sockets: any SocketOpening
  let timeout: Duration
  /// The harmless request of so many bytes; nil when it cannot have this size.
  let request: (Int) -> [UInt8]?

  func outcome(ofPacket size: Int, interrupt: Interrupt) throws(PathFailure) -> SizeOutcome {
    let isV4 = address.address.isV4
    let socket = try PathSocket(.tcp, isV4: isV4, from: sockets, interrupt: interrupt)
    try isV4
      ? socket.set(Int32(IPPROTO_IP), IP_MTU_DISCOVER, to: IP_PMTUDISC_DO)
      : socket.set(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, to: IPV6_PMTUDISC_DO)
    try socket.set(Int32(IPPROTO_TCP), TCP_MAXSEG, to: Int32(size - TransferState.headers(isV4: isV4)))
    try socket.connect(to: address, timeout: timeout)
    let before = try TransferState(of: socket)
    let actual = before.packetSize(isV4: isV4)
    guard let bytes = request(before.segmentSize), bytes.count == before.segmentSize else {
      throw .failed("no request of \(before.segmentSize) bytes is known that does no harm")
    }
    // Also where the wait is given up.
    socket.setResetOnClose(true)
    try socket.send(bytes)
    let wait = .microseconds(Int64(before.information.rttMicroseconds) * 3) + SizeAttempt.patience
    let after = try state(of: socket, within: wait)
    try conclude(socket, isAcknowledged: after.isAllAcknowledged)
    if after.segmentSize < before.segmentSize {
      return .reduced(max(0, min(after.packetSize(isV4: isV4), actual - 1)))
    }
    return after.isAllAcknowledged ? .passed(actual) : .lost(actual)
  }

  /// The state when everything is acknowledged, or when the time is up.
  private func state(of socket: borrowing PathSocket, within limit: Duration) throws(PathFailure) -> TransferState {
    let end = MonotonicTime.now() + limit
    while true {
      let state = try TransferState(of: socket)
      if state.isClosed {
        let reason = socket.pendingError.map { ": \($0)" } ?? ""
        throw .failed("the peer ended the connection before it acknowledged the packet\(reason)")
      }
      if state.isAllAcknowledged || MonotonicTime.now() >= end { return state }
      try socket.pause(SizeAttempt.pause)
    }
  }

  /// Ends the connection so that the peer notices as little as possible.
  ///
  /// A request that was lost is let through in fragments, where the path takes them: the peer then sees a request and
  /// an orderly end, and nothing to log. Otherwise the connection is reset, so that nothing is sent for minutes.
  private func conclude(_ socket: borrowing PathSocket, isAcknowledged: Bool) throws(PathFailure) {
    var isAcknowledged = isAcknowledged
    if !isAcknowledged, address.address.isV4 {
      try socket.set(Int32(IPPROTO_IP), IP_MTU_DISCOVER, to: IP_PMTUDISC_DONT)
      isAcknowledged = try state(of: socket, within: SizeAttempt.clearance).isAllAcknowledged
    }
    guard isAcknowledged else { return }
    socket.setResetOnClose(false)
    try socket.finish(within: SizeAttempt.ending)
  }
}
