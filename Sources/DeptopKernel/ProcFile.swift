internal import Glibc

/// Reads small files of `/proc` and `/etc`.
enum ProcFile {
  /// More than any of the files that are read here has.
  private static let longest = 256 << 10

  /// The text of a file; nil when it cannot be read, or is longer than 256 KiB.
  static func text(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 16 << 10)
    while text.count <= longest {
      let length = unsafe read(descriptor, &block, block.count)
      if length == 0 { return String(decoding: text, as: UTF8.self) }
      if length > 0 {
        text += block[..<length]
      } else if errno != EINTR {
        return nil
      }
    }
    return nil
  }

  /// The whole numbers of a file, in order; empty when it cannot be read or has anything else.
  static func numbers(_ path: String) -> [Int64] {
    let words = text(path)?.split(whereSeparator: \.isWhitespace) ?? []
    let numbers = words.compactMap { Int64($0) }
    return numbers.count == words.count ? numbers : []
  }

  /// What a symbolic link points to.
  static func target(ofLink path: String) -> String? {
    var target = [CChar](repeating: 0, count: 256)
    let length = unsafe readlink(path, &target, target.count)
    return length > 0 ? String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }
}
