internal import DeptopModel
internal import DeptopSources

/// Judges what is read during an action against the bounds of its plan: decisions without I/O.
struct AbortWatch: Sendable {
  /// How long counts of calls are looked back upon.
  static let callWindow = Duration.seconds(10)
  /// Times of new connections that are looked back upon, and how many of them may be too long.
  static let connectsKept = 20
  static let slowConnects = 1

  let bounds: AbortBounds
  let before: AbortReadings
  private var tried = 0
  private var failures: [String] = []
  private var failing = 0
  private var connects: [Duration] = []
  private var moreWaitingSince: Duration?
  private var calls: [(at: Duration, totals: CallTotals)] = []

  /// A watch that begins with an action.
  init(_ bounds: AbortBounds, before: AbortReadings) {
    self.bounds = bounds
    self.before = before
    if let totals = before.calls { calls = [(.zero, totals)] }
  }

  /// True when no new connection of this step has failed: then the next one may begin.
  var isClear: Bool { failures.isEmpty && failing == 0 }

  /// Begins to count a step's failures.
  mutating func beginStep() {
    tried = 0
    failures = []
    failing = 0
  }

  /// Takes what was read at a time since the action began, and the new connections that were tried.
  ///
  /// - Returns: Which bound is crossed, in one sentence; nil when none is.
  mutating func look(_ now: AbortReadings, tried attempts: [ConnectAttempt] = [], at time: Duration) -> String? {
    take(attempts)
    failing = max(failing, now.failingConnects - before.failingConnects)
    return failed(now) ?? slow ?? waiting(now, at: time) ?? breaker(now) ?? errors(now, at: time)
  }

  private mutating func take(_ attempts: [ConnectAttempt]) {
    tried += attempts.count
    failures += attempts.filter { $0.duration == nil }.map { "\($0.address): \($0.failure ?? "failed")" }
    connects = (connects + attempts.compactMap(\.duration)).suffix(AbortWatch.connectsKept)
  }

  private func failed(_ now: AbortReadings) -> String? {
    let count = failures.count + failing
    guard count > 0 else { return nil }
    let reasons = Set(failures).sorted().joined(separator: "; ")
    let text =
      "\(count) of \(max(tried + failing, count)) new connections failed" + (reasons.isEmpty ? "" : " (\(reasons))")
    if count >= AbortBounds.failedConnects { return text }
    guard let ready = now.ready, let all = before.ready, ready < (all + 1) / 2 else { return nil }
    return "\(text) while \(ready) of \(all) connections work"
  }

  /// More than one in twenty: with so few samples two stand for the 95th percentile.
  private var slow: String? {
    let slow = connects.filter { $0 > bounds.connectLimit }
    guard slow.count > AbortWatch.slowConnects, let slowest = slow.max() else { return nil }
    return "\(slow.count) of the latest \(connects.count) new connections took more than "
      + "\(bounds.connectLimit.inWords) (slowest \(slowest.inWords))"
  }

  private mutating func waiting(_ now: AbortReadings, at time: Duration) -> String? {
    let limit = max(bounds.callersWaiting ?? 0, before.callersWaiting ?? 0)
    guard let waiting = now.callersWaiting, waiting > limit else {
      moreWaitingSince = nil
      return nil
    }
    let since = moreWaitingSince ?? time
    moreWaitingSince = since
    guard time - since >= AbortBounds.waiting else { return nil }
    return "\(waiting) callers have waited for \((time - since).inWords), \(limit) before"
  }

  private func breaker(_ now: AbortReadings) -> String? {
    let opened = now.openBreakers.subtracting(before.openBreakers).sorted()
    return opened.isEmpty ? nil : "the breaker of \(opened.joined(separator: ", ")) opened"
  }

  private mutating func errors(_ now: AbortReadings, at time: Duration) -> String? {
    guard let totals = now.calls else { return nil }
    guard let start = calls.first, let counted = totals.subtracting(start.totals) else {
      calls = [(time, totals)]  // A client has begun anew: what it counted before is gone.
      return nil
    }
    calls.append((time, totals))
    while calls.count > 1, time - calls[1].at >= AbortWatch.callWindow { calls.removeFirst() }
    let reading = counted.over(time - start.at)
    guard let ended = reading.ended, let failed = reading.failed else { return nil }
    let baseline = bounds.errorBaseline ?? 0
    guard baseline < AbortBounds.outage else { return nil }
    guard ErrorRise(ended: ended, failed: failed, baseline: baseline).isCrossed else { return nil }
    return "\(failed) of \(ended) requests failed within \((time - start.at).inWords) "
      + "(\((reading.errorRatio ?? 0).asPercent), \(baseline.asPercent) before)"
  }
}

/// Failed requests against the ratio of before.
struct ErrorRise: Sendable {
  var ended: UInt64
  var failed: UInt64
  /// 0…1.
  var baseline: Double

  /// True when the ratio is two points or half as much higher, and more failed than chance explains: two standard
  /// deviations above what the ratio of before lets expect, and never a single one.
  var isCrossed: Bool {
    guard ended >= UInt64(AbortBounds.requests), failed > 1 else { return false }
    let (total, bad) = (Double(ended), Double(failed))
    let risen = min(baseline + AbortBounds.errorRise, baseline > 0 ? baseline * AbortBounds.errorFactor : 1)
    let chance = total * baseline + 2 * (total * baseline * (1 - baseline)).squareRoot()
    return bad / total > risen && bad > chance
  }
}

extension AbortBounds {
  /// What the operator reads of them.
  var line: PlanLine {
    let errors =
      errorBaseline.map {
        $0 < AbortBounds.outage ? "errors rise above \(($0 + AbortBounds.errorRise).asPercent), " : ""
      } ?? ""
    let waiting = callersWaiting.map { "more than \($0) callers wait for 3 s, " } ?? ""
    let crossed =
      "\(AbortBounds.failedConnects) new connections fail in a step or take more than \(connectLimit.inWords), "
      + "\(errors)\(waiting)a breaker opens"
    guard canStop else {
      return PlanLine("tells if", "\(crossed); it cannot stop then, as all is told at once")
    }
    return PlanLine("stops if", "\(crossed), or it takes more than \(Int(timeLimit.seconds.rounded(.up))) s")
  }
}

extension Double {
  /// A share as `2.4 %`.
  var asPercent: String { "\((self * 1000).rounded() / 10) %" }
}
