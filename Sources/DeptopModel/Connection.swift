/// One connection in a dependency's detail: the kernel's facts joined with the pool's own word.
package struct Connection: Sendable, Hashable, Codable {
  /// The kernel's identity of the socket, hexadecimal.
  package var cookie: String
  package var local: SocketAddress
  package var remote: SocketAddress
  package var state: String
  package var owner: SocketOwner?
  /// The user that the socket belongs to; nil when not known.
  package var uid: UInt32?
  package var since: WallTime
  /// True when the connection was there before deptop: `since` is a lower bound of its age.
  package var isOlderThanSeen: Bool
  /// Time since data moved in either direction; nil when the kernel has no such figure for the state.
  package var idle: Duration?
  /// Time since a request was sent that nothing has answered; nil when nothing is outstanding.
  package var awaitingReply: Duration?
  package var rtt: Duration?
  /// Retransmissions over the connection's life.
  package var retransmits: UInt32
  /// Segments sent and not acknowledged.
  package var unacknowledged: UInt32
  package var standing: AddressUse.Standing
  /// What the pool's owner says about it; nil when no owner lists it.
  package var pool: PoolConnection?
  package var signals: SocketSignals
  /// The network namespace that it is in.
  package var namespace: NamespaceID
  /// Where it really goes, when its address is translated on this host; nil when that is not so, or not known.
  package var translated: SocketAddress?
  /// 0 when no process holds it.
  package var inode: UInt32
  /// Until the kernel sends again what is not acknowledged; nil when nothing is.
  package var nextRetransmit: Duration?
  /// The largest segment that it sends, bytes; nil when not known.
  package var segmentSize: Int?

  private enum CodingKeys: String, CodingKey {
    case cookie, local, remote, state, owner, uid, since, isOlderThanSeen, retransmits, unacknowledged, standing, pool
    case signals, namespace, translated, inode, segmentSize
    case nextRetransmit = "nextRetransmitSeconds"
    case idle = "idleSeconds"
    case awaitingReply = "awaitingReplySeconds"
    case rtt = "rttSeconds"
  }

  package init(
    cookie: String, local: SocketAddress, remote: SocketAddress, state: String, owner: SocketOwner?,
    uid: UInt32? = nil, since: WallTime, isOlderThanSeen: Bool, idle: Duration?, awaitingReply: Duration?,
    rtt: Duration?, retransmits: UInt32,
    unacknowledged: UInt32, standing: AddressUse.Standing, pool: PoolConnection?,
    signals: SocketSignals = SocketSignals(.unknown), namespace: NamespaceID = .own,
    translated: SocketAddress? = nil, inode: UInt32 = 0, nextRetransmit: Duration? = nil, segmentSize: Int? = nil
  ) {
    self.cookie = cookie
    self.local = local
    self.remote = remote
    self.state = state
    self.owner = owner
    self.uid = uid
    self.since = since
    self.isOlderThanSeen = isOlderThanSeen
    self.idle = idle
    self.awaitingReply = awaitingReply
    self.rtt = rtt
    self.retransmits = retransmits
    self.unacknowledged = unacknowledged
    self.standing = standing
    self.pool = pool
    self.signals = signals
    self.namespace = namespace
    self.translated = translated
    self.inode = inode
    self.nextRetransmit = nextRetransmit
    self.segmentSize = segmentSize
  }
}
