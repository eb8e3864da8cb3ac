internal import DeptopModel
internal import DeptopWire
internal import Hummingbird

/// What a reader of the stream asks for: `interval_seconds`, and `dependency` as often as wanted.
struct StreamOptions: Sendable, Hashable {
  /// The shortest time between two lines; zero means every tick.
  var interval: Duration
  /// Only these dependencies and their findings; empty means all.
  var dependencies: Set<DependencyID>

  init(interval: Duration = .zero, dependencies: Set<DependencyID> = []) {
    self.interval = interval
    self.dependencies = dependencies
  }

  init(_ parameters: Parameters) throws(Refusal) {
    dependencies = Set(parameters.getAll("dependency").map { DependencyID(rawValue: $0) })
    interval = .zero
    guard let text = parameters.get("interval_seconds") else { return }
    guard let seconds = Double(text), (0...3600).contains(seconds) else {
      throw Refusal(.invalid, "interval_seconds=\(text): expected a number from 0 to 3600")
    }
    interval = .seconds(seconds)
  }

  /// The part of a snapshot that was asked for.
  func selected(from snapshot: Snapshot) -> Snapshot {
    guard !dependencies.isEmpty else { return snapshot }
    var selected = snapshot
    selected.dependencies.removeAll { !dependencies.contains($0.id) }
    selected.findings.removeAll { !dependencies.contains($0.dependency) }
    selected.actions.removeAll { !dependencies.contains($0.dependency) }
    return selected
  }
}
