internal import DeptopModel

extension Ledger {
  /// The sum of one counter over all shards.
  func sum(_ word: Int) -> UInt64 {
    (0..<shards).reduce(0) { $0 &+ load($1 * CounterLayout.shardWords + word) }
  }

  /// The sums of counters that lie in a row.
  func sums(_ word: Int, count: Int) -> [UInt64] { (0..<count).map { sum(word + $0) } }

  /// What was counted since registration.
  func totals(errorNames: ErrorNames) -> CallTotals {
    let single = sums(CounterLayout.fates, count: CallFate.allCases.count)
    let fates = zip(single, sums(CounterLayout.otherFates, count: CallFate.allCases.count)).map(&+)
    let timeouts = sums(CounterLayout.timeouts, count: TimeoutStage.allCases.count)
    return CallTotals(
      requests: fates.reduce(0, &+), attempts: single.reduce(sum(CounterLayout.attempts), &+),
      fates: Dictionary(uniqueKeysWithValues: zip(CallFate.allCases.map(\.fate), fates)),
      timeouts: Dictionary(uniqueKeysWithValues: zip(TimeoutStage.allCases.map(\.category), timeouts)),
      errors: errorNames.named(sums(CounterLayout.errors, count: ErrorNames.limit + 1)),
      resets: sum(CounterLayout.resets), late: sum(CounterLayout.late))
  }

  /// One of the histograms; nil when nothing was recorded in it.
  func histogram(at word: Int) -> Histogram? {
    let counts = sums(word, count: BucketTable.count)
    guard counts.contains(where: { $0 > 0 }) else { return nil }
    let first = Int32(BucketTable.indices.lowerBound)
    let buckets = counts.enumerated().lazy.map { (index: first + Int32($0.offset), count: $0.element) }
    return Histogram(scale: Int32(Histogram.finestScale), buckets: buckets, unit: .seconds(1))
  }

  /// The histograms of the phases that were recorded.
  func phases() -> [Phase: Distribution]? {
    var phases: [Phase: Distribution] = [:]
    for phase in CallPhase.allCases {
      let word = CounterLayout.phases + Int(phase.rawValue) * CounterLayout.histogramWords
      phases[phase.phase] = histogram(at: word).map(Distribution.exponential)
    }
    return phases.isEmpty ? nil : phases
  }

  /// Calls in flight; nil when none was ever begun.
  func waiting() -> Int? {
    // Ends are read first: a call that ends in between is counted as waiting, never as less than none.
    let ended = sum(CounterLayout.ended)
    let begun = sum(CounterLayout.begun)
    guard begun > 0 else { return nil }
    return Int(clamping: begun - min(begun, ended))
  }

  /// How long the oldest call whose beginning is known has been in flight; nil without one.
  func oldestWaiting(at now: UInt64) -> Duration? {
    var oldest: UInt64?
    for shard in 0..<shards {
      let base = shard * CounterLayout.shardWords
      var taken = load(base + CounterLayout.slotsTaken)
      while taken != 0 {
        let slot = taken.trailingZeroBitCount
        taken &= taken - 1
        let began = load(base + CounterLayout.slots + slot)
        if began > 0 { oldest = min(oldest ?? began, began) }
      }
    }
    return oldest.map { .nanoseconds(Int64(clamping: now - min(now, $0))) }
  }
}
