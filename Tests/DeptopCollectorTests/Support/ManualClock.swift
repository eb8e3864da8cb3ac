import DeptopTestSupport
import Synchronization

/// A clock that moves only when a test moves it.
final class ManualClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    var deadline: Instant
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var nextID = 0
    var sleepers: [Int: Sleeper] = [:]
    /// Sleeps that were cancelled before they began.
    var cancelled: Set<Int> = []
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Duration { .nanoseconds(1) }
  var sleepers: Int { state.withLock(\.sleepers.count) }

  /// The time until the next sleeper wakes; nil when nobody sleeps.
  var untilNext: Duration? {
    state.withLock { state in
      state.sleepers.values.map(\.deadline).min().map { state.now.duration(to: $0) }
    }
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let sleeper = state.sleepers.removeValue(forKey: id)
        if sleeper == nil { state.cancelled.insert(id) }
        return sleeper
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves the time on, and wakes who is due.
  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  /// Moves the time on whenever somebody sleeps, until a task has ended.
  func finish<Value: Sendable>(_ running: Task<Value, Never>) async throws -> Value {
    let ended = Mutex(false)
    let watching = Task {
      let value = await running.value
      ended.withLock { $0 = true }
      return value
    }
    let limit = ContinuousClock.now + .seconds(30)
    while !ended.withLock({ $0 }) {
      guard ContinuousClock.now < limit else { throw TestFailure("it does not end") }
      if let step = untilNext { advance(by: step) }
      await Task.yield()
    }
    return await watching.value
  }

  /// Waits until somebody sleeps, and moves the time on to the first who wakes; answers how far that was.
  @discardableResult
  func wakeNext() async throws -> Duration {
    try await waitUntil("somebody sleeps") { sleepers > 0 }
    let step = untilNext ?? .zero
    advance(by: step)
    return step
  }
}
