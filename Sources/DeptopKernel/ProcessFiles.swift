internal import Glibc

/// Reads what `/proc` says about processes and their sockets.
///
/// A process can end, or forbid to be read, at any moment. Both look like a process without sockets: the owner of a
/// socket is then unknown, which is no failure.
package struct ProcessFiles: Sendable, Hashable {
  /// `/proc`, or a directory of the same form.
  package let root: String

  package init(root: String = "/proc") {
    self.root = root
  }

  /// The ids of all processes, ascending; empty when the root cannot be read.
  package func processes() -> [Int32] {
    guard let directory = Directory(root) else { return [] }
    var processes: [Int32] = []
    unsafe directory.forEachEntry(while: { true }) { name, _ in
      if let pid = unsafe number(name).flatMap(Int32.init(exactly:)) { processes.append(pid) }
    }
    return processes.sorted()
  }

  /// Whether there is such a process.
  package func exists(_ process: Int32) -> Bool {
    unsafe access("\(root)/\(process)", F_OK) == 0
  }

  /// The name that the process bears (`comm`), at most 15 bytes; nil when it cannot be read.
  package func name(of process: Int32) -> String? {
    let descriptor = unsafe open("\(root)/\(process)/comm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text = [UInt8](repeating: 0, count: 64)
    let length = unsafe read(descriptor, &text, text.count)
    guard length > 0 else { return nil }
    return String(decoding: text[..<length].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// Calls the body with the inode of each socket that the process holds.
  ///
  /// - Parameters:
  ///   - process: its id.
  ///   - mayGoOn: asked after every few thousand descriptors.
  ///   - body: called once for each descriptor.
  /// - Returns: false when the condition ended it before all were read.
  @discardableResult
  package func forEachSocket(
    of process: Int32, while mayGoOn: () -> Bool = { true }, _ body: (UInt32) -> Void
  ) -> Bool {
    guard let directory = Directory("\(root)/\(process)/fd") else { return true }
    let prefix = "socket:[".utf8
    return unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { target in
      guard let targetStart = unsafe target.assumingMemoryBound(to: CChar.self).baseAddress else { return true }
      return unsafe directory.forEachEntry(while: mayGoOn) { name, descriptor in
        guard let nameStart = unsafe name.assumingMemoryBound(to: CChar.self).baseAddress else { return }
        let length = unsafe readlinkat(descriptor, nameStart, targetStart, target.count)
        guard length > prefix.count + 1, unsafe target.starts(with: prefix) else { return }
        let digits = unsafe UnsafeRawBufferPointer(rebasing: target[prefix.count..<length - 1])
        // The socket tables carry the low 32 bits of an inode.
        if let inode = unsafe number(digits) { body(UInt32(truncatingIfNeeded: inode)) }
      }
    }
  }
}

/// An open directory.
@safe private struct Directory: ~Copyable {
  private let stream: OpaquePointer

  /// Nil when the directory cannot be opened.
  init?(_ path: String) {
    guard let stream = unsafe opendir(path) else { return nil }
    unsafe self.stream = unsafe stream
  }

  deinit {
    unsafe closedir(stream)
  }

  /// After how many entries it is asked whether to go on.
  private static let stride = 4_096

  /// Calls the body with each name, which a zero byte follows, and the descriptor of the directory; false when the
  /// condition ended it.
  @discardableResult
  func forEachEntry(
    while mayGoOn: () -> Bool, _ body: (_ name: UnsafeRawBufferPointer, _ directory: Int32) -> Void
  ) -> Bool {
    guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else { return true }
    let descriptor = unsafe dirfd(stream)
    var count = 0
    while let entry = unsafe readdir(stream) {
      count += 1
      if count.isMultiple(of: Self.stride), !mayGoOn() { return false }
      // The entry is only as long as its name needs, so the declared array of 256 must not be touched as a whole.
      let name = unsafe UnsafeRawPointer(entry) + nameOffset
      unsafe body(UnsafeRawBufferPointer(start: name, count: strlen(name)), descriptor)
    }
    return true
  }
}

/// The value of decimal digits; nil for anything else.
private func number(_ digits: UnsafeRawBufferPointer) -> UInt64? {
  guard unsafe !digits.isEmpty else { return nil }
  var value: UInt64 = 0
  for index in digits.indices {
    let byte = unsafe digits[index]
    guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    guard !overflow else { return nil }
    value = product &+ UInt64(byte - UInt8(ascii: "0"))
  }
  return value
}
