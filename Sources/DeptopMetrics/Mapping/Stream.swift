internal import DeptopConfiguration
internal import DeptopModel

/// One stream: what it counts as, and what it came to so far.
struct Stream {
  var route: Route
  private(set) var kind: ServiceKind?
  private(set) var targets: [MetricTarget]
  private(set) var errorWord: String?
  private(set) var total: Total
  private(set) var readAt: WallTime?
  var seenAt = WallTime(secondsSinceEpoch: 0)
  var seenInBatch: UInt64 = 0
  private var clock = StreamClock()

  /// What a stream came to.
  enum Total {
    /// nil when the sender says that it does not know.
    case level(Double?)
    case count(RunningCount)
    case distribution(RunningDistribution)
  }

  /// What became of a point.
  enum Outcome {
    case taken, duplicate
  }

  init(_ first: Interpretation) {
    route = first.route
    targets = first.targets
    total =
      switch first.amount {
      case .level: .level(0)
      case .count: .count(RunningCount())
      case .distribution: .distribution(RunningDistribution())
      }
  }

  var isLevel: Bool {
    if case .level = total { true } else { false }
  }

  /// Takes the next point, whichever temporality it has.
  mutating func take(_ next: Interpretation) -> Outcome {
    let step = clock.step(time: next.time, start: next.start, temporality: next.temporality)
    guard step != .duplicate else { return .duplicate }
    switch (total, next.amount) {
    case (.level(let level), .level(let value)):
      total = .level(next.temporality == .delta ? value.map { (level ?? 0) + $0 } : value)
    case (.count(var count), .count(let value)):
      count.take(value, next.temporality, restarted: step == .restarted)
      total = .count(count)
    case (.distribution(var distribution), .distribution(let value)):
      distribution.take(value, next.temporality, restarted: step == .restarted)
      total = .distribution(distribution)
    default:
      // The sender changed the kind of the metric, so that nothing from before can be added to.
      self = Stream(next)
      return take(next)
    }
    kind = next.kind
    targets = next.targets
    errorWord = next.errorWord
    if let time = next.time, readAt.map({ $0 < time }) ?? true { readAt = time }
    return .taken
  }
}
