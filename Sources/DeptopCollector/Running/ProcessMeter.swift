internal import DeptopModel
internal import Glibc

/// Measures what the collector itself costs.
struct ProcessMeter: Sendable {
  private var lastCPU: Duration
  private var lastAt: ContinuousClock.Instant

  init() {
    lastCPU = ProcessMeter.cpuTime()
    lastAt = .now
  }

  /// Share of one core since the call before.
  mutating func cpuRatio() -> Double {
    let cpu = ProcessMeter.cpuTime()
    let now = ContinuousClock.now
    let wall = lastAt.duration(to: now)
    defer { (lastCPU, lastAt) = (cpu, now) }
    return wall > .zero ? (cpu - lastCPU) / wall : 0
  }

  /// Resident memory from `/proc/self/statm`; 0 when it cannot be read.
  static func residentBytes() -> UInt64 {
    guard let text = try? TextFile.read("/proc/self/statm", limit: 256) else { return 0 }  // Not Linux: not measured.
    let pages = text.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0
    return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func cpuTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
