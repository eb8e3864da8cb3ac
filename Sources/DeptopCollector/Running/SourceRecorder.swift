internal import DeptopModel
internal import Synchronization

/// One source's way into the store, which can be shut: what a source says after it was taken out of the settings is
/// lost instead of coming back as something that nobody removes any more.
final class SourceRecorder: Sendable {
  private let store: Store
  private let isOpen = Mutex(true)

  init(store: Store) {
    self.store = store
  }

  func record(_ observations: [Observation], from source: SourceID) {
    isOpen.withLock { isOpen in
      if isOpen { store.record(observations, from: source) }
    }
  }

  func record(_ status: SourceStatus, covering dependencies: [DependencyID]) {
    isOpen.withLock { isOpen in
      if isOpen { store.record(status, covering: dependencies) }
    }
  }

  /// Records nothing from now on, and forgets the source.
  func retire(_ source: SourceID) {
    isOpen.withLock { isOpen in
      isOpen = false
      store.forget(source)
    }
  }
}
