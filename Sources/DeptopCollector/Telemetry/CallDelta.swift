internal import DeptopModel

/// What a client counted between two of its reports.
struct CallDelta: Sendable, Hashable {
  var interval: Duration
  var counts: CallTotals
  var responseTime: Distribution?
  var waitTime: Distribution?
  var phases: [Phase: Distribution] = [:]

  /// What was counted from one report to the next one.
  ///
  /// Counts that went back mean that the client began anew in between: then all that it has now was counted since.
  init(from earlier: ClientReport?, to report: ClientReport, over interval: Duration) {
    self.interval = interval
    let totals = report.totals ?? .none
    counts = earlier.map { totals.subtracting($0.totals ?? .none) ?? totals } ?? totals
    responseTime = CallDelta.difference(report.responseTime, earlier.map(\.responseTime))
    waitTime = CallDelta.difference(report.waitTime, earlier.map(\.waitTime))
    for (phase, distribution) in report.phases ?? [:] {
      phases[phase] = CallDelta.difference(distribution, earlier.map { $0.phases?[phase] })
    }
  }

  /// Adds what was counted in the interval after this one.
  mutating func append(_ next: CallDelta) {
    interval += next.interval
    counts.add(next.counts)
    CallDelta.merge(next.responseTime, into: &responseTime)
    CallDelta.merge(next.waitTime, into: &waitTime)
    for (phase, distribution) in next.phases { CallDelta.merge(distribution, into: &phases[phase]) }
  }

  /// All of it where counting began anew; nothing where it was not kept before, as it is not of this time alone.
  private static func difference(_ now: Distribution?, _ before: Distribution??) -> Distribution? {
    guard let before, let now else { return now }
    return before.flatMap { now.subtracting($0) ?? now }
  }

  /// A distribution that changed its form replaces the old one: there is no sum of the two.
  private static func merge(_ next: Distribution?, into target: inout Distribution?) {
    guard let next else { return }
    guard var merged = target, merged.merge(next) else {
      target = next
      return
    }
    target = merged
  }
}

/// A client's latest deltas: as few as say something, and no more than ten seconds of them where one is shorter.
///
/// With much traffic two seconds are enough, so that a change shows at once; with little traffic it takes ten until a
/// ratio means anything.
struct CallWindow: Sendable, Hashable {
  /// What a window covers at most, unless its last delta alone covers more.
  static let longest = Duration.seconds(10)
  static let shortest = Duration.seconds(2)
  /// Requests that make a shorter window than the longest say enough.
  static let enoughRequests: UInt64 = 200
  /// Deltas are put together up to this long, which bounds how many a window has.
  static let slot = Duration.seconds(2)

  private var deltas: [CallDelta] = []
  /// All of the window as one; nil before the first delta.
  private(set) var total: CallDelta?

  mutating func append(_ delta: CallDelta) {
    if let last = deltas.last, last.interval + delta.interval <= CallWindow.slot {
      deltas[deltas.count - 1].append(delta)
    } else {
      deltas.append(delta)
    }
    var covered = deltas.reduce(Duration.zero) { $0 + $1.interval }
    while let first = deltas.first, covered - first.interval >= CallWindow.longest {
      covered -= first.interval
      deltas.removeFirst()
    }
    let counted = deltas.suffix(slots)
    total = counted.dropFirst().reduce(into: counted.first) { $0?.append($1) }
  }

  /// How many of the newest deltas say enough.
  private var slots: Int {
    var covered = Duration.zero
    var requests: UInt64 = 0
    for (index, delta) in deltas.reversed().enumerated() {
      covered += delta.interval
      requests += delta.counts.requests ?? delta.responseTime?.count ?? 0
      if covered >= CallWindow.shortest, requests >= CallWindow.enoughRequests { return index + 1 }
    }
    return deltas.count
  }
}
