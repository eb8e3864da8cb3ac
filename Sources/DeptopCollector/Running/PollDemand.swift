internal import Synchronization

/// Has a source polled before its time, for whoever waits for what it reads.
final class PollDemand: Sendable {
  private let waiting = Mutex<AsyncStream<Never>.Continuation?>(nil)

  /// Ends the wait that there is; without one a poll is under way, and this changes nothing.
  func ask() {
    waiting.withLock { waiting in
      waiting?.finish()
      waiting = nil
    }
  }

  /// Waits until it is asked for, or the task is cancelled; one caller at a time.
  func wait() async {
    let (asked, continuation) = AsyncStream<Never>.makeStream()
    waiting.withLock { $0 = continuation }
    for await _ in asked {}
  }
}
