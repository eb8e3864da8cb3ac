import DeptopConfiguration
import DeptopModel
import DeptopSources
import Synchronization

/// A source whose polls do what a test says.
final class ScriptedSource: Source {
  static let kind = "scripted"
  static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] { [] }

  let id: SourceID
  let schedule: Schedule
  let dependencies: [DependencyID]
  private let work: @Sendable (Int) async throws(SourceError) -> [Observation]
  private let counts = Mutex((started: 0, running: 0, most: 0))

  /// A source that does some work at each poll, which is given the poll's number from 1.
  init(
    _ id: SourceID = "scripted", interval: Duration = .seconds(10), timeout: Duration = .seconds(2),
    dependencies: [DependencyID] = [], work: @escaping @Sendable (Int) async throws(SourceError) -> [Observation]
  ) {
    self.id = id
    schedule = Schedule(interval: interval, timeout: timeout)
    self.dependencies = dependencies
    self.work = work
  }

  /// Polls that were begun.
  var polls: Int { counts.withLock(\.started) }
  /// The most polls that ran at the same time.
  var mostAtOnce: Int { counts.withLock(\.most) }

  func poll() async throws(SourceError) -> [Observation] {
    let number = counts.withLock { counts in
      counts.started += 1
      counts.running += 1
      counts.most = max(counts.most, counts.running)
      return counts.started
    }
    defer { counts.withLock { $0.running -= 1 } }
    return try await work(number)
  }
}

/// A door that polls wait at until a test opens it; it does not heed cancellation.
final class Door: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
