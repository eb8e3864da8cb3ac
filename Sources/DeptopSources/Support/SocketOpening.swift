internal import DeptopKernel
internal import Glibc

/// The network namespace that a probe's sockets belong to: where it looks at a dependency from.
package protocol SocketOpening: Sendable {
  /// A new socket that does not block and closes on exec; the caller closes it.
  ///
  /// Blocks for at most a few seconds.
  func open(_ kind: ProbeSocket, isV4: Bool) throws(SocketRefusal) -> Int32
}

/// What a probe sends with.
package enum ProbeSocket: Sendable, Hashable {
  case tcp
  /// A ping socket: ICMP echo without the rights of a raw socket.
  case echo
}

/// Why there is no socket: says nothing about the dependency.
package struct SocketRefusal: Error, Hashable {
  package let reason: String

  package init(_ reason: String) {
    self.reason = reason
  }
}

/// Sockets of this process' own namespace.
package struct OwnSockets: SocketOpening {
  package init() {}

  package func open(_ kind: ProbeSocket, isV4: Bool) throws(SocketRefusal) -> Int32 {
    let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let type = kind == .tcp ? SOCK_STREAM : SOCK_DGRAM
    let protocolNumber = kind == .tcp ? 0 : Int32(isV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)
    let descriptor = socket(isV4 ? AF_INET : AF_INET6, Int32(type.rawValue) | flags, protocolNumber)
    guard descriptor >= 0 else {
      let error = SystemError.last
      let hint = kind == .echo && error.number == EACCES ? " (net.ipv4.ping_group_range)" : ""
      throw SocketRefusal("\(error)\(hint)")
    }
    return descriptor
  }
}
