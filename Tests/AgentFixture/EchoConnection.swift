internal import Glibc

/// One TCP connection to a line-echo server; blocking, with a time limit.
final class EchoConnection: Sendable {
  private static let timeoutSeconds = 5

  let localAddress: String
  let localPort: UInt16
  let remoteAddress: String
  private let descriptor: Int32

  /// Connects to an address.
  init(_ address: FixtureAddress) throws(FixtureFailure) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw FixtureFailure("no socket: \(errno)") }
    var limit = timeval(tv_sec: EchoConnection.timeoutSeconds, tv_usec: 0)
    let limitBytes = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, limitBytes)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, limitBytes)
    var (remote, local) = (address.socketAddress, sockaddr_in())
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isConnected = unsafe EchoConnection.withGeneric(&remote) { unsafe connect(descriptor, $0, length) == 0 }
    guard isConnected else {
      let code = errno
      close(descriptor)
      throw FixtureFailure("cannot connect to \(address): \(code)")
    }
    _ = unsafe EchoConnection.withGeneric(&local) { unsafe getsockname(descriptor, $0, &length) }
    localPort = UInt16(bigEndian: local.sin_port)
    localAddress = FixtureAddress(value: local.sin_addr.s_addr, port: localPort).text
    remoteAddress = address.text
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Sends a line and reads it back; false when that failed.
  func echo(_ text: String) -> Bool {
    let line = Array((text + "\n").utf8)
    guard unsafe send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else { return false }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    while answer.last != UInt8(ascii: "\n"), answer.count < line.count {
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      answer += buffer.prefix(count)
    }
    return answer == line
  }

  private static func withGeneric<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
  ) -> Result {
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
    }
  }
}

/// An IPv4 address and port.
struct FixtureAddress: Sendable, Hashable, CustomStringConvertible {
  /// The four bytes as the network has them.
  let value: UInt32
  let port: UInt16

  var socketAddress: sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = value
    return address
  }

  var text: String {
    let host = UInt32(bigEndian: value)
    return [24, 16, 8, 0].map { "\((host >> $0) & 0xff)" }.joined(separator: ".")
  }

  var description: String { "\(text):\(port)" }

  /// Looks a name up.
  static func resolve(_ host: String, port: UInt16) throws(FixtureFailure) -> [FixtureAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_INET
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else { throw FixtureFailure("cannot look up \(host): \(status)") }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [FixtureAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      let value = unsafe entry.pointee.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe $0.pointee.sin_addr.s_addr
      }
      addresses.append(FixtureAddress(value: value, port: port))
      unsafe next = entry.pointee.ai_next
    }
    return addresses
  }
}
