import DeptopTestSupport
import Glibc

/// Calls with the address of a Unix socket.
func withUnixAddress<Result>(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
) rethrows -> Result {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
    unsafe bytes.copyBytes(from: Array(path.utf8.prefix(bytes.count - 1)))
  }
  return try unsafe withUnsafePointer(to: &address) { pointer in
    try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      try unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}

/// A bare connection to a Unix socket: what a test reads, and when, is its own business.
final class RawConnection: Sendable {
  private let descriptor: Int32

  init(to path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let isConnected = unsafe withUnixAddress(path) { unsafe connect(descriptor, $0, $1) == 0 }
    guard isConnected else {
      close(descriptor)
      throw TestFailure("cannot connect to \(path): error \(errno)")
    }
    // A test that waits for bytes that never come fails instead of hanging.
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
  }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw TestFailure("cannot send: error \(errno)")
    }
  }

  /// Asks for a path, without reading the answer.
  func get(_ path: String) throws {
    try send("GET \(path) HTTP/1.1\r\nhost: deptop\r\n\r\n")
  }

  /// The next bytes; empty at the end.
  func read(atMost limit: Int = 65_536) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe recv(descriptor, &bytes, limit, 0)
    guard count >= 0 else { throw TestFailure("nothing to read: error \(errno)") }
    return Array(bytes.prefix(count))
  }

  /// Everything until the end.
  func readToEnd() throws -> String {
    var bytes: [UInt8] = []
    while true {
      let more = try read()
      if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += more
    }
  }
}
