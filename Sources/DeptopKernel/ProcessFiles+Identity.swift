package import DeptopModel
internal import Glibc

extension ProcessFiles {
  /// When the process started, in clock ticks since the boot (`stat`, field 22); nil when it cannot be read.
  ///
  /// With the process id it names one process for as long as the host is up.
  package func startTime(of process: Int32) -> UInt64? {
    bytes("\(process)/stat").flatMap { Self.startTime(stat: $0) }
  }

  /// What the process belongs to by its control group; nil when that is nothing with a name, or cannot be read.
  package func unit(of process: Int32) -> ServiceUnit? {
    bytes("\(process)/cgroup").flatMap { ServiceUnit(controlGroupFile: String(decoding: $0, as: UTF8.self)) }
  }

  /// Field 22 of a `stat` line.
  ///
  /// The second field, a name in parentheses, may itself have blanks and parentheses in it, and bytes that would make
  /// one character of the parenthesis after it.
  static func startTime(stat: some BidirectionalCollection<UInt8>) -> UInt64? {
    guard let nameEnd = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = stat[stat.index(after: nameEnd)...].split {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n")
    }
    // The first of these is field 3.
    return fields.count > 19 ? UInt64(String(decoding: fields[19], as: UTF8.self)) : nil
  }

  /// The beginning of a file of a process, at most 16 KiB; nil when it cannot be read.
  private func bytes(_ name: String) -> [UInt8]? {
    let descriptor = unsafe open("\(root)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    let length = unsafe read(descriptor, &bytes, bytes.count)
    return length > 0 ? Array(bytes[..<length]) : nil
  }
}

extension ServiceUnit {
  /// Reads `/proc/PID/cgroup`: the line of cgroup v2, or the one that systemd keeps in v1.
  package init?(controlGroupFile text: String) {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    let paths = ["", "name=systemd"].compactMap { hierarchy in
      lines.first { $0.count == 3 && $0[1] == hierarchy }?[2]
    }
    guard let unit = paths.lazy.compactMap({ ServiceUnit(path: $0) }).first else { return nil }
    self = unit
  }

  /// A pod before its containers, and a container before the scope that systemd keeps for it.
  private init?(path: Substring) {
    let parts = path.split(separator: "/")
    if path.contains("kubepods"), let pod = parts.lazy.compactMap(Self.pod).first {
      self.init(.pod, pod)
    } else if let container = parts.lazy.reversed().compactMap(Self.container).first {
      self.init(.container, container)
    } else if let name = parts.last(where: { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }) {
      self.init(.systemd, String(name))
    } else {
      return nil
    }
  }

  /// The UID in `pod<uid>` or `kubepods-burstable-pod<uid>.slice`, where systemd has `_` for `-`.
  private static func pod(_ part: Substring) -> String? {
    let name = part.hasSuffix(".slice") ? part.dropLast(6) : part
    let word = name.split(separator: "-", maxSplits: 2).last(where: { $0.hasPrefix("pod") })
    let uid = (name.hasPrefix("pod") ? name : word)?.dropFirst(3)
    guard let uid, !uid.isEmpty, uid.allSatisfy({ $0.isHexDigit || $0 == "-" || $0 == "_" }) else { return nil }
    return String(uid.map { $0 == "_" ? "-" : $0 })
  }

  /// The first twelve digits of the 64 that a container's id has: `<id>`, `docker-<id>.scope`, `crio-<id>.scope`.
  private static func container(_ part: Substring) -> String? {
    let name = part.hasSuffix(".scope") ? part.dropLast(6) : part
    // The process that watches over a container has a scope of its own, named after it.
    guard !name.contains("conmon") else { return nil }
    let id = name.suffix(64)
    let isWhole = id.count == name.count || name.dropLast(64).last == "-" || name.dropLast(64).last == ":"
    guard id.count == 64, isWhole, id.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    return String(id.prefix(12))
  }
}
