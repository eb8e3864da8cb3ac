internal import Glibc

/// Where this program and those that come with it are.
enum ProgramFiles {
  /// A program in the directory of this one; nil when the system does not tell where that is.
  static func path(beside name: String) -> String? {
    var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe target.withUnsafeMutableBytes { bytes -> Int in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return unsafe readlink("/proc/self/exe", start, bytes.count)
    }
    guard length > 0 else { return nil }
    let own = String(decoding: target[..<length], as: UTF8.self)
    return own.lastIndex(of: "/").map { own[...$0] + name }
  }
}
