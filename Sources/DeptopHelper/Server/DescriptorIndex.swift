internal import DeptopKernel
internal import Glibc

/// Under which number processes hold sockets.
///
/// A process is read once, and once more when it changed since: a request must not take long for a process with very
/// many descriptors.
struct DescriptorIndex {
  private let files: ProcessFiles
  private var numbers: [Int32: [UInt32: Int32]] = [:]
  private var readAgain: Set<Int32> = []

  init(files: ProcessFiles) {
    self.files = files
  }

  /// The number under which a process holds a socket now; nil when it does not, or may not be read.
  mutating func number(of inode: UInt32, in process: Int32) -> Int32? {
    if let known = numbers[process] {
      if let number = known[inode], holds(process, number, inode) { return number }
      guard readAgain.insert(process).inserted else { return nil }
    }
    let read = sockets(of: process)
    numbers[process] = read
    return read[inode]
  }

  private func holds(_ process: Int32, _ number: Int32, _ inode: UInt32) -> Bool {
    target(of: "\(files.root)/\(process)/fd/\(number)") == "socket:[\(inode)]"
  }

  private func sockets(of process: Int32) -> [UInt32: Int32] {
    let path = "\(files.root)/\(process)/fd"
    guard let directory = unsafe opendir(path) else { return [:] }
    defer { unsafe closedir(directory) }
    guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [:] }
    var sockets: [UInt32: Int32] = [:]
    while let entry = unsafe readdir(directory) {
      // The entry is only as long as its name needs, so the declared array of 256 must not be touched as a whole.
      let start = unsafe (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)
      let name = unsafe String(cString: start)
      guard let number = Int32(name), let target = target(of: "\(path)/\(name)"), target.hasPrefix("socket:["),
        let inode = UInt32(target.dropFirst(8).dropLast())
      else { continue }
      sockets[inode] = number
    }
    return sockets
  }

  private func target(of link: String) -> String? {
    var text = [UInt8](repeating: 0, count: 64)
    let length = unsafe text.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return -1 }
      return unsafe readlink(link, start.assumingMemoryBound(to: CChar.self), buffer.count)
    }
    return length > 0 ? String(decoding: text[..<length], as: UTF8.self) : nil
  }
}
