import DeptopBlocking
import Foundation
import Glibc
import Testing

/// A lab's socket that answers one connection with the bytes that a test gives it.
final class ScriptedLab: Sendable {
  let socketPath: String
  private let directory: String
  private let listener: Int32
  private let thread = BlockingThread()

  /// Listens in a directory of its own.
  init() throws {
    var template = Array((NSTemporaryDirectory() + "/deptop-scripted-XXXXXX").utf8CString)
    directory = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
    socketPath = directory + "/lab.sock"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(socketPath.utf8)) }
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0 && listen(listener, 1) == 0)
  }

  deinit {
    close(listener)
    unsafe unlink(socketPath)
    unsafe rmdir(directory)
  }

  /// Takes one connection, reads one line from it, answers in these pieces, and closes it.
  ///
  /// - Returns: the line, without its line feed.
  func serve(_ pieces: [String]) async -> String {
    await thread.run { [listener] in
      let connection = accept(listener, nil, nil)
      defer { close(connection) }
      let request = ScriptedLab.line(from: connection)
      for piece in pieces { unsafe send(connection, piece, piece.utf8.count, Int32(MSG_NOSIGNAL)) }
      return request
    }
  }

  /// Takes one connection and says nothing until the other side closes it.
  func listenOnly() async {
    await thread.run { [listener] in
      let connection = accept(listener, nil, nil)
      defer { close(connection) }
      var byte: UInt8 = 0
      while unsafe read(connection, &byte, 1) > 0 {}
    }
  }

  private static func line(from connection: Int32) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while unsafe read(connection, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }
}
