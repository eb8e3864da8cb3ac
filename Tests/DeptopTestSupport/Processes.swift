internal import Glibc

/// All processes of the host, by `/proc`.
package enum Processes {
  package static func all() -> [Int32] {
    names(in: "/proc").compactMap { Int32($0) }
  }

  package static func parent(of pid: Int32) -> Int32? {
    field("PPid", of: pid).flatMap { Int32($0) }
  }

  /// A field of `/proc/PID/status`; nil for a process that is gone.
  package static func field(_ name: String, of pid: Int32) -> String? {
    let lines = text("/proc/\(pid)/status").split(separator: "\n")
    return lines.first { $0.hasPrefix("\(name):") }?.split(separator: "\t").last.map(String.init)
  }

  /// The text of a small file; empty when there is none.
  package static func text(_ path: String) -> String {
    guard let file = unsafe fopen(path, "re") else { return "" }
    defer { unsafe fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = unsafe fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// Those that are in a namespace, named as in `net:[4026531840]`.
  package static func inside(_ namespace: String) -> [Int32] {
    let kind = namespace.prefix { $0 != ":" }
    return all().filter { link("/proc/\($0)/ns/\(kind)") == namespace }
  }

  package static func link(_ path: String) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A process and everything that descends from it.
  package static func family(of pid: Int32) -> [Int32] {
    let parents = all().map { ($0, parent(of: $0)) }
    var family = [pid]
    var next = 0
    while next < family.count {
      family += parents.filter { $0.1 == family[next] }.map(\.0)
      next += 1
    }
    return family
  }

  /// A process' command line, for people; empty for one that is gone.
  package static func command(of pid: Int32) -> String {
    text("/proc/\(pid)/cmdline").split(separator: "\0").joined(separator: " ")
  }

  /// The names in a directory, without `.` and `..`; none for one that cannot be read.
  package static func names(in directory: String) -> [String] {
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(stream) }
    var found: [String] = []
    while let entry = unsafe readdir(stream) {
      found.append(
        unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
          unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return found.filter { $0 != "." && $0 != ".." }
  }
}
