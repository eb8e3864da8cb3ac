package import Glibc

/// What the kernel tells about a process in /proc.
package struct ProcessStatus: Sendable, Hashable {
  package enum Failure: Error, Sendable, Hashable {
    case unreadable(String)
  }

  /// How often the process gave up the processor to wait; of its first thread.
  package let voluntarySwitches: Int

  package init(_ process: pid_t) throws {
    let path = "/proc/\(process)/status"
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Failure.unreadable(path) }
    defer { close(file) }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
      count = unsafe max(0, read(file, buffer.baseAddress, buffer.count))
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("voluntary_ctxt_switches:") }
    guard let number = line?.split(separator: "\t").last.flatMap({ Int($0) }) else { throw Failure.unreadable(path) }
    voluntarySwitches = number
  }
}
