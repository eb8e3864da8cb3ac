internal import DeptopKernel
internal import Glibc

/// The beginning of a text file; what is not UTF-8 is replaced.
struct SmallFile {
  let text: String
  /// True when the file goes on after the limit.
  let isCut: Bool

  /// Reads at most so many bytes.
  init(reading path: String, limit: Int = 65_536) throws(SystemError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemError.last }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    isCut = bytes.count > limit
    text = String(decoding: bytes.prefix(limit), as: UTF8.self)
  }
}
