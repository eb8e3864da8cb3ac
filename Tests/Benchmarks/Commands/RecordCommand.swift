internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import Glibc

/// What recording one call costs the application.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Time to record one call, beside hdrhistogram-swift and swift-metrics.",
    discussion: """
      DeptopClient counts a call's fate, its attempts and its response time. hdrhistogram-swift counts the time alone; \
      it is not safe to use from several threads, so that with 8 threads a lock is around it. swift-metrics' Timer \
      hands the time to a backend that adds it to two atomic sums, the least that a backend can do. All threads record \
      to the same dependency, histogram or timer, at the same time; a figure is the processor time of the whole process, the \
      kernel's work for the lock included, by the calls of all threads.
      """)

  @OptionGroup var report: ReportOptions

  /// What one recorder came to, nanoseconds of processor time for each call.
  struct Row: Encodable, Sendable {
    var name: String
    var oneThreadNanoseconds: Double?
    var eightThreadsNanoseconds: Double?
  }

  func run() throws {
    let rounds = report.quick ? 3 : 11
    let calls = report.quick ? 100_000 : 500_000
    let recorders: [any CallRecorder] = [
      DeptopRecorder(), HdrHistogramRecorder(), LockedHdrHistogramRecorder(), SwiftMetricsRecorder(),
    ]
    var meters = recorders.map(RecordMeter.init)
    for round in 0...rounds {
      // The first round warms everything up and does not count.
      for index in meters.indices { try meters[index].measure(calls: calls, counts: round > 0) }
    }
    let rows = meters.map(\.row)
    var result = Report(benchmark: "record", isQuick: report.quick, rounds: rounds, rows: rows)
    let (own, alone, locked, metrics) = (rows[0], rows[1], rows[2], rows[3])
    result.ratios["hdr_histogram"] = ratio(own.oneThreadNanoseconds, to: alone.oneThreadNanoseconds)
    result.ratios["hdr_histogram_8_threads"] = ratio(own.eightThreadsNanoseconds, to: locked.eightThreadsNanoseconds)
    result.ratios["swift_metrics"] = ratio(own.oneThreadNanoseconds, to: metrics.oneThreadNanoseconds)
    result.ratios["swift_metrics_8_threads"] = ratio(own.eightThreadsNanoseconds, to: metrics.eightThreadsNanoseconds)
    result.targets = [
      Target("ns to record one call, 1 thread", atMost: 100, measured: own.oneThreadNanoseconds),
      Target("ns to record one call, 8 threads", atMost: 100, measured: own.eightThreadsNanoseconds),
    ]
    try result.print(asJSON: report.json, table(rows))
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: ["ns for one call", "1 thread", "8 threads"])
    for row in rows {
      table.add([row.name, row.oneThreadNanoseconds.text(digits: 1), row.eightThreadsNanoseconds.text(digits: 1)])
    }
    return table
  }
}
