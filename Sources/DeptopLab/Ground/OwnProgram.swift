internal import Glibc

/// This program's own file, which starts the lab's processes anew.
package enum OwnProgram {
  package static func path() throws(GroundError) -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe buffer.withUnsafeMutableBytes { bytes -> Int in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return unsafe readlink("/proc/self/exe", start, bytes.count)
    }
    guard count > 0 else { throw .system("this program's file is unknown", code: errno) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

extension OwnProgram {
  /// The path of a program in the same directory.
  static func path(beside name: String) throws(GroundError) -> String {
    let own = try path()
    return own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + name
  }
}
