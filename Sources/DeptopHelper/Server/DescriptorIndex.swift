internal import DeptopKernel
internal import Glibc

/// Under which number processes hold sockets.
///
/// A process is read once, and once more when it changed since: a request must not take long for a process with very
/// many descriptors.
struct DescriptorIndex {
  /// What is known of one socket in one process.
  enum Holding: Hashable {
    /// It is held, under this number.
    case held(Int32)
    case notHeld
    /// The process has ended, or its descriptors may not be read, at least not all.
    case unreadable
    /// The time was over before it was found.
    case unfinished
  }

  /// After how many descriptors it is asked whether to go on.
  private static let stride = 4_096

  private struct Table {
    var numbers: [UInt32: Int32] = [:]
    /// What it means that a socket is not among them.
    var otherwise = Holding.notHeld
  }

  private let files: ProcessFiles
  private let mayGoOn: () -> Bool
  private var tables: [Int32: Table] = [:]
  private var readAgain: Set<Int32> = []

  /// The condition is asked before the descriptors of a process are read, and now and then while they are.
  init(files: ProcessFiles, while mayGoOn: @escaping () -> Bool) {
    self.files = files
    self.mayGoOn = mayGoOn
  }

  /// Whether a process holds a socket now, and under which number.
  mutating func holding(of inode: UInt32, in process: Int32) -> Holding {
    if let known = tables[process] {
      if let number = known.numbers[inode], holds(process, number, inode) { return .held(number) }
      guard readAgain.insert(process).inserted else { return known.otherwise }
    }
    let table = table(of: process)
    tables[process] = table
    return table.numbers[inode].map { .held($0) } ?? table.otherwise
  }

  private func holds(_ process: Int32, _ number: Int32, _ inode: UInt32) -> Bool {
    target(of: "\(files.root)/\(process)/fd/\(number)") == "socket:[\(inode)]"
  }

  private func table(of process: Int32) -> Table {
    var table = Table()
    let path = "\(files.root)/\(process)/fd"
    guard mayGoOn() else { return Table(otherwise: .unfinished) }
    guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name), let directory = unsafe opendir(path) else {
      return Table(otherwise: .unreadable)
    }
    defer { unsafe closedir(directory) }
    var count = 0
    while let entry = unsafe readdir(directory) {
      count += 1
      if count.isMultiple(of: Self.stride), !mayGoOn() {
        table.otherwise = .unfinished
        break
      }
      // The entry is only as long as its name needs, so the declared array of 256 must not be touched as a whole.
      let start = unsafe (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)
      if let number = unsafe Int32(String(cString: start)) { read(number, in: path, into: &table) }
    }
    return table
  }

  private func read(_ number: Int32, in path: String, into table: inout Table) {
    guard let target = target(of: "\(path)/\(number)") else {
      // The directory shows the numbers also to those who may not see what they are; one that is not there any more was
      // closed just now.
      if errno != ENOENT { table.otherwise = .unreadable }
      return
    }
    guard target.hasPrefix("socket:["), let inode = UInt32(target.dropFirst(8).dropLast()) else { return }
    table.numbers[inode] = number
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
