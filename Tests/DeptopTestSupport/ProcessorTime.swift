package import Glibc

/// What a process has used of the processor since it started, all its threads together.
package enum ProcessorTime {
  /// Reads the time from `/proc`; the system counts in hundredths of a second.
  package static func used(by process: pid_t) throws -> Duration {
    let text = try ProcFile.text("/proc/\(process)/stat")
    // The name stands in parentheses and may contain anything; the numbers follow the last one.
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
      throw TestFailure("/proc/\(process)/stat is not understood: \(text)")
    }
    return .seconds(Double(user + system) / Double(sysconf(Int32(_SC_CLK_TCK))))
  }
}
