internal import DeptopBlocking
package import DeptopModel
internal import Synchronization

/// Keeps the listing of network namespaces fresh, on a thread of its own: a helper that hangs holds up no sweep.
package final class NamespaceRoster: Sendable {
  /// Processes come and go slowly, and to list them all is dear.
  package static let interval = Duration.seconds(5)

  private struct State {
    var listing: NamespaceListing?
    var maker: NamespaceListingMaker
    var isRunning = false
    var nextAt: ContinuousClock.Instant?
  }

  private let thread = BlockingThread()
  private let state: Mutex<State>

  /// - Parameters:
  ///   - access: what lists other namespaces; nil when there is no helper.
  ///   - files: what tells of processes.
  package init(access: (any HostAccess)?, files: ProcessFiles = ProcessFiles()) {
    state = Mutex(State(maker: NamespaceListingMaker(access: access, files: files)))
  }

  /// The last listing; nil until the first is made.
  package var current: NamespaceListing? { state.withLock { $0.listing } }

  /// Begins a new listing when the last one is old enough; does not wait for it.
  ///
  /// - Parameters:
  ///   - now: When that is.
  ///   - speakers: A process with outbound connections in each namespace that has one.
  package func refreshIfDue(at now: ContinuousClock.Instant = .now, speakers: [NamespaceID: Int32] = [:]) {
    let maker = state.withLock { state -> NamespaceListingMaker? in
      guard !state.isRunning, state.nextAt.map({ $0 <= now }) ?? true else { return nil }
      state.isRunning = true
      return state.maker
    }
    guard let maker else { return }
    thread.start { [weak self] in
      var maker = maker
      let listing = maker.list(at: .now(), speakers: speakers)
      self?.finish(listing, maker)
    }
  }

  private func finish(_ listing: NamespaceListing, _ maker: NamespaceListingMaker) {
    state.withLock { state in
      state.listing = listing
      state.maker = maker
      state.isRunning = false
      state.nextAt = .now + Self.interval
    }
  }
}
