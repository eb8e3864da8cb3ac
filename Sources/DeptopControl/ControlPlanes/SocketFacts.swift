internal import DeptopModel

/// What a repair asks about one connection.
extension Connection {
  /// The kernel's cookie as a number; nil when it has none.
  var cookieNumber: UInt64? { SocketCookie.number(of: cookie) }

  var isDead: Bool { signals.condition == .dead }

  /// True when its owner is known well enough to be recognized again: the start tells a process from a later one that
  /// has its number.
  var isOwned: Bool { inode != 0 && (owner?.pid ?? 0) > 0 && owner?.startedAt != nil }

  var isEstablished: Bool { state == "\(SocketState.established)" }

  /// True for the states in which a connection can be closed: never a listener, nor what is not open yet or any more.
  var isClosable: Bool {
    let states: [SocketState] = [.established, .closeWait, .finWait1, .lastAck, .closing]
    return states.contains { "\($0)" == state }
  }

  /// True when the peer has closed long ago, and the application has not.
  var isForgotten: Bool {
    signals.condition == .peerClosed && (signals.lasting ?? .zero) > SocketPace.forgottenAfter
  }

  /// True when it may carry a request, by the pool's word, else by the kernel's figures.
  var isInUse: Bool { pool?.isActive ?? !isQuiet }

  /// True when the pool itself says that nothing is on it.
  var isIdleByPool: Bool { pool?.isActive == false }

  /// True when the kernel sees nothing under way; a transaction or a subscription may be quiet, too.
  private var isQuiet: Bool {
    switch signals.condition {
    case .idle, .keepaliveUnanswered, .peerClosed: true
    case .unknown: idle != nil && awaitingReply == nil && unacknowledged == 0
    default: false
    }
  }

  /// True when what is sent again is as large as a segment can be: small packets may well pass on this path.
  var losesLargePackets: Bool {
    guard let mean = signals.meanRetransmit, let segmentSize, segmentSize > 0 else { return false }
    return Double(mean) >= SocketPace.fullSegment * Double(segmentSize)
  }

  var isDueSoon: Bool { nextRetransmit.map { $0 <= SocketPace.dueSoon } ?? false }

  /// Precisely this socket; nil when the kernel gave it no cookie.
  var identity: SocketIdentity? {
    cookieNumber.map {
      SocketIdentity(
        namespace: namespace, cookie: $0, local: local, remote: remote, inode: inode,
        pid: isOwned ? owner?.pid ?? 0 : 0, processStart: isOwned ? owner?.startedAt ?? 0 : 0)
    }
  }

  /// True when its process, or the service that this belongs to, has the name.
  func belongs(to client: String) -> Bool {
    guard let owner else { return false }
    return owner.process == client || owner.unit?.name == client || String(owner.pid) == client
  }

  /// It as a plan has it; nil when the kernel gave it no cookie.
  func target(_ treatment: SocketTreatment) -> PlanTarget? {
    identity.map {
      PlanTarget(
        cookie: cookie, local: local, remote: remote, isActive: isInUse, isStale: standing.isStale, isDead: isDead,
        treatment: treatment, socket: $0)
    }
  }
}

/// Cookies as they travel: hexadecimal, with the namespace behind an `@` where it is not the collector's own.
enum SocketCookie {
  static func number(of text: String) -> UInt64? {
    text.split(separator: "@", omittingEmptySubsequences: false).first.flatMap { UInt64($0, radix: 16) }
  }
}

/// The connections of a dependency, to be asked by their cookies.
struct SocketTableView {
  /// False when there is no dependency, or its kernel readings are missing or old: what is absent proves nothing.
  let isKnown: Bool
  /// Namespaces that the last sweep did not read.
  let unread: Set<NamespaceID>
  private let byCookie: [String: Connection]
  /// Whose connections are counted; nil for everyone's.
  ///
  /// Planned ones are found by their cookies, whoever holds them now.
  private let client: String?

  /// - Parameters:
  ///   - detail: The dependency as it is read now.
  ///   - client: Whose connections the plan is about; nil for everyone's.
  init(_ detail: DependencyDetail?, client: String?) {
    let connections = detail?.connections ?? []
    unread = Set(detail?.unreadNamespaces ?? [])
    self.client = client
    byCookie = Dictionary(connections.map { ($0.cookie, $0) }, uniquingKeysWith: { first, _ in first })
    let sockets = detail?.dependency.sockets
    let silent = detail?.dependency.silentSources ?? []
    isKnown = sockets.map { reading in !silent.contains { $0.source == reading.source } } ?? false
  }

  subscript(target: PlanTarget) -> Connection? { byCookie[target.cookie] }

  /// True when the last sweep left the target's namespace out.
  func isLeftOut(_ target: PlanTarget) -> Bool { unread.contains(target.socket?.namespace ?? .own) }

  /// True when the table tells whether the target is there.
  func isRead(_ target: PlanTarget) -> Bool { isKnown && !isLeftOut(target) }

  /// True when the table was read, and does not have it any more.
  func isGone(_ target: PlanTarget) -> Bool { isRead(target) && self[target] == nil }

  /// Connections that calls of the client can use, in the namespaces that are read.
  func ready(without closed: Set<UInt64>) -> Int {
    byCookie.values.count { connection in
      connection.isEstablished && !connection.isDead && !unread.contains(connection.namespace)
        && (client.map { connection.belongs(to: $0) } ?? true)
        && !(connection.cookieNumber.map { closed.contains($0) } ?? false)
    }
  }

  /// True when nothing has come back from it until now.
  func isUnanswered(_ target: PlanTarget) -> Bool {
    guard let signals = self[target]?.signals else { return false }
    switch signals.condition {
    case .dead, .keepaliveUnanswered: return true
    case .zeroWindow: return signals.unanswered >= SocketPace.unansweredProbes
    default: return false
    }
  }
}
