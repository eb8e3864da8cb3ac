internal import DeptopBenchmarkFigures
internal import Glibc

/// Rounds of one recorder, on one thread and on eight.
struct RecordMeter {
  private static let threads = 8

  private let recorder: any CallRecorder
  private var one: [Double] = []
  private var eight: [Double] = []

  init(_ recorder: any CallRecorder) {
    self.recorder = recorder
  }

  var row: RecordCommand.Row {
    RecordCommand.Row(
      name: recorder.name, oneThreadNanoseconds: Percentiles(one).median,
      eightThreadsNanoseconds: Percentiles(eight).median)
  }

  /// One round.
  mutating func measure(calls: Int, counts: Bool) throws(BenchmarkFailure) {
    let alone = try nanoseconds(threads: 1, calls: calls)
    let together = recorder.isThreadSafe ? try nanoseconds(threads: RecordMeter.threads, calls: calls / 20) : nil
    guard counts else { return }
    one.append(alone)
    if let together { eight.append(together) }
  }

  /// Nanoseconds of processor time for each call, that of the kernel included: waiting for a turn costs nothing.
  private func nanoseconds(threads: Int, calls: Int) throws(BenchmarkFailure) -> Double {
    let start = processorTime()
    var started: [pthread_t] = []
    for _ in 0..<threads { started.append(try startThread(calls: calls)) }
    for thread in started { pthread_join(thread, nil) }
    return (processorTime() - start) / .nanoseconds(1) / Double(threads * calls)
  }

  private func startThread(calls: Int) throws(BenchmarkFailure) -> pthread_t {
    let work = unsafe Unmanaged.passRetained(RecordWork(recorder: recorder, calls: calls))
    var thread = pthread_t()
    let status = unsafe pthread_create(&thread, nil, RecordWork.enter, work.toOpaque())
    guard status == 0 else {
      unsafe work.release()
      throw BenchmarkFailure("start a thread", code: status)
    }
    return thread
  }
}

/// What one thread does.
private final class RecordWork: Sendable {
  private let recorder: any CallRecorder
  private let calls: Int

  init(recorder: any CallRecorder, calls: Int) {
    self.recorder = recorder
    self.calls = calls
  }

  static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument = unsafe argument else { return nil }
    let work = unsafe Unmanaged<RecordWork>.fromOpaque(argument).takeRetainedValue()
    work.recorder.record(work.calls)
    return nil
  }
}
