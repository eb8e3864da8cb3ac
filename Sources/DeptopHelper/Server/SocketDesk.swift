internal import CLinux
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// Asks the kernel for single sockets of one namespace, and closes them.
final class SocketDesk {
  /// What the kernel knows of a planned socket.
  enum Finding: Hashable {
    case gone
    /// It has no peer.
    case listener
    case found(SocketSample)
  }

  private let descriptor: Int32
  private var sequence: UInt32 = 0
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  init(in door: borrowing NamespaceDoor) throws(HostAccessError) {
    let opened = clinux_netlink_open(door.descriptor, NETLINK_SOCK_DIAG, 64 << 10, 1_000_000)
    guard opened >= 0 else {
      let advice = -opened == EPERM ? "; \(Capability.sysAdmin.advice)" : ""
      throw .refused("the sockets of the namespace cannot be asked for: \(SystemError(number: -opened))\(advice)")
    }
    descriptor = opened
  }

  deinit {
    close(descriptor)
  }

  /// Looks a socket up by its ends and its cookie.
  func find(_ socket: SocketIdentity) throws(HostAccessError) -> Finding {
    do {
      let table = try ask(socket, destroy: false)
      if let sample = table.connections.first {
        return sample.remote.port == 0 ? .listener : .found(sample)
      }
      return table.listeners.isEmpty ? .gone : .listener
    } catch .refused(errno: ENOENT) {
      return .gone
    } catch {
      throw .refused("the kernel cannot be asked for the socket: \(error)")
    }
  }

  /// Closes a socket (SOCK_DESTROY); false when it is gone already.
  func destroy(_ socket: SocketIdentity) throws(HostAccessError) -> Bool {
    do {
      _ = try ask(socket, destroy: true)
      return true
    } catch .refused(errno: ENOENT) {
      return false
    } catch .refused(let code) {
      throw .refused(Self.reason(code))
    } catch {
      throw .refused("the kernel cannot be asked to close it: \(error)")
    }
  }

  /// Why the kernel closes no socket.
  static func reason(_ code: Int32) -> String {
    switch code {
    case EPERM, EACCES: "sockets may not be closed: \(Capability.netAdmin.advice)"
    case EOPNOTSUPP: "the kernel closes no sockets: it is built without CONFIG_INET_DIAG_DESTROY"
    default: "the kernel refuses to close it: \(SystemError(number: code))"
    }
  }

  private func ask(_ socket: SocketIdentity, destroy: Bool) throws(SocketDiagnosticsError) -> SocketTable {
    sequence &+= 1
    let id = inet_diag_sockid(local: socket.local, remote: socket.remote, cookie: socket.cookie)
    let length = unsafe withUnsafePointer(to: id) { id in
      unsafe clinux_diag_ask(
        descriptor, sequence, destroy ? 1 : 0, socket.remote.address.kernelFamily, id, &buffer, buffer.count)
    }
    guard length > 0 else { throw .system(.request, errno: Int32(clamping: -length)) }
    var table = SocketTable()
    var wasInterrupted = false
    let answer = Array(buffer.prefix(Int(length)))
    _ = try unsafe table.add(datagram: answer.span.bytes, sequence: sequence, wasInterrupted: &wasInterrupted)
    return table
  }
}
