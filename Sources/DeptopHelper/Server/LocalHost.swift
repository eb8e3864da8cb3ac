internal import CLinux
package import DeptopKernel
internal import DeptopModel
internal import Glibc
internal import Synchronization

/// Does by itself what `HostAccess` promises, with the privileges of this process.
///
/// What it may do it finds out by doing it: each refusal of the kernel becomes one sentence.
package final class LocalHost: HostAccess {
  struct State {
    var namespaces: NamespaceIndex
    var plans = PlanLedger()
  }

  let files: ProcessFiles
  let state: Mutex<State>
  let now: @Sendable () -> ContinuousClock.Instant
  /// Takes one line for each repair.
  let log: @Sendable (String) -> Void

  package init(
    files: ProcessFiles = ProcessFiles(), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    log: @escaping @Sendable (String) -> Void
  ) {
    self.files = files
    self.now = now
    self.log = log
    state = Mutex(State(namespaces: NamespaceIndex(files: files)))
  }

  package func abilities() throws(HostAccessError) -> HostAbilities {
    AbilityFacts.probe(files).abilities
  }

  package func namespaces() throws(HostAccessError) -> [NamespaceRecord] {
    state.withLock { $0.namespaces.list() }
  }

  func door(to namespace: NamespaceID) throws(HostAccessError) -> NamespaceDoor {
    try state.withLock { state throws(HostAccessError) in try state.namespaces.door(to: namespace) }
  }
}
