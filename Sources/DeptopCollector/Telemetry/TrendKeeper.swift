internal import DeptopModel

/// Follows one dependency's calls from window to window: what is usual, and when trouble began.
///
/// Bounded: five minutes of windows, five seconds apart, and a few moments.
struct TrendKeeper: Sendable {
  /// Response time / usual one at the 95th percentile from which responses are slow, so that a doubling is seen
  /// through its noise; and at the median down to which they have come back.
  static let slow = 1.8
  static let recovered = 1.2
  /// Failed / ended requests, and requests that succeed / usual share of them, from which a dependency is unavailable.
  static let unavailable = 0.10
  static let leastSuccess = 0.50
  /// How long nothing must be wrong for an episode to end, and how long responses may be slow, with nothing else
  /// wrong, before that is what is usual.
  static let calm = Duration.seconds(30)
  static let patience = Duration.seconds(600)

  private var keeper = UsualKeeper()
  private var slowness = Persistence()
  private var recovery = Persistence()
  private var saturation = Persistence()
  private var unavailability = Persistence()
  private var episode: CallEpisode?
  private var lastTroubleAt: WallTime?
  /// The most answers in a second in the episode.
  private var mostAnswered: Double?
  private var waiting: [(at: WallTime, callers: Int)] = []
  private(set) var trend: CallTrend?

  /// Takes the next window.
  mutating func record(_ sample: TrendSample, at now: WallTime) {
    let ratio = slowRatio(sample)
    slowness.record(ratio.map { $0 >= TrendKeeper.slow } ?? false, at: now)
    if let ratio, ratio >= TrendKeeper.slow {
      recovery = Persistence()
    } else {
      recovery.record(hasRecovered(sample), at: now)
    }
    saturation.record(sample.isSaturated, at: now)
    unavailability.record(isUnavailable(sample), at: now)
    follow(at: now)
    if let answered = sample.answered, episode != nil { mostAnswered = max(mostAnswered ?? 0, answered) }
    if episode == nil, isHealthy(sample, ratio) { keeper.record(sample, at: now) }
    let before = waitingBefore(sample.callersWaiting, at: now)
    let capacity = [keeper.mostAnswered, mostAnswered].compactMap(\.self).max()
    trend = CallTrend(usual: keeper.usual, episode: episode, capacity: capacity, waitingBefore: before)
  }

  private func slowRatio(_ sample: TrendSample) -> Double? {
    guard let usual = keeper.usual, usual.isEstimated == sample.isEstimated, let p95 = sample.p95,
      let base = usual.p95?.seconds, base > 0
    else { return nil }
    return p95 / base
  }

  private func hasRecovered(_ sample: TrendSample) -> Bool {
    guard let p50 = sample.p50, let base = keeper.usual?.p50?.seconds else { return false }
    return p50 <= base * TrendKeeper.recovered
  }

  private func isUnavailable(_ sample: TrendSample) -> Bool {
    guard let ratio = sample.errorRatio else { return false }
    let usual = keeper.usual?.errorRatio ?? 0
    return ratio >= max(TrendKeeper.unavailable, usual * 2)
      || 1 - ratio < TrendKeeper.leastSuccess * (1 - usual)
  }

  /// False for a window that may be the first of an episode, and for an outage that was there before deptop.
  private func isHealthy(_ sample: TrendSample, _ ratio: Double?) -> Bool {
    if sample.isSaturated { return false }
    guard keeper.usual != nil else { return (sample.errorRatio ?? 0) <= TrendKeeper.leastSuccess }
    return (ratio ?? 0) < TrendKeeper.slow && !isUnavailable(sample)
  }

  private mutating func follow(at now: WallTime) {
    let sinces = [slowness.since, saturation.since, unavailability.since]
    guard sinces.contains(where: { $0 != nil }) else {
      if let lastTroubleAt, now - lastTroubleAt >= TrendKeeper.calm { endEpisode() }
      return
    }
    if episode == nil {
      guard keeper.usual != nil else { return }
      keeper.beginEpisode()
    }
    lastTroubleAt = now
    var current = episode ?? CallEpisode()
    current.slowSince = current.slowSince ?? slowness.since
    current.saturatedSince = current.saturatedSince ?? saturation.since
    current.unavailableSince = current.unavailableSince ?? unavailability.since
    if slowness.isHeld {
      current.slowUntil = nil
    } else if current.slowSince != nil {
      current.slowUntil = current.slowUntil ?? recovery.since
    }
    episode = current
    if isNowUsual(at: now) { (keeper, slowness) = (UsualKeeper(), Persistence()) }
  }

  /// True when all that is wrong is that responses are slower than they once were, for so long that it is a new normal.
  private func isNowUsual(at now: WallTime) -> Bool {
    guard let since = slowness.since, saturation.since == nil, unavailability.since == nil else { return false }
    return now - since >= TrendKeeper.patience
  }

  private mutating func endEpisode() {
    (episode, lastTroubleAt, mostAnswered) = (nil, nil, nil)
  }

  /// How many callers waited 10 s ago, or when counting began.
  private mutating func waitingBefore(_ callers: Int?, at now: WallTime) -> Int? {
    guard let callers else {
      waiting = []
      return nil
    }
    waiting.append((now, callers))
    while waiting.count > 2, now - waiting[1].at >= .seconds(10) { waiting.removeFirst() }
    if waiting.count > 24 { waiting.remove(at: waiting.count - 2) }
    return waiting.count > 1 ? waiting.first?.callers : nil
  }
}
