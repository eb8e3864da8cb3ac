internal import DeptopConfiguration
internal import DeptopModel
internal import DeptopSources
internal import Synchronization

/// Keeps what the sources said.
///
/// They record from their own tasks; readers compute on a copy, outside the lock.
final class Store: Sendable {
  private let state: Mutex<Knowledge>

  init(settings: Settings, remembered: [String: RememberedAnswers]) {
    state = Mutex(Knowledge(settings: settings, remembered: remembered))
  }

  var knowledge: Knowledge { state.withLock { $0 } }

  func record(_ observations: [Observation], from source: SourceID) {
    let now = WallTime.now()
    state.withLock { $0.fold(observations, from: source, at: now) }
  }

  func record(_ status: SourceStatus, covering dependencies: [DependencyID]) {
    state.withLock { $0.record(status, covering: dependencies) }
  }

  /// Takes a client's report, and how the client as a source is doing.
  func record(
    _ reports: [ClientObservation], remarks: [String] = [], reporter status: SourceStatus, at now: WallTime = .now()
  ) {
    state.withLock { knowledge in
      knowledge.fold([.remarks(remarks)] + reports.map(Observation.client), from: status.id, at: now)
      knowledge.record(reporter: status)
    }
  }

  func record(reporter status: SourceStatus) {
    state.withLock { $0.record(reporter: status) }
  }

  func forget(_ source: SourceID) {
    state.withLock { $0.forget(source) }
  }

  func adopt(_ settings: Settings) {
    state.withLock { $0.adopt(settings) }
  }

  /// One dependency with its connections, as it is known now; nil when there is none of that name.
  func detail(of id: DependencyID, at now: WallTime = .now()) -> DependencyDetail? {
    Assembly(of: knowledge, at: now).detail(of: id)
  }
}
