package import DeptopModel

/// How the dashboard is connected to its collector.
package enum LinkState: Sendable, Hashable {
  /// No answer yet since the dashboard started.
  case connecting
  /// Snapshots arrive; the round trip is nil until it was measured.
  case live(roundTrip: Duration?)
  /// Nothing arrives since a moment; asked again at another.
  case lost(since: WallTime, reason: String, nextAttemptAt: WallTime?)

  /// True when the collector can be asked for something.
  package var isLive: Bool {
    if case .live = self { true } else { false }
  }
}
