internal import DeptopModel

/// What a running action is watched by: readings of its dependency at one moment.
struct AbortReadings: Sendable, Hashable {
  /// Connections that calls can use; nil when the kernel's table is not read.
  var ready: Int?
  /// Connection requests of the kernel that nobody has answered yet, so that they were sent again.
  var failingConnects = 0
  /// nil when no pool counts them.
  var callersWaiting: Int?
  /// The clients whose breaker lets no call pass.
  var openBreakers: Set<String> = []
  /// What its clients have counted since they started, all together; nil when none counts.
  var calls: CallTotals?
}

extension AbortReadings {
  init(_ detail: DependencyDetail?) {
    guard let detail else { return }
    let connections = detail.connections
    if detail.dependency.isSweepFresh {
      ready = connections.count(where: \.isUsable)
      failingConnects = connections.count { $0.signals.condition == .connectUnanswered }
    }
    callersWaiting = detail.dependency.pools.compactMap(\.value.pending).reduce(nil) { ($0 ?? 0).addingSaturated($1) }
    openBreakers = Set(detail.dependency.breakers.filter { $0.value.state.stopsCalls }.map(\.value.client))
    calls = CallTotals(of: detail)
  }
}

extension CallTotals {
  /// What the clients of a dependency have counted since they started; nil when none counts.
  init?(of detail: DependencyDetail?) {
    let counted = detail?.clients.compactMap(\.report.totals) ?? []
    guard !counted.isEmpty else { return nil }
    self = counted.reduce(into: .none) { $0.add($1) }
  }

  /// These as the reading of a stretch of time.
  func over(_ window: Duration) -> CallReading { CallReading(window: window, counts: self) }
}

extension Connection {
  /// True when a call can use it: open, and its path answers as far as the kernel knows.
  var isUsable: Bool {
    state == "established" && signals.condition != .dead && signals.condition != .keepaliveUnanswered
  }
}

extension BreakerState {
  /// True when calls are rejected.
  fileprivate var stopsCalls: Bool { self == .open || self == .forcedOpen }
}
