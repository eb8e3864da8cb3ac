internal import Glibc

/// What the kernel has counted for a process until now.
struct ProcessFigures {
  /// Processor time of all its threads, also of those that ended.
  var processorTime: Duration
  /// How often its present threads gave up the processor to wait.
  var voluntarySwitches: Int

  /// - Throws: ``BenchmarkFailure`` when the process is gone or may not be read.
  init(of process: pid_t) throws(BenchmarkFailure) {
    var time = timespec()
    // A process' CPU clock, by the C library's numbering (clock_getcpuclockid).
    guard unsafe clock_gettime(~process << 3 | 2, &time) == 0 else {
      throw BenchmarkFailure("read the CPU clock of process \(process)", code: errno)
    }
    processorTime = .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    voluntarySwitches = 0
    for thread in try ProcessFigures.threads(of: process) {
      let path = "/proc/\(process)/task/\(thread)/status"
      // A thread may end in between.
      guard let text = try? fileText(path) else { continue }
      voluntarySwitches += number(after: "voluntary_ctxt_switches:", in: text) ?? 0
    }
  }

  /// The process' proportional share of memory, bytes.
  static func proportionalBytes(of process: pid_t) throws(BenchmarkFailure) -> Int {
    let path = "/proc/\(process)/smaps_rollup"
    guard let kibibytes = number(after: "Pss:", in: try fileText(path)) else {
      throw BenchmarkFailure("\(path) has no Pss")
    }
    return kibibytes << 10
  }

  /// What the process has in memory, shared pages counted whole, bytes.
  static func residentBytes(of process: pid_t) throws(BenchmarkFailure) -> Int {
    let path = "/proc/\(process)/status"
    guard let kibibytes = number(after: "VmRSS:", in: try fileText(path)) else {
      throw BenchmarkFailure("\(path) has no VmRSS")
    }
    return kibibytes << 10
  }

  private static func threads(of process: pid_t) throws(BenchmarkFailure) -> [String] {
    let path = "/proc/\(process)/task"
    guard let directory = unsafe opendir(path) else { throw BenchmarkFailure("list \(path)", code: errno) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.first?.isNumber == true { names.append(name) }
    }
    return names
  }
}

/// The first number of the line that begins with a label.
private func number(after label: String, in text: String) -> Int? {
  let line = text.split(separator: "\n").first { $0.hasPrefix(label) }
  return line?.dropFirst(label.count).split { !$0.isNumber }.first.flatMap { Int($0) }
}

/// A file of `/proc`, which reports no size and is read until it ends.
private func fileText(_ path: String) throws(BenchmarkFailure) -> String {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw BenchmarkFailure("open \(path)", code: errno) }
  defer { close(descriptor) }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 14)
  while true {
    let count = unsafe read(descriptor, &buffer, buffer.count)
    guard count >= 0 else { throw BenchmarkFailure("read \(path)", code: errno) }
    if count == 0 { return String(decoding: text, as: UTF8.self) }
    text += buffer.prefix(count)
  }
}
