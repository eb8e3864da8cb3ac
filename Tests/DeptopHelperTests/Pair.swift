import CLinux
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc

/// A TCP connection of this process within a namespace, both ends and its listener.
final class Pair {
  let listener: Int32
  let client: Int32
  let server: Int32
  let namespace: NamespaceID

  /// Connects a socket of this kind to the listener's address, or to another one that leads there.
  init(
    in namespace: NamespaceID, by host: some HostAccess, _ kind: NamespaceSocket = .tcp4,
    at address: SocketAddress = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 4321), to target: SocketAddress? = nil
  ) throws {
    self.namespace = namespace
    listener = try host.openSocket(address.address.isV4 ? .tcp4 : .tcp6, in: namespace)
    client = try host.openSocket(kind, in: namespace)
    let (listener, client) = (listener, client)
    guard unsafe address.withSystemAddress({ unsafe bind(listener, $0, $1) }) == 0, listen(listener, 8) == 0 else {
      throw TestFailure("no listener: \(SystemError.last)")
    }
    guard Self.connect(client, to: target ?? address, isMapped: kind == .tcp6 && address.address.isV4) == 0 else {
      throw TestFailure("no connection: \(SystemError.last)")
    }
    server = accept(listener, nil, nil)
    guard server >= 0 else { throw TestFailure("nothing accepted: \(SystemError.last)") }
  }

  deinit {
    for descriptor in [listener, client, server] { close(descriptor) }
  }

  private static func connect(_ client: Int32, to target: SocketAddress, isMapped: Bool) -> Int32 {
    guard isMapped else { return unsafe target.withSystemAddress { unsafe Glibc.connect(client, $0, $1) } }
    var system = sockaddr_in6()
    system.sin6_family = sa_family_t(AF_INET6)
    system.sin6_port = target.port.bigEndian
    unsafe inet_pton(AF_INET6, "::ffff:\(target.address)", &system.sin6_addr)
    return unsafe withUnsafePointer(to: &system) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }

  /// The client's end, as a sweep of this namespace would have it.
  func identity() throws -> SocketIdentity { try identity(of: client) }

  /// The other end of a listening socket.
  private static let nobody = SocketAddress(IPAddress(v4: 0), port: 0)

  func identity(of descriptor: Int32) throws -> SocketIdentity {
    var cookie: UInt64 = 0
    var status = stat()
    guard unsafe clinux_socket_cookie(descriptor, &cookie) == 0, unsafe fstat(descriptor, &status) == 0,
      let start = ProcessFiles().startTime(of: getpid())
    else { throw TestFailure("no identity: \(SystemError.last)") }
    let remote = descriptor == listener ? Self.nobody : unsafe Self.name(descriptor, getpeername)
    return unsafe SocketIdentity(
      namespace: namespace, cookie: cookie, local: Self.name(descriptor, getsockname), remote: remote,
      inode: UInt32(truncatingIfNeeded: status.st_ino), pid: getpid(), processStart: start)
  }

  private static func name(
    _ descriptor: Int32,
    _ function: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
  ) -> SocketAddress {
    var six = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    unsafe withUnsafeMutablePointer(to: &six) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = unsafe function(descriptor, $0, &length) }
    }
    // The port is in the same place for both families, and an IPv4 address where IPv6 has its flow label.
    let port = UInt16(bigEndian: six.sin6_port)
    if Int32(six.sin6_family) == AF_INET {
      return SocketAddress(IPAddress(v4: UInt32(bigEndian: six.sin6_flowinfo)), port: port)
    }
    let (high, low) = unsafe withUnsafeBytes(of: &six.sin6_addr) {
      (unsafe $0.loadUnaligned(as: UInt64.self), unsafe $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    return SocketAddress(IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low)), port: port)
  }

  func option(_ level: Int32, _ name: Int32) -> Int32 {
    var value: Int32 = -1
    _ = unsafe clinux_option_get(client, level, name, &value)
    return value
  }

  /// False when it cannot be bound.
  func bindClient(to device: String) -> Bool {
    unsafe setsockopt(client, SOL_SOCKET, SO_BINDTODEVICE, device, socklen_t(device.utf8.count)) == 0
  }

  /// What the next read of the client's end answers with: bytes, or a negative error number.
  func readClient() -> Int {
    var byte: UInt8 = 0
    let count = unsafe recv(client, &byte, 1, Int32(MSG_DONTWAIT))
    return count < 0 ? -Int(errno) : count
  }

  func writeClient() {
    var byte: UInt8 = 1
    _ = unsafe send(client, &byte, 1, Int32(MSG_NOSIGNAL))
  }
}
