internal import Glibc

/// How the files of a configuration are read.
package struct FileAccess: Sendable {
  /// Reads a whole file of at most so many bytes.
  package var read: @Sendable (_ path: String, _ limit: Int) throws(FileFailure) -> FileContents

  package init(read: @escaping @Sendable (_ path: String, _ limit: Int) throws(FileFailure) -> FileContents) {
    self.read = read
  }

  /// The host's files.
  package static let system = FileAccess { (path, limit) throws(FileFailure) in
    // Without O_NONBLOCK a named pipe would hold the collector until somebody writes to it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    return FileContents(bytes: try readAll(descriptor, limit: limit), mode: status.st_mode & 0o7777)
  }
}

/// A file as it was when it was read.
package struct FileContents: Sendable, Hashable {
  package var bytes: [UInt8]
  /// The permission bits, of the same open file as the bytes.
  package var mode: UInt32

  package init(bytes: [UInt8], mode: UInt32) {
    self.bytes = bytes
    self.mode = mode
  }

  /// True when users who are neither the owner nor in the file's group can read it.
  var isReadableByOthers: Bool { mode & 0o004 != 0 }
  /// `mode 0644`.
  var modeDescription: String {
    let digits = String(mode & 0o7777, radix: 8)
    return "mode " + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// Why a file could not be read.
package enum FileFailure: Error, Hashable, CustomStringConvertible {
  /// The system's error number.
  case system(Int32)
  /// A directory, a pipe or a device.
  case notRegular
  /// Larger than so many bytes.
  case tooLarge(limit: Int)

  package var description: String {
    switch self {
    case .system(let number): "cannot be read: \(unsafe String(cString: strerror(number)))"
    case .notRegular: "is not a regular file"
    case .tooLarge(let limit): "is larger than \(limit) bytes"
    }
  }
}

private func readAll(_ descriptor: Int32, limit: Int) throws(FileFailure) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = unsafe read(descriptor, &chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw .system(errno) }
    guard count > 0 else { return bytes }
    bytes += chunk[..<count]
    guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
  }
}
