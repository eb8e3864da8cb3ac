internal import Glibc

/// What `/proc` tells about processes.
enum ProcessList {
  /// The children of a process that has not ended; an empty list where `/proc` cannot be read.
  static func children(of parent: Int32) -> [Int32] {
    DirectoryEntries.names(of: "/proc").compactMap { Int32($0) }.filter { parentOf($0) == parent }
  }

  /// nil for a process that is gone.
  private static func parentOf(_ pid: Int32) -> Int32? {
    guard let file = try? LabDescriptor.open("/proc/\(pid)/stat", O_RDONLY), let bytes = file.read() else { return nil }
    return parent(inStatus: String(decoding: bytes, as: UTF8.self))
  }

  /// The fourth field; the second, the name, is in parentheses and may have spaces and parentheses itself.
  static func parent(inStatus text: String) -> Int32? {
    guard let nameEnd = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: nameEnd)...].split(separator: " ")
    return fields.count > 1 ? Int32(fields[1]) : nil
  }
}
