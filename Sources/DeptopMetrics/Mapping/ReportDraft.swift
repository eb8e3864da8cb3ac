internal import DeptopConfiguration
internal import DeptopModel

/// A report while its streams are added up.
struct ReportDraft {
  /// Words that failures are told apart by; the rest counts as `_OTHER`, OpenTelemetry's word for it.
  private static let maximumErrorWords = 32

  private var kind: ServiceKind?
  private var levels: [MetricTarget: Double] = [:]
  private var counts: [MetricTarget: Double] = [:]
  private var errors: [String: Double] = [:]
  private var distributions: [MetricTarget: Distribution] = [:]
  private(set) var readAt: WallTime?
  /// Histograms that have another form than the others.
  private(set) var leftOut = 0

  mutating func add(_ stream: Stream) {
    kind = kind ?? stream.kind
    if let time = stream.readAt, readAt.map({ $0 < time }) ?? true { readAt = time }
    switch stream.total {
    case .level(let level):
      guard let level else { return }
      for target in stream.targets where target.need == .level { addLevel(level, target) }
    case .count(let count): addCount(count.total, stream)
    case .distribution(let running):
      guard let distribution = running.total else { return }
      addCount(Double(distribution.count), stream)
      for target in stream.targets where target.need == .distribution { add(distribution, target) }
    }
  }

  func report(of route: Route) -> ClientReport {
    let dependency = route.dependency
    var report = ClientReport(name: dependency.name, kind: kind, host: dependency.host, port: dependency.port)
    report.pool = pool
    report.totals = totals
    report.responseTime = distributions[.responseTime]
    report.waitTime = distributions[.waitTime]
    let phases = Dictionary(
      uniqueKeysWithValues: Phase.allCases.compactMap { phase in
        distributions[.phase(phase)].map { (phase, $0) }
      })
    report.phases = phases.isEmpty ? nil : phases
    report.waiting = whole(levels[.waiting])
    report.breaker = breaker(name: dependency.name)
    return report
  }

  private mutating func addLevel(_ level: Double, _ target: MetricTarget) {
    if case .failureRatio = target {
      levels[target] = max(levels[target] ?? 0, level)
    } else {
      levels[target, default: 0] += level
    }
  }

  private mutating func addCount(_ count: Double, _ stream: Stream) {
    for target in stream.targets where target.need == .count {
      if case .error(let word) = target { addError(count, word) } else { counts[target, default: 0] += count }
    }
    if let word = stream.errorWord { addError(count, word) }
  }

  private mutating func addError(_ count: Double, _ word: String) {
    let isKnown = errors[word] != nil || errors.count < ReportDraft.maximumErrorWords
    errors[isKnown ? word : "_OTHER", default: 0] += count
  }

  private mutating func add(_ distribution: Distribution, _ target: MetricTarget) {
    guard var sum = distributions[target] else {
      distributions[target] = distribution
      return
    }
    if sum.add(distribution) { distributions[target] = sum } else { leftOut += 1 }
  }

  private var pool: ReportedPool? {
    func part(_ part: MetricTarget.PoolPart) -> Int? { whole(levels[.pool(part)]) }
    var pool = ReportedPool(
      active: part(.active), idle: part(.idle), transitional: part(.transitional), pending: part(.pending),
      max: part(.max))
    if let size = part(.size) {
      if pool.active == nil, let idle = pool.idle { pool.active = max(0, size - idle) }
      if pool.idle == nil, let active = pool.active { pool.idle = max(0, size - active) }
    }
    // A pool that is not limited reports 0 or less.
    if let limit = pool.max, limit <= 0 { pool.max = nil }
    return pool == ReportedPool() ? nil : pool
  }

  private var totals: CallTotals? {
    var totals = CallTotals(
      requests: whole(counts[.requests]), attempts: whole(counts[.attempts]), resets: whole(counts[.resets]))
    if let retries = counts[.retries] {
      if totals.attempts == nil, let requests = counts[.requests] { totals.attempts = whole(requests + retries) }
      if totals.requests == nil, let attempts = counts[.attempts] {
        totals.requests = whole(max(0, attempts - retries))
      }
    }
    totals.fates = table(Fate.allCases) { .fate($0) }
    totals.timeouts = table(TimeoutCategory.allCases) { .timeout($0) }
    totals.errors = errors.isEmpty ? nil : errors.compactMapValues { whole($0) }
    return totals == .none ? nil : totals
  }

  private func table<Key: Hashable>(_ keys: [Key], _ target: (Key) -> MetricTarget) -> [Key: UInt64]? {
    var table: [Key: UInt64] = [:]
    for key in keys { table[key] = whole(counts[target(key)]) }
    return table.isEmpty ? nil : table
  }

  private func breaker(name: String?) -> ReportedBreaker? {
    let states = BreakerState.allCases.filter { (levels[.breaker($0)] ?? 0) > 0 }
    guard let worst = states.max(by: { $0.severity < $1.severity }) else { return nil }
    var breaker = ReportedBreaker(name: name, state: worst)
    breaker.notPermitted = whole(counts[.notPermitted])
    breaker.failureRatio = levels[.failureRatio].map { $0.clamped(to: 0...1) }
    return breaker
  }
}

/// A level as a number of things; nil for one that no Int holds.
private func whole(_ value: Double?) -> Int? { value.flatMap { Int(exactly: $0.rounded()) } }

/// A count as a whole number; nil for one that 64 bits do not hold.
private func whole(_ value: Double?) -> UInt64? { value.flatMap { UInt64(exactly: $0.rounded(.down)) } }
