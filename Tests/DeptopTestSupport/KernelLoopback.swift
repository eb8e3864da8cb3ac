package import DeptopModel
internal import Glibc

/// TCP connections over the loopback device, inside the test's own process.
package enum KernelLoopback {
  package struct Failure: Error {
    package let call: String
    package let code: Int32

    package init(call: String, code: Int32) {
      self.call = call
      self.code = code
    }
  }

  package enum Family {
    case v4, v6
    /// An IPv6 socket that talks IPv4.
    case mapped

    package var domain: Int32 { self == .v4 ? AF_INET : AF_INET6 }

    package var text: String {
      switch self {
      case .v4: "127.0.0.1"
      case .v6: "::1"
      case .mapped: "::ffff:127.0.0.1"
      }
    }
  }

  /// A socket that is closed with its last reference.
  package final class Descriptor: Sendable {
    package let number: Int32

    package init(_ number: Int32, from call: String) throws {
      guard number >= 0 else { throw Failure(call: call, code: errno) }
      self.number = number
    }

    deinit {
      Glibc.close(number)
    }
  }

  /// A listening socket on a port of the system's choice; accepts nothing, which its clients do not notice.
  package struct Listener {
    package let family: Family
    package let port: UInt16
    private let descriptor: Descriptor

    package init(_ family: Family) throws {
      self.family = family
      descriptor = try open(family)
      let number = descriptor.number
      try unsafe withAddress(family, port: 0) { unsafe bind(number, $0, $1) }
      guard listen(number, 16) == 0 else { throw Failure(call: "listen", code: errno) }
      port = try localAddress(of: number).port
    }

    package var address: SocketAddress {
      get throws { try localAddress(of: descriptor.number) }
    }

    /// Takes the socket out of the listening state, as closing it does.
    package func stopListening() throws {
      guard shutdown(descriptor.number, Int32(SHUT_RD)) == 0 else { throw Failure(call: "shutdown", code: errno) }
    }

    /// Takes one connection that is waiting.
    package func accept() throws -> Descriptor {
      try Descriptor(Glibc.accept(descriptor.number, nil, nil), from: "accept")
    }
  }

  /// A connection to a listener.
  package struct Client {
    package let local: SocketAddress
    private let descriptor: Descriptor

    package init(to listener: Listener, as family: Family? = nil) throws {
      let family = family ?? listener.family
      descriptor = try open(family)
      let number = descriptor.number
      try unsafe withAddress(family, port: listener.port) { unsafe connect(number, $0, $1) }
      local = try localAddress(of: number)
    }
  }

  private static func open(_ family: Family) throws -> Descriptor {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return try Descriptor(socket(family.domain, type, 0), from: "socket")
  }

  private static func withAddress(
    _ family: Family, port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws {
    var storage = sockaddr_storage()
    let status = unsafe withUnsafeMutableBytes(of: &storage) { bytes -> Int32 in
      guard let start = bytes.baseAddress else { return -1 }
      if family == .v4 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, family.text, &address.sin_addr) == 1 else { return -1 }
        unsafe start.storeBytes(of: address, as: sockaddr_in.self)
      } else {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        guard unsafe inet_pton(AF_INET6, family.text, &address.sin6_addr) == 1 else { return -1 }
        unsafe start.storeBytes(of: address, as: sockaddr_in6.self)
      }
      let length = family == .v4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
      return unsafe call(start.assumingMemoryBound(to: sockaddr.self), socklen_t(length))
    }
    guard status == 0 else { throw Failure(call: "bind or connect", code: errno) }
  }

  private static func localAddress(of descriptor: Int32) throws -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe getsockname(descriptor, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard status == 0 else { throw Failure(call: "getsockname", code: errno) }
    return unsafe withUnsafeBytes(of: storage) { bytes in
      let port = unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
      if Int32(storage.ss_family) == AF_INET {
        let address = unsafe UInt32(bigEndian: bytes.load(fromByteOffset: 4, as: UInt32.self))
        return SocketAddress(IPAddress(v4: address), port: port)
      }
      let high = unsafe UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self))
      let low = unsafe UInt64(bigEndian: bytes.load(fromByteOffset: 16, as: UInt64.self))
      return SocketAddress(IPAddress(v6High: high, low: low), port: port)
    }
  }
}
