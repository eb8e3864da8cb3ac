internal import DeptopModel
internal import Glibc

/// What one whole sweep of the socket table cost, up to the counts of each dependency.
package struct SweepMeasurement: Sendable, Hashable {
  /// Connections of the table, both ways.
  package var connections: Int
  /// Distinct remote addresses and ports of outbound connections.
  package var dependencies: Int
  /// Processor time of the whole process while the sweep ran.
  package var processorTime: Duration
  package var wallTime: Duration
}

/// Sweeps for a benchmark: what the collector does with a socket table, less the search for owners.
package struct SweepProbe: Sendable {
  private var diagnostics = SocketDiagnostics()
  private var memory = ConnectionMemory()

  package init() {}

  /// Sweeps the whole table once, and counts the outbound connections of each dependency.
  package mutating func measureSweep(timeout: Duration) throws(SocketDiagnosticsError) -> SweepMeasurement {
    let processorStart = reading(CLOCK_PROCESS_CPUTIME_ID)
    let wallStart = reading(CLOCK_MONOTONIC)
    let table = try diagnostics.sweep(timeout: timeout)
    let counts = DependencyCounts(of: memory.outbound(in: table, at: .now()))
    return SweepMeasurement(
      connections: table.connections.count, dependencies: counts.byAddress.count,
      processorTime: reading(CLOCK_PROCESS_CPUTIME_ID) - processorStart,
      wallTime: reading(CLOCK_MONOTONIC) - wallStart)
  }
}

private func reading(_ clock: clockid_t) -> Duration {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
