internal import DeptopKernel
internal import DeptopModel
internal import NIOCore
internal import Synchronization

/// Who hands something in: by the credentials of its Unix socket, or by the owner of its TCP socket.
struct IngestPeer: Sendable, Hashable {
  /// nil when nobody can say: it is over TCP, and the kernel's table does not tell.
  var uid: UInt32?
  var pid: Int32?
  var cgroup: String?
  var groups: Set<UInt32> = []

  /// Quotas of callers that nobody can tell apart are one user's.
  static let unknownUser: UInt32 = .max

  var quotaUser: UInt32 { uid ?? IngestPeer.unknownUser }

  func identity(named name: String) -> ClientIdentity {
    ClientIdentity(name: name, pid: pid, uid: uid, cgroup: cgroup, isVerified: uid != nil)
  }
}

/// Tells who is at the other end of each connection to the ingest socket or port.
final class IngestPeers: Sendable {
  /// How long an answer about a TCP connection holds, and how many are kept.
  static let kept = Duration.seconds(60)
  static let remembered = 4096

  private let callers = LoopbackCallers()
  private let known = Mutex<[ConnectionPair: (peer: IngestPeer, at: ContinuousClock.Instant)]>([:])

  func peer(of channel: any Channel, accounts: Accounts) async throws -> IngestPeer {
    if let peer = try await Peer.of(channel, accounts: accounts), peer.uid != .max {
      return IngestPeer(
        uid: peer.uid, pid: peer.pid, cgroup: ControlGroup.path(of: peer.pid), groups: peer.groups)
    }
    guard let mine = SocketAddress(channel.localAddress), let theirs = SocketAddress(channel.remoteAddress) else {
      return IngestPeer()
    }
    let pair = ConnectionPair(local: theirs, remote: mine)
    if let found = known.withLock({ $0[pair] }), found.at.duration(to: .now) < IngestPeers.kept { return found.peer }
    let peer = IngestPeer(await callers.caller(at: theirs, to: mine))
    known.withLock { known in
      if known.count >= IngestPeers.remembered {
        known = known.filter { $0.value.at.duration(to: .now) < IngestPeers.kept }
      }
      if known.count < IngestPeers.remembered { known[pair] = (peer, .now) }
    }
    return peer
  }
}

extension IngestPeer {
  fileprivate init(_ seen: ObservedConnection?) {
    uid = seen?.sample.uid
    pid = seen?.owner?.pid
    cgroup = seen?.owner.flatMap { ControlGroup.path(of: $0.pid) }
  }
}

extension DeptopModel.SocketAddress {
  fileprivate init?(_ address: NIOCore.SocketAddress?) {
    guard let address, let text = address.ipAddress, let ip = IPAddress(text), let port = address.port else {
      return nil
    }
    self.init(ip, port: UInt16(clamping: port))
  }
}
