package import DeptopKernel
internal import Synchronization

/// The collector's side of a helper: starts it, asks it, and starts it anew when it has ended.
///
/// One request at a time. A helper that ends, is late, or answers something else than was asked is let go of; the
/// request that meets this fails, and a later one starts another helper. Plans have to be announced to it again.
package final class HelperLink: HostAccess {
  /// At most one start in this time.
  package static let restartPause = Duration.seconds(30)

  typealias Start = @Sendable () throws(HostAccessError) -> sending HelperChannel

  private struct State: ~Copyable {
    var channel: HelperChannel?
    var startedAt: ContinuousClock.Instant?
    /// Why there is no channel.
    var failure = HostAccessError.absent("deptop-helper was not started")
  }

  private let start: Start
  private let pause: Duration
  private let state: Mutex<State>

  init(pause: Duration = restartPause, start: @escaping Start) {
    self.start = start
    self.pause = pause
    state = Mutex(State())
  }

  /// Starts a helper.
  ///
  /// It ends when the link is let go of.
  ///
  /// - Parameters:
  ///   - path: the program.
  ///   - pause: at least so much time is between two starts.
  /// - Returns: a link to a helper that was greeted.
  /// - Throws: `absent` when it does not start, `broken` when it is another version.
  package static func launch(path: String, pause: Duration = restartPause) throws(HostAccessError) -> HelperLink {
    let link = HelperLink(pause: pause) { () throws(HostAccessError) in try HelperChannel.start(path) }
    try link.state.withLock { state throws(HostAccessError) in _ = try link.channel(&state) }
    return link
  }

  /// The process of the helper; nil when there is none at the moment.
  package var pid: Int32? { state.withLock { $0.channel?.pid } }

  /// Asks and, when the helper fails, lets go of it.
  func ask(_ request: HelperRequest) throws(HostAccessError) -> (HelperAnswer, passed: Int32?) {
    try state.withLock { state throws(HostAccessError) in
      let channel = try channel(&state)
      do throws(HostAccessError) {
        return try channel.ask(request)
      } catch .refused(let reason) {
        throw .refused(reason)
      } catch {
        state.channel = nil
        state.failure = error
        throw error
      }
    }
  }

  /// An answer of the right kind for another request lets the helper go as well.
  func unexpected(_ passed: Int32? = nil) -> HostAccessError {
    let error = HostAccessError.broken("deptop-helper's answer is none to the request")
    state.withLock { state in
      state.channel = nil
      state.failure = error
    }
    return error
  }

  private func channel(_ state: inout State) throws(HostAccessError) -> HelperChannel {
    if let channel = state.channel { return channel }
    let now = ContinuousClock.now
    if let last = state.startedAt, last + pause > now {
      throw state.failure
    }
    state.startedAt = now
    do {
      let channel = try start()
      state.channel = channel
      return channel
    } catch {
      state.failure = error
      throw error
    }
  }
}
