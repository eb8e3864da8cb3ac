internal import DeptopModel

/// The control group of a process, as `/proc` names it.
enum ControlGroup {
  /// The unified hierarchy's path, else the first one; nil when the process is gone or hidden.
  static func path(of process: Int32) -> String? {
    // A process that has ended meanwhile has none: that is an answer.
    guard let text = try? TextFile.read("/proc/\(process)/cgroup", limit: 64 << 10) else { return nil }
    let lines = text.split(separator: "\n")
    let line = lines.first { $0.hasPrefix("0::") } ?? lines.first
    return line.flatMap { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last }
      .map(String.init)
  }

  /// The last part that says something: a unit, a container or a session.
  static func label(of path: String) -> String? {
    path.split(separator: "/").last.map(String.init)
  }
}
