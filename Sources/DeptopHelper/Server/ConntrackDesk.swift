internal import CLinux
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// Asks the kernel for single conntrack entries of one namespace.
final class ConntrackDesk {
  private let descriptor: Int32
  private var sequence: UInt32 = 0
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  init(in door: borrowing NamespaceDoor) throws(HostAccessError) {
    let opened = clinux_netlink_open(door.descriptor, NETLINK_NETFILTER, 64 << 10, 1_000_000)
    guard opened >= 0 else { throw .refused(Self.reason(-opened)) }
    descriptor = opened
  }

  deinit {
    close(descriptor)
  }

  /// The ends of the reply that is expected for a connection, its sender first; nil for one that is not tracked.
  func reply(to ends: SocketEnds) throws(HostAccessError) -> SocketEnds? {
    sequence &+= 1
    let id = inet_diag_sockid(local: ends.local, remote: ends.remote)
    let length = unsafe withUnsafePointer(to: id) { id in
      unsafe clinux_conntrack_ask(
        descriptor, sequence, ends.remote.address.kernelFamily, id, &buffer, buffer.count)
    }
    guard length > 0 else { throw .refused(Self.reason(Int32(clamping: -length))) }
    let answer = Array(buffer.prefix(Int(length)))
    switch unsafe ConntrackAnswer(answer.span.bytes) {
    case .reply(let ends): return ends
    case .refused(ENOENT): return nil
    case .refused(let code): throw .refused(Self.reason(code))
    case .malformed: throw .refused("the kernel's conntrack entry is not understood")
    }
  }

  /// Why there is no answer.
  static func reason(_ code: Int32) -> String {
    switch code {
    case EPERM, EACCES: "conntrack may not be read: \(Capability.netAdmin.advice)"
    case EINVAL, EOPNOTSUPP, EPROTONOSUPPORT, EAFNOSUPPORT:
      "the kernel has no conntrack to read: load the module nf_conntrack_netlink"
    default: "conntrack cannot be read: \(SystemError(number: code))"
    }
  }
}
