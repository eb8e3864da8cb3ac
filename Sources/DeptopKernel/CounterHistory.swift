package import DeptopModel

/// Readings of one namespace's counters: what grew since the first, and over the last minute.
package struct CounterHistory: Sendable {
  package static let window = Duration.seconds(60)

  private var first: KernelCounters?
  /// Within the last minute, and the last one before it, oldest first.
  private var recent: [(at: WallTime, counters: KernelCounters)] = []

  package init() {}

  /// Growth since the first reading; nil before there is one.
  package var total: KernelCounters? {
    guard let first, let last = recent.last else { return nil }
    return last.counters.growth(since: first)
  }

  /// Growth over the last minute, or since the first reading when that is less.
  package var lastMinute: KernelCounters? {
    guard let oldest = recent.first, let last = recent.last else { return nil }
    return last.counters.growth(since: oldest.counters)
  }

  package mutating func add(_ counters: KernelCounters, at time: WallTime) {
    if first == nil { first = counters }
    recent.append((time, counters))
    while recent.count > 2, time - recent[1].at >= Self.window { recent.removeFirst() }
  }
}
