internal import CLinux
package import DeptopKernel
package import DeptopModel
internal import Glibc

extension LocalHost {
  package func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    let door = try door(to: namespace)
    let opened = kind.open(in: door)
    guard opened >= 0 else { throw .refused(kind.reason(for: -opened, in: namespace)) }
    guard kind == .closings else { return opened }
    let status = clinux_diag_join_closings(opened)
    guard status == 0 else {
      close(opened)
      throw .refused("the kernel tells of no closed sockets in \(namespace): \(SystemError(number: -status))")
    }
    return opened
  }
}

extension NamespaceSocket {
  /// What the kernel keeps for a reader that is late, bytes.
  private static let listBuffer: Int32 = 256 << 10
  private static let closingsBuffer: Int32 = 1 << 20

  /// A descriptor, or a negative error number.
  fileprivate func open(in door: borrowing NamespaceDoor) -> Int32 {
    switch self {
    case .diagnostics: clinux_netlink_open(door.descriptor, NETLINK_SOCK_DIAG, Self.listBuffer, 0)
    case .closings: clinux_netlink_open(door.descriptor, NETLINK_SOCK_DIAG, Self.closingsBuffer, 0)
    case .udp4: clinux_namespace_socket(door.descriptor, AF_INET, datagram, 0)
    case .udp6: clinux_namespace_socket(door.descriptor, AF_INET6, datagram, 0)
    case .tcp4: clinux_namespace_socket(door.descriptor, AF_INET, stream, 0)
    case .tcp6: clinux_namespace_socket(door.descriptor, AF_INET6, stream, 0)
    case .icmp4: clinux_namespace_socket(door.descriptor, AF_INET, datagram, Int32(IPPROTO_ICMP))
    case .icmp6: clinux_namespace_socket(door.descriptor, AF_INET6, datagram, Int32(IPPROTO_ICMPV6))
    }
  }

  /// Why there is no such socket, and what would help.
  fileprivate func reason(for error: Int32, in namespace: NamespaceID) -> String {
    switch (self, error) {
    case (.icmp4, EACCES), (.icmp6, EACCES):
      "ping sockets are not allowed in \(namespace): set net.ipv4.ping_group_range there"
    case (_, EPERM):
      "\(namespace) may not be entered: \(Capability.sysAdmin.advice)"
    default: "no socket in \(namespace): \(SystemError(number: error))"
    }
  }
}

private let datagram = Int32(SOCK_DGRAM.rawValue)
private let stream = Int32(SOCK_STREAM.rawValue)
