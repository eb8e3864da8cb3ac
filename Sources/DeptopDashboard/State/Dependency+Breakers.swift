internal import DeptopModel

/// The breakers of all clients in front of one dependency, as one.
struct BreakerStanding: Sendable, Hashable {
  /// The worst of them.
  var worst: BreakerReading
  var source: SourceID
  /// Clients whose breaker is in the worst state, and all that have one.
  var alike: Int
  var total: Int
  /// The most changes of state of one breaker within ``flappingWindow``.
  var changes: Int

  /// A breaker that changes its state this often within the window never comes to rest: two times open and back.
  static let flappingChanges = 4
  static let flappingWindow = Duration.seconds(600)

  var isFlapping: Bool { changes >= Self.flappingChanges }

  /// True when callers are kept out, or nearly so.
  var isConcerning: Bool { isFlapping || worst.state != .closed }

  /// For sorting: the state first, then the changes.
  var badness: Double { Double(worst.state.severity) * 100 + Double(min(changes, 99)) }
}

extension Dependency {
  /// All breakers as one; nil when no client reports one.
  func breakerStanding(at now: WallTime) -> BreakerStanding? {
    guard let first = breakers.first else { return nil }
    return BreakerStanding(
      worst: first.value, source: first.source,
      alike: breakers.reduce(0) { $0 + ($1.value.state == first.value.state ? $1.value.standsFor ?? 1 : 0) },
      total: breakers.reduce(0) { $0 + ($1.value.standsFor ?? 1) },
      changes: breakers.map { $0.value.changes(at: now) }.max() ?? 0)
  }
}

extension BreakerReading {
  /// Changes of state within the flapping window.
  func changes(at now: WallTime) -> Int {
    let start = now - BreakerStanding.flappingWindow
    return transitions.count { $0.at > start }
  }
}
