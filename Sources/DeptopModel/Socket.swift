/// The TCP states as the kernel numbers them (`include/net/tcp_states.h`).
package enum SocketState: UInt8, Sendable, Hashable, CaseIterable {
  case established = 1
  case synSent, synReceived, finWait1, finWait2, timeWait, close, closeWait, lastAck, listen, closing
}

/// What the kernel's one reported timer of a socket waits for (`idiag_timer`).
package enum SocketTimer: UInt8, Sendable, Hashable {
  case none = 0
  case retransmit, keepalive, timeWait, zeroWindowProbe
}

/// One connection as the kernel's socket table had it in one sweep.
///
/// Only fixed-size values: a sweep makes one of these for each socket of the host.
package struct SocketSample: Sendable, Hashable {
  package var local: SocketAddress
  package var remote: SocketAddress
  package var state: SocketState
  package var timer: SocketTimer
  /// Unanswered retransmissions or probes of the running timer.
  package var timerRetransmits: UInt8
  /// The kernel's identity of the socket, never reused while the host is up.
  package var cookie: UInt64
  /// 0 when no process owns it.
  package var inode: UInt32
  package var uid: UInt32
  /// Bytes that the application has not read.
  package var receiveQueue: UInt32
  /// Bytes sent and not acknowledged, or not sent yet.
  package var sendQueue: UInt32
  /// nil for states that have none, and for fields that an older kernel does not report.
  package var info: TCPInfo?

  package init(
    local: SocketAddress, remote: SocketAddress, state: SocketState, timer: SocketTimer = .none,
    timerRetransmits: UInt8 = 0, cookie: UInt64, inode: UInt32 = 0, uid: UInt32 = 0, receiveQueue: UInt32 = 0,
    sendQueue: UInt32 = 0, info: TCPInfo? = nil
  ) {
    self.local = local
    self.remote = remote
    self.state = state
    self.timer = timer
    self.timerRetransmits = timerRetransmits
    self.cookie = cookie
    self.inode = inode
    self.uid = uid
    self.receiveQueue = receiveQueue
    self.sendQueue = sendQueue
    self.info = info
  }
}

/// The part of `tcp_info` that deptop reads, in the kernel's own units.
package struct TCPInfo: Sendable, Hashable {
  /// Smoothed round-trip time, microseconds; 0 when there is no sample yet.
  package var rttMicroseconds: UInt32 = 0
  package var rttVarianceMicroseconds: UInt32 = 0
  /// Milliseconds since data was last sent; wrong before the connection is established.
  package var lastDataSentMilliseconds: UInt32 = 0
  package var lastDataReceivedMilliseconds: UInt32 = 0
  package var lastAckReceivedMilliseconds: UInt32 = 0
  /// Segments sent and not acknowledged.
  package var unacknowledged: UInt32 = 0
  package var backoff: UInt8 = 0
  /// Retransmissions over the life of the connection.
  package var totalRetransmits: UInt32 = 0
  package var pathMTU: UInt32 = 0
  package var sendMSS: UInt32 = 0
  package var bytesAcknowledged: UInt64 = 0
  package var bytesReceived: UInt64 = 0
  package var notSentBytes: UInt32 = 0

  package init() {}
}

/// A process that holds a connection.
package struct SocketOwner: Sendable, Hashable, Codable, Comparable {
  package var pid: Int32
  /// `comm` of the process.
  package var process: String

  package init(pid: Int32, process: String) {
    self.pid = pid
    self.process = process
  }

  package static func < (left: SocketOwner, right: SocketOwner) -> Bool {
    (left.process, left.pid) < (right.process, right.pid)
  }
}

extension SocketSample {
  /// Time since a request was sent that nothing has answered; nil when nothing is outstanding, or not known.
  ///
  /// The last byte was sent later than the last one was received, by more than the 5 ms that a reply may need to be
  /// counted, and the peer's kernel has acknowledged all of it. A heuristic for protocols in which the server speaks
  /// only when asked.
  package var awaitingReply: Duration? {
    guard state == .established, let info, info.unacknowledged == 0,
      info.lastDataSentMilliseconds + 5 < info.lastDataReceivedMilliseconds
    else { return nil }
    return .milliseconds(Int(info.lastDataSentMilliseconds))
  }

  /// Time since data moved in either direction; nil before the connection is established, or when not known.
  package var quiet: Duration? {
    guard state == .established || state == .closeWait, let info else { return nil }
    return .milliseconds(Int(min(info.lastDataSentMilliseconds, info.lastDataReceivedMilliseconds)))
  }

  /// True when nothing is unacknowledged and no reply is awaited.
  package var isIdle: Bool {
    state == .established && info?.unacknowledged == 0 && awaitingReply == nil
  }

  /// The smoothed round-trip time; nil when there is no sample yet.
  package var rtt: Duration? {
    guard let info, info.rttMicroseconds > 0 else { return nil }
    return .microseconds(Int(info.rttMicroseconds))
  }

  /// The cookie as the wire spells it.
  package var identity: String { String(cookie, radix: 16) }
}
