import DeptopBlocking
import DeptopTestSupport
import Glibc
import NIOCore
import Synchronization

/// A server on a Unix socket that answers what a test says, whatever it is asked, and then closes.
final class ScriptedServer: Sendable {
  private let descriptor: Int32
  private let thread = BlockingThread()
  private let count = Mutex(0)
  private let held = Mutex<[Int32]>([])

  /// Gives each connection, in order, its bytes, or nothing for nil, which is held open; closes the others after a pause.
  init(path: String, answers: [String?], closesAfter pause: Duration = .zero) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let isBound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isBound, listen(descriptor, 8) == 0 else { throw TestFailure("cannot serve \(path): error \(errno)") }
    for answer in answers { thread.start { [weak self] in self?.serve(answer, closesAfter: pause) } }
  }

  deinit {
    held.withLock { for connection in $0 { close(connection) } }
    close(descriptor)
  }

  /// Requests that have arrived.
  var requests: Int { count.withLock { $0 } }

  private func serve(_ answer: String?, closesAfter pause: Duration) {
    let connection = accept(descriptor, nil, nil)
    guard connection >= 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    _ = unsafe read(connection, &bytes, bytes.count)
    count.withLock { $0 += 1 }
    guard let answer else { return held.withLock { $0.append(connection) } }
    let text = Array(answer.utf8)
    _ = unsafe send(connection, text, text.count, Int32(MSG_NOSIGNAL))
    if pause > .zero { poll(nil, 0, Int32(pause / .milliseconds(1))) }
    close(connection)
  }
}

/// Errors of the system as they arrive from the network library.
enum IOErrorSample {
  static let permissionDenied = IOError(errnoCode: EACCES, reason: "connect")
}
