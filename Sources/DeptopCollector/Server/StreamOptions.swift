internal import DeptopModel
internal import DeptopWire
internal import Hummingbird

/// What a reader of the stream asks for: `interval_seconds`, `detail`, and `dependency` as often as wanted.
struct StreamOptions: Sendable, Hashable {
  /// The shortest time between two lines; zero means every tick.
  var interval: Duration
  /// Only these dependencies and their findings; empty means all.
  var dependencies: Set<DependencyID>

  var detail: Detail

  /// How much of each dependency is wanted.
  enum Detail: String, Sendable, Hashable, CaseIterable {
    /// Everything that a snapshot has.
    case full
    /// What a table needs: several clients' pools and breakers as one.
    case rows
  }

  init(interval: Duration = .zero, dependencies: Set<DependencyID> = [], detail: Detail = .full) {
    self.interval = interval
    self.dependencies = dependencies
    self.detail = detail
  }

  init(_ parameters: Parameters) throws(Refusal) {
    dependencies = Set(parameters.getAll("dependency").map { DependencyID(rawValue: $0) })
    interval = .zero
    let wanted = parameters.get("detail") ?? Detail.full.rawValue
    guard let detail = Detail(rawValue: wanted) else {
      throw Refusal(.invalid, "detail=\(wanted): expected full or rows")
    }
    self.detail = detail
    guard let text = parameters.get("interval_seconds") else { return }
    guard let seconds = Double(text), (0...3600).contains(seconds) else {
      throw Refusal(.invalid, "interval_seconds=\(text): expected a number from 0 to 3600")
    }
    interval = .seconds(seconds)
  }

  /// The part of a snapshot that was asked for.
  func selected(from snapshot: Snapshot) -> Snapshot {
    guard !dependencies.isEmpty || detail == .rows else { return snapshot }
    var selected = snapshot
    if detail == .rows { selected.dependencies = selected.dependencies.map(\.row) }
    guard !dependencies.isEmpty else { return selected }
    selected.dependencies.removeAll { !dependencies.contains($0.id) }
    selected.findings.removeAll { !dependencies.contains($0.dependency) }
    selected.actions.removeAll { !dependencies.contains($0.dependency) }
    return selected
  }
}
