internal import CLab
internal import Glibc

/// A file descriptor that is closed when it is let go of.
package final class LabDescriptor: Sendable {
  package let number: Int32

  /// Takes over an open descriptor.
  package init(_ number: Int32) {
    self.number = number
  }

  deinit {
    close(number)
  }
}

extension LabDescriptor {
  /// Both ends of a pipe, which close on exec.
  static func pipe() throws(GroundError) -> (reading: LabDescriptor, writing: LabDescriptor) {
    var ends: [Int32] = [-1, -1]
    let code = unsafe clab_pipe(&ends)
    guard code == 0 else { throw .system("no pipe", code: -code) }
    return (LabDescriptor(ends[0]), LabDescriptor(ends[1]))
  }

  /// Both ends of a connection of bytes, which close on exec.
  static func connection() throws(GroundError) -> (LabDescriptor, LabDescriptor) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .system("no socket pair", code: errno) }
    return (LabDescriptor(ends[0]), LabDescriptor(ends[1]))
  }

  /// Opens a file; closes on exec.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(GroundError) -> LabDescriptor {
    let number = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
    guard number >= 0 else { throw .system(path, code: errno) }
    return LabDescriptor(number)
  }

  /// Writes everything and answers 0 or the `errno`.
  func write(_ bytes: [UInt8]) -> Int32 {
    put(bytes) { rest in unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) } }
  }

  /// Writes everything to a connection whose other end may be gone, and answers 0 or the `errno`.
  func send(_ bytes: [UInt8]) -> Int32 {
    put(bytes) { rest in
      unsafe rest.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
  }

  /// The bytes that are there, up to 64 KiB; nil at the end and at an error, whose `errno` is left behind.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    var count = -1
    repeat {
      count = unsafe Glibc.read(number, &buffer, buffer.count)
    } while count < 0 && errno == EINTR
    if count == 0 { errno = 0 }
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  private func put(_ bytes: [UInt8], _ write: (ArraySlice<UInt8>) -> Int) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(rest)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
