import DeptopBlocking
import DeptopTestSupport
import Glibc
import Synchronization

/// A connection of a test, which speaks bytes and knows no protocol.
final class LoopbackPeer: Sendable {
  private let descriptor: Int32
  private let isOpen = Mutex(true)
  private let thread = BlockingThread()

  /// - Parameters:
  ///   - address: An IPv4 address.
  ///   - port: The port.
  ///   - type: A stream or datagrams.
  ///   - patience: How long the peer is waited for: what takes longer never comes.
  /// - Throws: ``TestFailure`` when nobody listens.
  init(
    _ address: String, port: UInt16, type: __socket_type = SOCK_STREAM, patience: Duration = .seconds(20)
  ) async throws {
    descriptor = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(
      tv_sec: Int(patience.components.seconds), tv_usec: Int(patience.components.attoseconds / 1_000_000_000_000))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let descriptor = descriptor
    let connected = await thread.run {
      var target = sockaddr_in()
      target.sin_family = sa_family_t(AF_INET)
      target.sin_port = port.bigEndian
      guard unsafe inet_pton(AF_INET, address, &target.sin_addr) == 1 else { return false }
      return unsafe withUnsafePointer(to: &target) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { system in
          unsafe connect(descriptor, system, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
    }
    guard connected else { throw TestFailure("no connection to \(address):\(port)") }
  }

  deinit {
    end()
  }

  /// The port of this side.
  var port: UInt16 {
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { system in
        unsafe getsockname(descriptor, system, &length)
      }
    }
    return UInt16(bigEndian: name.sin_port)
  }

  /// Closes the connection.
  func end() {
    isOpen.withLock { isOpen in
      if isOpen { close(descriptor) }
      isOpen = false
    }
  }

  func send(_ text: String) async throws {
    try await send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) async throws {
    let descriptor = descriptor
    let count = await thread.run { unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    guard count == bytes.count else { throw TestFailure("sent \(count) of \(bytes.count) bytes") }
  }

  /// Sends as much as the peer takes before it closes the connection.
  func offer(_ text: String) async {
    let descriptor = descriptor
    let bytes = Array(text.utf8)
    _ = await thread.run { unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
  }

  /// What comes next, at most that many bytes; empty when the peer has closed or reset the connection.
  func receive(_ most: Int = 65_536) async throws -> [UInt8] {
    let descriptor = descriptor
    let (bytes, code) = await thread.run {
      var bytes = [UInt8](repeating: 0, count: most)
      let count = unsafe recv(descriptor, &bytes, most, 0)
      return (Array(bytes.prefix(max(0, count))), count < 0 ? errno : 0)
    }
    guard code == 0 || code == ECONNRESET else { throw TestFailure("nothing came: error \(code)") }
    return bytes
  }

  /// True when anything comes within the patience.
  func isAnswered() async -> Bool {
    let descriptor = descriptor
    return await thread.run {
      var byte: UInt8 = 0
      return unsafe recv(descriptor, &byte, 1, 0) == 1
    }
  }

  /// Exactly that many bytes.
  func bytes(_ count: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try await receive(count - bytes.count)
      guard !more.isEmpty else { throw TestFailure("the peer closed after \(bytes)") }
      bytes += more
    }
    return bytes
  }

  /// Exactly that many bytes as text.
  func text(_ count: Int) async throws -> String {
    String(decoding: try await bytes(count), as: UTF8.self)
  }

  /// One line without its line feed; nil when the peer has closed before it.
  func line() async throws -> String? {
    var bytes: [UInt8] = []
    while let byte = try await receive(1).first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }
}
