/// How connections are repaired without the help of the process that holds them.
package enum RepairMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// Let the kernel find out which connections are dead, close those, and keep the others alive.
  case prove
  /// Close exactly the planned connections.
  case close
  /// Free connections whose data is stuck: give up what is dead, send smaller where the path takes no large packet.
  case unstick
}

/// Whether a way of repair can be used on a dependency now.
package struct RepairOffer: Sendable, Hashable, Codable {
  package var method: RepairMethod
  /// nil when it can.
  package var unavailable: String?

  package init(_ method: RepairMethod, unavailable: String? = nil) {
    self.method = method
    self.unavailable = unavailable
  }
}

/// What a repair does to one connection.
package enum SocketTreatment: String, Sendable, Hashable, Codable {
  /// Set keepalive, so that the kernel finds out.
  case keepalive
  /// Set TCP_USER_TIMEOUT, so that the kernel gives up at the next retransmission.
  case userTimeout
  /// Close by SOCK_DESTROY.
  case destroy
  /// Switch path-MTU discovery off, so that it sends smaller packets.
  case discoveryOff
}

/// One socket and its owner, precisely enough to be recognized again or not at all.
package struct SocketIdentity: Sendable, Hashable, Codable {
  package var namespace: NamespaceID
  /// The kernel's identity of the socket.
  package var cookie: UInt64
  package var local: SocketAddress
  package var remote: SocketAddress
  package var inode: UInt32
  /// 0 when the owner is not known: such a socket cannot be treated, only closed when it is dead.
  package var pid: Int32
  /// Start of the process, in clock ticks since the boot (`/proc/PID/stat`, field 22); 0 when it is not known.
  package var processStart: UInt64

  package init(
    namespace: NamespaceID, cookie: UInt64, local: SocketAddress, remote: SocketAddress, inode: UInt32, pid: Int32,
    processStart: UInt64
  ) {
    self.namespace = namespace
    self.cookie = cookie
    self.local = local
    self.remote = remote
    self.inode = inode
    self.pid = pid
    self.processStart = processStart
  }
}
