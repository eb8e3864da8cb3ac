internal import Synchronization

/// Hands the newest value to whoever waits for it.
///
/// A subscriber that is slow finds the newest value when it comes back, and none of those in between.
final class LatestFeed<Value: Sendable>: Sendable {
  private struct State {
    var latest: Value?
    var subscribers: [Int: AsyncStream<Value>.Continuation] = [:]
    var nextID = 0
    var isFinished = false
  }

  private let state = Mutex(State())

  /// The newest value; nil before the first.
  var latest: Value? { state.withLock(\.latest) }

  func publish(_ value: Value) {
    publish { value }
  }

  /// Publishes what is so now: no value that was made earlier can follow it.
  func publish(_ value: () -> Value) {
    state.withLock { state in
      let value = value()
      state.latest = value
      for subscriber in state.subscribers.values { subscriber.yield(value) }
    }
  }

  /// The newest value now, and each newer one that the reader is fast enough for.
  func subscribe() -> AsyncStream<Value> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let id = state.withLock { state -> Int? in
        if state.isFinished { return nil }
        if let latest = state.latest { continuation.yield(latest) }
        state.nextID += 1
        state.subscribers[state.nextID] = continuation
        return state.nextID
      }
      guard let id else { return continuation.finish() }
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.subscribers.removeValue(forKey: id) }
      }
    }
  }

  /// How many read it now.
  var subscriberCount: Int { state.withLock(\.subscribers.count) }

  /// Ends every subscription, those that come later at once.
  func finish() {
    let subscribers = state.withLock { state in
      state.isFinished = true
      return Array(state.subscribers.values)
    }
    for subscriber in subscribers { subscriber.finish() }
  }
}
