internal import DeptopBenchmarkFigures
internal import DeptopConnection
internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// What a collector said of its ticks while a dashboard's stream was read.
final class TickFigures: Sendable {
  /// The part of a stream's line that is looked at.
  private struct Line: Decodable {
    var snapshot: Part?
    var delta: Part?

    struct Part: Decodable {
      var collector: CollectorStatus
    }
  }

  private struct State {
    var isCounting = false
    var ticks: [Duration] = []
    var bytes = 0
  }

  private let socket: String
  private let pid: pid_t
  private let state = Mutex(State())

  init(socket: String, pid: pid_t) {
    self.socket = socket
    self.pid = pid
  }

  /// What was measured.
  struct Outcome: Sendable {
    var ticks: [Duration]
    var streamBytesPerSecond: Double
    var processorRatio: Double
    var proportionalBytes: Int
    var reports: [Duration]
    var failedReports: Int

    func row(named name: String) -> TickCommand.Row {
      let milliseconds = Percentiles(ticks.map { $0 / .milliseconds(1) })
      return TickCommand.Row(
        name: name, ticks: ticks.count, tickMilliseconds: milliseconds.median, tickP99: milliseconds.value(at: 0.99),
        tickLargest: milliseconds.largest, proportionalMebibytes: Double(proportionalBytes) / 1_048_576,
        processorRatio: processorRatio, streamBytesPerSecond: streamBytesPerSecond,
        reportMilliseconds: Percentiles(reports.map { $0 / .milliseconds(1) }).median, failedReports: failedReports)
    }
  }

  /// Measures while a load runs, after a time to warm up.
  func measure(under load: ReportLoad, warmUp: Duration, for time: Duration) async throws -> Outcome {
    try await waitForCollector()
    return try await withThrowingTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        await load.run()
        return nil
      }
      group.addTask { [self] in
        try await follow()
        return nil
      }
      group.addTask { [self] in try await count(after: warmUp, for: time, load) }
      defer { group.cancelAll() }
      while let outcome = try await group.next() {
        if let outcome { return outcome }
      }
      throw BenchmarkFailure("the load ended before it was measured")
    }
  }

  private func waitForCollector() async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      do throws(CollectorError) {
        _ = try await CollectorConnection(socketPath: socket).get(API.snapshot, as: Snapshot.self)
        return
      } catch {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    throw BenchmarkFailure("the collector did not answer within 20 s")
  }

  private func follow() async throws {
    try await CollectorConnection(socketPath: socket).lines(API.stream + "?detail=rows") { [self] line in
      let part = try WireCoding().decode(Line.self, from: line)
      let took = (part.snapshot ?? part.delta)?.collector.tickDuration
      state.withLock { state in
        guard state.isCounting else { return }
        state.bytes += line.count
        if let took { state.ticks.append(took) }
      }
    }
  }

  private func count(after warmUp: Duration, for time: Duration, _ load: ReportLoad) async throws -> Outcome {
    try await Task.sleep(for: warmUp)
    state.withLock { $0.isCounting = true }
    let before = try ProcessFigures(of: pid).processorTime
    try await Task.sleep(for: time)
    let used = try ProcessFigures(of: pid).processorTime - before
    let (ticks, bytes) = state.withLock { ($0.ticks, $0.bytes) }
    let outcome = load.outcome
    return Outcome(
      ticks: ticks, streamBytesPerSecond: Double(bytes) / time.seconds, processorRatio: used / time,
      proportionalBytes: try ProcessFigures.proportionalBytes(of: pid), reports: outcome.durations,
      failedReports: outcome.failures)
  }
}
