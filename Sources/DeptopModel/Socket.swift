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
  /// Until the timer fires, milliseconds; 0 when none runs.
  package var timerExpires: UInt32
  package var namespace: NamespaceID
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
    timerRetransmits: UInt8 = 0, timerExpires: UInt32 = 0, namespace: NamespaceID = .own, cookie: UInt64,
    inode: UInt32 = 0, uid: UInt32 = 0, receiveQueue: UInt32 = 0, sendQueue: UInt32 = 0, info: TCPInfo? = nil
  ) {
    self.local = local
    self.remote = remote
    self.state = state
    self.timer = timer
    self.timerRetransmits = timerRetransmits
    self.timerExpires = timerExpires
    self.namespace = namespace
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
  /// Retransmission timeout, microseconds.
  package var rtoMicroseconds: UInt32 = 0
  /// Largest segment that was received, bytes.
  package var receiveMSS: UInt32 = 0
  /// nil from kernels before Linux 5.4.
  package var accounting: TCPAccounting?

  package init() {}
}

extension TCPInfo {
  /// True when something that was to be sent has not been acknowledged.
  ///
  /// A reset empties the queue before the kernel tells of the end, so that only the bytes tell. The SYN counts as one
  /// acknowledged byte.
  package var hasUnanswered: Bool {
    if unacknowledged > 0 || notSentBytes > 0 { return true }
    guard let accounting, bytesAcknowledged > 0 else { return false }
    return accounting.bytesSent &- accounting.bytesRetransmitted &+ 1 > bytesAcknowledged
  }
}

/// The later part of `tcp_info` that deptop reads, in the kernel's own units; totals over the connection's life.
package struct TCPAccounting: Sendable, Hashable {
  /// Segments with data that were received.
  package var dataSegmentsIn: UInt32 = 0
  /// Segments that came out of order.
  package var outOfOrder: UInt32 = 0
  /// The peer's receive window now, bytes.
  package var sendWindow: UInt32 = 0
  /// Time with data outstanding, microseconds, and the part of it that the peer's window held up.
  package var busyMicroseconds: UInt64 = 0
  package var windowLimitedMicroseconds: UInt64 = 0
  package var bytesSent: UInt64 = 0
  package var bytesRetransmitted: UInt64 = 0

  package init() {}
}

/// A process that holds a connection.
package struct SocketOwner: Sendable, Hashable, Codable, Comparable {
  package var pid: Int32
  /// `comm` of the process.
  package var process: String
  /// Start of the process, in clock ticks since the boot (`/proc/PID/stat`, field 22); nil when it is not known.
  ///
  /// With the process id it names one process for as long as the host is up.
  package var startedAt: UInt64?
  /// The service that the process belongs to; nil when it belongs to none.
  package var unit: ServiceUnit?

  package init(pid: Int32, process: String, startedAt: UInt64? = nil, unit: ServiceUnit? = nil) {
    self.pid = pid
    self.process = process
    self.startedAt = startedAt
    self.unit = unit
  }

  package static func < (left: SocketOwner, right: SocketOwner) -> Bool {
    (left.process, left.pid) < (right.process, right.pid)
  }
}

/// What a process belongs to, by its control group.
package struct ServiceUnit: Sendable, Hashable, Codable, Comparable {
  package var kind: Kind
  /// `orders.service`, the first twelve digits of a container's id, or a pod's UID.
  package var name: String

  /// Who runs it.
  package enum Kind: String, Sendable, Hashable, Codable {
    case systemd, container, pod
  }

  package init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  package static func < (left: ServiceUnit, right: ServiceUnit) -> Bool { left.name < right.name }
}

extension SocketSample {
  /// Time since a request was sent that nothing has answered; nil when nothing is outstanding, or not known.
  ///
  /// The last byte was sent later than the last one was received, by more than the 5 ms that a reply may need to be
  /// counted, or nothing was ever received, or an acknowledgement shows that a request followed the reply at once; and
  /// the peer's kernel has acknowledged all of it. A heuristic for protocols in which the server speaks only when asked.
  package var awaitingReply: Duration? {
    guard state == .established, let info, info.unacknowledged == 0, info.notSentBytes == 0 else { return nil }
    let (lead, isBehind) = info.lastDataReceivedMilliseconds.subtractingReportingOverflow(info.lastDataSentMilliseconds)
    // Before anything came, the kernel counts from the opening. Of what it has acknowledged, one byte is the SYN.
    let hasNoReply = info.bytesReceived == 0 && info.bytesAcknowledged > 1
    guard hasNoReply || !isBehind && (lead > 5 || isAskedAgain(info)) else { return nil }
    return .milliseconds(Int(info.lastDataSentMilliseconds))
  }

  /// The longest that a peer's kernel delays an acknowledgement, with its way back, in milliseconds.
  private static let longestAcknowledgement: UInt32 = 250

  /// True when a request followed the last reply within the kernel's own tick.
  ///
  /// Their times are equal then, but the reply would have brought the acknowledgement with it: one that came later is
  /// that of something sent since. Where peers speak unasked, that need not be a request.
  private func isAskedAgain(_ info: TCPInfo) -> Bool {
    let (delay, isOlder) = info.lastDataReceivedMilliseconds.subtractingReportingOverflow(
      info.lastAckReceivedMilliseconds)
    guard !isOlder, delay > 5, delay <= Self.longestAcknowledgement else { return false }
    return ServiceKind.guessed(fromPort: remote.port)?.answersOnlyWhenAsked ?? false
  }

  /// Time since data moved in either direction; nil before the connection is established, or when not known.
  package var quiet: Duration? {
    guard state == .established || state == .closeWait, let info else { return nil }
    // What is sent again counts as sent for the kernel, though it gets nowhere.
    if timer == .retransmit && info.backoff > 0 { return .milliseconds(Int(info.lastDataReceivedMilliseconds)) }
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

  /// The cookie as the wire spells it; kernels before Linux 5.8 count cookies in each namespace apart.
  package var identity: String {
    let own = String(cookie, radix: 16)
    return namespace == .own ? own : "\(own)@\(namespace.inode)"
  }
}
