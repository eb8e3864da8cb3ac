internal import Glibc
internal import NIOCore
internal import Synchronization

/// How many connections each user has open.
final class UserConnections: Sendable {
  private let counts = Mutex<[UInt32: Int]>([:])
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Counts a connection; false when its user has as many as are accepted.
  func open(by uid: UInt32) -> Bool {
    counts.withLock { counts in
      guard counts[uid, default: 0] < limit else { return false }
      counts[uid, default: 0] += 1
      return true
    }
  }

  func close(by uid: UInt32) {
    counts.withLock { counts in
      let left = counts[uid, default: 1] - 1
      counts[uid] = left > 0 ? left : nil
    }
  }
}

/// Closes a connection at once when its user has too many: one user cannot take every place.
final class UserConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let users: UserConnections
  private var counted: UInt32?

  init(_ users: UserConnections) {
    self.users = users
  }

  func channelActive(context: ChannelHandlerContext) {
    let uid = UserConnectionHandler.user(of: context)
    guard users.open(by: uid) else { return context.close(promise: nil) }
    counted = uid
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let counted { users.close(by: counted) }
    counted = nil
    context.fireChannelInactive()
  }

  /// The user of a Unix socket's other end; all callers over TCP are one.
  private static func user(of context: ChannelHandlerContext) -> UInt32 {
    let uid = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
      // struct ucred: pid, uid, gid, 32 bits each (socket(7)).
      var credentials: [UInt32] = [0, 0, 0]
      var length = socklen_t(12)
      let status = unsafe getsockopt($0, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
      return status == 0 ? credentials[1] : UInt32.max
    }
    return uid ?? .max  // A channel without a descriptor has no user.
  }
}
