internal import Synchronization

/// Hands the newest value to whoever waits for it.
///
/// A subscriber that is slow finds the newest value when it comes back, and none of those in between.
final class LatestFeed<Value: Sendable>: Sendable {
  private struct State {
    var latest: Value?
    var subscribers: [Int: AsyncStream<Value>.Continuation] = [:]
    var nextID = 0
  }

  private let state = Mutex(State())

  /// The newest value; nil before the first.
  var latest: Value? { state.withLock(\.latest) }

  func publish(_ value: Value) {
    let subscribers = state.withLock { state in
      state.latest = value
      return Array(state.subscribers.values)
    }
    for subscriber in subscribers { subscriber.yield(value) }
  }

  /// The newest value now, and each newer one that the reader is fast enough for.
  func subscribe() -> AsyncStream<Value> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let (id, latest) = state.withLock { state in
        let id = state.nextID
        state.nextID += 1
        state.subscribers[id] = continuation
        return (id, state.latest)
      }
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.subscribers.removeValue(forKey: id) }
      }
      if let latest { continuation.yield(latest) }
    }
  }

  /// Ends every subscription.
  func finish() {
    let subscribers = state.withLock { Array($0.subscribers.values) }
    for subscriber in subscribers { subscriber.finish() }
  }
}
