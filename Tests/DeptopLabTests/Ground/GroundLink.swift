import DeptopLab
import DeptopTestSupport
import Glibc

/// A TCP connection between a client and an upstream of the lab, whose ends the test holds.
final class GroundLink: Sendable {
  let client: Int32
  let server: Int32

  private init(client: Int32, server: Int32) {
    self.client = client
    self.server = server
  }

  deinit {
    close(client)
    close(server)
  }

  /// Connects; the upstream's end is accepted at once.
  static func open(_ ground: LabGround, to address: String, port: UInt16) async throws -> GroundLink {
    let listener = try await listen(ground, on: address, port: port)
    defer { close(listener) }
    let client = try await begin(ground, to: address, port: port)
    let code = try await end(of: client)
    guard code == 0 else { throw TestFailure("\(address): error \(code)") }
    let server = accept(listener, nil, nil)
    guard server >= 0 else { throw TestFailure("nothing to accept: error \(errno)") }
    _ = fcntl(server, F_SETFL, O_NONBLOCK)
    return GroundLink(client: client, server: server)
  }

  static func listen(_ ground: LabGround, on address: String, port: UInt16) async throws -> Int32 {
    try await ground.upstreams.run { () throws(TestFailure) in
      let listener = try socket()
      var yes: Int32 = 1
      unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
      guard unsafe with(address, port, { unsafe bind(listener, $0, $1) }) == 0, Glibc.listen(listener, 16) == 0 else {
        throw TestFailure("\(address) cannot be served: error \(errno)")
      }
      return listener
    }
  }

  /// Begins to connect and does not wait.
  static func begin(_ ground: LabGround, to address: String, port: UInt16) async throws -> Int32 {
    try await ground.clients.run { () throws(TestFailure) in
      let client = try socket()
      let status = unsafe with(address, port) { unsafe connect(client, $0, $1) }
      guard status == 0 || errno == EINPROGRESS || errno == ECONNREFUSED else {
        throw TestFailure("no way to \(address): error \(errno)")
      }
      return client
    }
  }

  /// Waits until an attempt to connect has ended: 0, or the error.
  static func end(of attempt: Int32) async throws -> Int32 {
    var code: Int32?
    try await waitUntil("the end of an attempt to connect") {
      code = outcome(attempt)
      return code != nil
    }
    return code ?? -1
  }

  /// What became of an attempt to connect: 0, or the error, which is told once; nil while it is under way.
  static func outcome(_ socket: Int32) -> Int32? {
    var watched = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&watched, 1, 0) > 0 else { return nil }
    var error: Int32 = 0
    var length = socklen_t(4)
    unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length)
    return error
  }

  /// Sends bytes from one end, as far as they fit into its buffer.
  static func send(_ count: Int, on socket: Int32) -> Int {
    let bytes = [UInt8](repeating: 7, count: count)
    return unsafe Glibc.send(socket, bytes, count, Int32(MSG_NOSIGNAL))
  }

  /// Takes what has arrived: how many bytes, or the negative error, 0 at the end.
  static func receive(on socket: Int32) -> Int {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = unsafe recv(socket, &buffer, buffer.count, 0)
    return count < 0 ? -Int(errno) : count
  }

  /// Waits until so many bytes have arrived.
  static func receive(exactly count: Int, on socket: Int32, within limit: Duration = .seconds(15)) async throws {
    var arrived = 0
    try await waitUntil("\(count) bytes arrive", within: limit) {
      arrived += max(0, receive(on: socket))
      return arrived >= count
    }
    guard arrived == count else { throw TestFailure("\(arrived) bytes arrived in place of \(count)") }
  }

  /// The kernel's own account of an end.
  static func state(of socket: Int32) -> tcp_info {
    var state = tcp_info()
    var length = socklen_t(MemoryLayout<tcp_info>.size)
    unsafe getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &state, &length)
    return state
  }

  private static func socket() throws(TestFailure) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let number = Glibc.socket(AF_INET, type, 0)
    guard number >= 0 else { throw TestFailure("no socket: error \(errno)") }
    return number
  }

  /// The address of a connection's other side.
  static func peer(of socket: Int32) -> String {
    var (address, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    return unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard unsafe getpeername(socket, address, &length) == 0,
          unsafe getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0
        else { return "none" }
        return String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    }
  }

  private static func with(
    _ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var hints = unsafe addrinfo()
    unsafe (hints.ai_family, hints.ai_flags) = (AF_INET, AI_NUMERICHOST | AI_NUMERICSERV)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(address, "\(port)", &hints, &found) == 0, let place = unsafe found else { return -1 }
    defer { unsafe freeaddrinfo(place) }
    return unsafe body(place.pointee.ai_addr, place.pointee.ai_addrlen)
  }
}
