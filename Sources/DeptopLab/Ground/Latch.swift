internal import Synchronization

/// A value that is set once and that any number of tasks wait for.
final class Latch<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiting: [Int: CheckedContinuation<Value?, Never>] = [:]
    var latest = 0
  }

  private let state = Mutex(State())

  /// nil until it is set.
  var current: Value? { state.withLock { $0.value } }

  /// Sets it; only the first time counts.
  func set(_ value: Value) {
    let waiting = state.withLock { state in
      guard state.value == nil else { return [CheckedContinuation<Value?, Never>]() }
      state.value = value
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume(returning: value) }
  }

  /// Waits for it; nil when the time is over, or when the task is cancelled, before.
  func value(within limit: Duration? = nil) async -> Value? {
    let number = state.withLock { state in
      state.latest += 1
      return state.latest
    }
    let timer = limit.map { limit in
      Task {
        // Ends early when nobody waits any longer.
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        giveUp(number)
      }
    }
    defer { timer?.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> Value?? in
          if let value = state.value { return .some(value) }
          if Task.isCancelled { return .some(nil) }
          state.waiting[number] = continuation
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      giveUp(number)
    }
  }

  private func giveUp(_ number: Int) {
    state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: nil)
  }
}
