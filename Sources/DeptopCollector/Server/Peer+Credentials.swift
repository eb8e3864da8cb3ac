internal import Glibc
internal import NIOCore

extension Peer {
  /// Reads the credentials that the kernel attached to a Unix socket when it was connected.
  ///
  /// - Returns: nil when the channel is not a Unix socket.
  static func of(_ channel: any Channel, accounts: Accounts) async throws -> Peer? {
    try await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
        Peer(descriptor: descriptor, accounts: accounts)
      }
    }.get() ?? nil
  }

  private init?(descriptor: Int32, accounts: Accounts) {
    // struct ucred: pid, uid, gid, 32 bits each (socket(7)).
    var credentials: [UInt32] = [0, 0, 0]
    var length = socklen_t(12)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0, length == 12 else {
      return nil
    }
    self.init(
      pid: Int32(bitPattern: credentials[0]), uid: credentials[1],
      groups: Peer.supplementaryGroups(of: descriptor).union([credentials[2]]),
      user: accounts.name(ofUser: credentials[1]))
  }

  /// SO_PEERGROUPS of <asm-generic/socket.h>, Linux 4.13; its length varies with the number of groups.
  private static let peerGroups: Int32 = 59

  private static func supplementaryGroups(of descriptor: Int32) -> Set<UInt32> {
    var groups = [UInt32](repeating: 0, count: 64)
    for _ in 0..<2 {
      var length = socklen_t(groups.count * 4)
      if unsafe getsockopt(descriptor, SOL_SOCKET, peerGroups, &groups, &length) == 0 {
        return Set(groups.prefix(Int(length) / 4))
      }
      guard errno == ERANGE else { return [] }
      groups = [UInt32](repeating: 0, count: Int(length) / 4)
    }
    return []
  }
}
