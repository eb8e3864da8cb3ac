internal import CoreMetrics
internal import DeptopClient
internal import Histogram
internal import Metrics
internal import Synchronization

/// Something that counts calls by their time.
protocol CallRecorder: Sendable {
  var name: String { get }
  /// False when several threads must not use it at the same time.
  var isThreadSafe: Bool { get }

  /// Records so many calls, the times of which are spread over 1 µs to 1 s.
  func record(_ calls: Int)
}

/// Times for benchmarks: spread evenly over the powers of two from 1 µs to 0.5 s, without a division or a table.
struct CallTimes {
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The next time, nanoseconds.
  @inline(__always)
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return 1_024 &+ (state >> 36) >> (state >> 32 & 15)
  }
}

/// The library that is measured; nothing listens at its socket.
struct DeptopRecorder: CallRecorder {
  let name = "DeptopClient"
  let isThreadSafe = true
  private let reporter: Reporter
  private let dependency: MonitoredDependency

  init() {
    reporter = Reporter(
      client: "deptop-bench", configuration: ReporterConfiguration(ingestSocket: "/nonexistent/deptop.sock"))
    dependency = reporter.register(DependencyDescription(name: "bench", host: "127.0.0.1", port: 9))
  }

  func record(_ calls: Int) {
    var times = CallTimes()
    for _ in 0..<calls { dependency.record(nanoseconds: times.next(), .success) }
  }
}

/// hdrhistogram-swift with two significant digits, which is the nearest to 1.1 %, on one thread.
final class HdrHistogramRecorder: CallRecorder {
  let name = "hdrhistogram-swift, no lock"
  let isThreadSafe = false

  func record(_ calls: Int) {
    var times = CallTimes()
    var histogram = makeHistogram()
    for _ in 0..<calls { _ = histogram.record(times.next()) }
    withExtendedLifetime(histogram) {}
  }
}

/// The same, shared under a lock.
final class LockedHdrHistogramRecorder: CallRecorder {
  let name = "hdrhistogram-swift, Mutex"
  let isThreadSafe = true
  private let histogram = Mutex(makeHistogram())

  func record(_ calls: Int) {
    var times = CallTimes()
    for _ in 0..<calls {
      let time = times.next()
      histogram.withLock { _ = $0.record(time) }
    }
  }
}

private func makeHistogram() -> Histogram<UInt64> {
  Histogram<UInt64>(
    lowestDiscernibleValue: 1_000, highestTrackableValue: 100_000_000_000, numberOfSignificantValueDigits: .two)
}

/// swift-metrics' Timer with a backend of two atomic sums.
struct SwiftMetricsRecorder: CallRecorder {
  let name = "swift-metrics, atomic sums"
  let isThreadSafe = true
  private let timer: Metrics.Timer

  init() {
    timer = Metrics.Timer(label: "bench", dimensions: [], handler: SumHandler())
  }

  func record(_ calls: Int) {
    var times = CallTimes()
    for _ in 0..<calls { timer.recordNanoseconds(Int64(times.next())) }
  }
}

/// The count and the sum, nothing else.
private final class SumHandler: TimerHandler {
  private let count = Atomic<UInt64>(0)
  private let sum = Atomic<Int64>(0)

  func recordNanoseconds(_ duration: Int64) {
    count.wrappingAdd(1, ordering: .relaxed)
    sum.wrappingAdd(duration, ordering: .relaxed)
  }
}
