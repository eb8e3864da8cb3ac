internal import Synchronization

/// One reading of all gauges, on a thread of its own: code of the application is not trusted to be quick.
///
/// What is not read in time stays out of the report. A gauge that still runs is left alone in later rounds, so that
/// one that hangs holds up the others once, and costs one thread.
final class GaugeRound: Sendable {
  private struct State {
    var results: [ObjectIdentifier: PoolGauges] = [:]
    var isOver = false
  }

  private let state = Mutex(State())
  private let finished = Wakeup()

  /// Reads the gauges.
  ///
  /// - Parameters:
  ///   - dependencies: Those that have a gauge are asked.
  ///   - timeout: How long they may take together.
  ///   - stop: Ends the wait early.
  /// - Returns: What was read in time.
  static func read(
    _ dependencies: [MonitoredDependency], timeout: Duration, stop: Wakeup
  ) -> [ObjectIdentifier: PoolGauges] {
    let asked = dependencies.filter(\.gauge.isReady)
    guard !asked.isEmpty else { return [:] }
    let round = GaugeRound()
    let isStarted = ClientThread.start("deptop-gauges") { round.run(asked) }
    guard isStarted else { return [:] }
    round.finished.wait(for: timeout, or: stop)
    return round.state.withLock { state in
      state.isOver = true
      return state.results
    }
  }

  private func run(_ dependencies: [MonitoredDependency]) {
    for dependency in dependencies {
      guard !state.withLock({ $0.isOver }) else { return }
      guard let gauges = dependency.gauge.read() else { continue }
      state.withLock { $0.results[ObjectIdentifier(dependency)] = gauges }
    }
    finished.set()
  }
}

/// One dependency's gauge and whether it is being read.
final class GaugeSlot: Sendable {
  private struct State {
    var read: (@Sendable () -> PoolGauges?)?
    var isBusy = false
  }

  private let state = Mutex(State())

  func set(_ read: (@Sendable () -> PoolGauges?)?) { state.withLock { $0.read = read } }

  /// True when there is a gauge that is not being read already.
  var isReady: Bool { state.withLock { $0.read != nil && !$0.isBusy } }

  func read() -> PoolGauges? {
    let taken: (@Sendable () -> PoolGauges?)? = state.withLock { state in
      guard !state.isBusy, let read = state.read else { return nil }
      state.isBusy = true
      return read
    }
    guard let read = taken else { return nil }
    defer { state.withLock { $0.isBusy = false } }
    return read()
  }
}
