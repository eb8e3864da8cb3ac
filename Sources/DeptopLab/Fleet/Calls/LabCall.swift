internal import Synchronization

/// One request from its arrival to its end, which comes once, whatever goes on for it afterwards.
final class LabCall: Sendable {
  let id: String
  let began: Int64
  /// When its caller gives up; nil means never.
  let deadline: Int64?

  private struct State {
    var isOver = false
    var progress = Progress()
  }

  /// What has been done for it so far.
  struct Progress: Sendable, Hashable {
    /// Attempts that were begun, and that were sent.
    var attempts = 0
    var sent = 0
    /// Time that it waited for connections, microseconds.
    var waited: Int64 = 0
  }

  private let state = Mutex(State())
  private let ended: @Sendable (CallEnd, Progress) -> Void

  /// A request that has arrived.
  ///
  /// - Parameters:
  ///   - id: What the ledger calls it.
  ///   - began: When it arrived.
  ///   - deadline: When its caller gives up.
  ///   - ended: Is called once, when it ends for its caller.
  init(
    id: String, began: Int64, deadline: Int64?, ended: @escaping @Sendable (CallEnd, Progress) -> Void
  ) {
    self.id = id
    self.began = began
    self.deadline = deadline
    self.ended = ended
  }

  /// True when nobody waits for an answer any more.
  var isOver: Bool { state.withLock { $0.isOver } }

  var progress: Progress { state.withLock { $0.progress } }

  func note(_ change: (inout Progress) -> Void) { state.withLock { change(&$0.progress) } }

  /// Ends it; false when it has ended before.
  @discardableResult
  func end(_ end: CallEnd) -> Bool {
    let progress: Progress? = state.withLock { state in
      guard !state.isOver else { return nil }
      state.isOver = true
      return state.progress
    }
    guard let progress else { return false }
    ended(end, progress)
    return true
  }
}
