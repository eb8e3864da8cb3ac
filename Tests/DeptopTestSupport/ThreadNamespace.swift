internal import DeptopBlocking
package import DeptopKernel
package import DeptopModel
internal import Glibc

/// A network namespace that only a thread of the test is in, with one address and nothing else.
///
/// Needs CAP_SYS_ADMIN. Gone with its last reference, once its sockets are closed.
package final class ThreadNamespace: Sendable {
  /// The only address of the namespace, on its loopback device; not a loopback address.
  package static let address = IPAddress(v4: 0xc000_0201)

  package static var isPossible: Bool { geteuid() == 0 }

  package let id: NamespaceID
  private let thread: BlockingThread

  package init() async throws {
    let thread = BlockingThread()
    self.thread = thread
    id = try await thread.run { () throws(TestFailure) in
      try leaveNamespace()
      try raiseLoopback()
      return try presentNamespace()
    }
  }

  /// Does something on the thread that is in the namespace.
  package func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    try await thread.run(work)
  }

  /// A sock_diag socket of the namespace.
  package func diagnosticsSocket(joining groups: [Int32] = []) async throws(TestFailure) -> OpenDescriptor {
    try await thread.run { () throws(TestFailure) in
      let number = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), sockDiagProtocol)
      guard number >= 0 else { throw TestFailure("no sock_diag socket: \(SystemError.last)") }
      let descriptor = OpenDescriptor(number)
      for group in groups {
        var group = group
        guard unsafe setsockopt(number, netlinkLevel, 1, &group, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
          throw TestFailure("cannot join a group: \(SystemError.last)")
        }
      }
      return descriptor
    }
  }

  /// A connection from the namespace to itself, both ends.
  package func connection(
    to listener: OpenDescriptor, at address: SocketAddress
  ) async throws(TestFailure) -> (client: OpenDescriptor, server: OpenDescriptor) {
    try await thread.run { () throws(TestFailure) in
      let client = OpenDescriptor(tcpSocket())
      guard unsafe address.withSystemAddress({ unsafe connect(client.number, $0, $1) }) == 0 else {
        throw TestFailure("cannot connect to \(address): \(SystemError.last)")
      }
      let server = accept(listener.number, nil, nil)
      guard server >= 0 else { throw TestFailure("cannot accept: \(SystemError.last)") }
      return (client, OpenDescriptor(server))
    }
  }

  /// A listening socket in the namespace.
  package func listener(port: UInt16) async throws(TestFailure) -> OpenDescriptor {
    try await thread.run { () throws(TestFailure) in
      let descriptor = OpenDescriptor(tcpSocket())
      let address = SocketAddress(Self.address, port: port)
      guard unsafe address.withSystemAddress({ unsafe bind(descriptor.number, $0, $1) }) == 0,
        listen(descriptor.number, 16) == 0
      else { throw TestFailure("cannot listen on \(address): \(SystemError.last)") }
      return descriptor
    }
  }
}

private let sockDiagProtocol: Int32 = 4
private let netlinkLevel: Int32 = 270

private func tcpSocket() -> Int32 {
  socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
}

/// Takes the calling thread into a new network namespace.
private func leaveNamespace() throws(TestFailure) {
  // The C library declares `unshare` as an extension, which the module for Swift leaves out.
  guard let symbol = unsafe dlsym(nil, "unshare") else { throw TestFailure("the C library has no unshare") }
  let unshare = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
  // CLONE_NEWNET.
  guard unshare(0x4000_0000) == 0 else { throw TestFailure("no network namespace: \(SystemError.last)") }
}

/// Gives the loopback device the address and switches it on.
private func raiseLoopback() throws(TestFailure) {
  let descriptor = OpenDescriptor(tcpSocket())
  // struct ifreq: the name in 16 bytes, then an address or flags.
  var request = [UInt8](repeating: 0, count: 40)
  request.replaceSubrange(0..<2, with: "lo".utf8)
  request.replaceSubrange(16..<24, with: [UInt8(AF_INET), 0, 0, 0, 192, 0, 2, 1])
  guard unsafe ioctl(descriptor.number, UInt(SIOCSIFADDR), &request) == 0 else {
    throw TestFailure("cannot set an address: \(SystemError.last)")
  }
  // IFF_UP and IFF_RUNNING.
  request.replaceSubrange(16..<24, with: [0x41, 0, 0, 0, 0, 0, 0, 0])
  guard unsafe ioctl(descriptor.number, UInt(SIOCSIFFLAGS), &request) == 0 else {
    throw TestFailure("cannot switch the loopback device on: \(SystemError.last)")
  }
}

/// The namespace of the calling thread.
private func presentNamespace() throws(TestFailure) -> NamespaceID {
  var target = [CChar](repeating: 0, count: 64)
  let length = unsafe readlink("/proc/thread-self/ns/net", &target, target.count)
  let digits = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }.filter { (48...57).contains($0) }
  guard let inode = UInt32(String(decoding: digits, as: UTF8.self)) else {
    throw TestFailure("cannot tell the namespace: \(SystemError.last)")
  }
  return NamespaceID(inode)
}
