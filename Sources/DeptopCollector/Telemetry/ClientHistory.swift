internal import DeptopModel

/// One client's word on one dependency: its last report, and what it counted lately.
struct ClientHistory: Sendable, Hashable {
  /// Counts that began at most this long ago belong to the first window.
  static let youngest = Duration.seconds(60)

  private(set) var client: ClientIdentity
  private(set) var report: ClientReport
  private(set) var source: SourceID
  private(set) var observedAt: WallTime
  private(set) var window = CallWindow()
  /// The breaker with what was seen of it over time; nil when the client reports none.
  private(set) var breaker: BreakerReading?
  private var countingSince: WallTime?
  private var readAt: WallTime

  /// Begins with a first report, which has a window only when its counts are young.
  init(_ observation: ClientObservation, from source: SourceID, at now: WallTime) {
    client = observation.client
    report = observation.report
    self.source = source
    observedAt = now
    readAt = observation.readAt ?? now
    countingSince = observation.countingSince
    breaker = BreakerReading(observation.report.breaker, of: client.name, after: nil, at: now)
    guard let began = observation.countingSince, readAt > began, readAt - began <= ClientHistory.youngest else {
      return
    }
    window.append(CallDelta(from: nil, to: report, over: readAt - began))
  }

  /// Takes the next report.
  ///
  /// - Returns: What was counted since the one before; nil when no time has passed.
  mutating func record(_ observation: ClientObservation, from source: SourceID, at now: WallTime) -> CallDelta? {
    let read = observation.readAt ?? now
    let hasBegunAnew = observation.countingSince != countingSince
    var delta: CallDelta?
    if read > readAt {
      let begun = hasBegunAnew ? nil : report
      delta = CallDelta(from: begun, to: observation.report, over: read - readAt)
      if let delta { window.append(delta) }
    }
    breaker = BreakerReading(observation.report.breaker, of: observation.client.name, after: breaker, at: now)
    client = observation.client
    report = observation.report
    self.source = source
    observedAt = now
    readAt = max(readAt, read)
    countingSince = observation.countingSince
    return delta
  }

  /// The pool as the screen shows it; nil when the client does not say how many connections are in use.
  var pool: PoolReading? {
    guard let pool = report.pool, let active = pool.active else { return nil }
    return PoolReading(
      client: client.name, active: active, idle: pool.idle, transitional: pool.transitional ?? 0,
      pending: pool.pending, max: pool.max, oldestWait: pool.oldestWait,
      maximumLifetime: report.policy?.maximumLifetime)
  }

  /// What the client did in its own window; nil before there is one.
  var calls: CallReading? {
    guard let total = window.total, report.hasCalls else { return nil }
    return CallReading(
      window: total.interval, counts: total.counts, responseTime: LatencySummary(total.responseTime),
      waitTime: LatencySummary(total.waitTime),
      phases: total.phases.isEmpty ? nil : total.phases.compactMapValues { LatencySummary($0) },
      waiting: report.waiting, oldestWaiting: report.oldestWaiting)
  }
}

extension ClientReport {
  /// True when it says anything of calls, so that a window without any means no traffic.
  var hasCalls: Bool {
    totals != nil || responseTime != nil || waitTime != nil || phases != nil || waiting != nil
  }
}

extension BreakerReading {
  /// A breaker as reported, with the transitions that the client tells or, where it tells none, that deptop saw.
  fileprivate init?(_ reported: ReportedBreaker?, of client: String, after earlier: BreakerReading?, at now: WallTime) {
    guard let reported else { return nil }
    var seen = earlier?.transitions ?? []
    if let earlier, earlier.state != reported.state {
      seen.append(
        BreakerTransition(
          at: reported.since ?? now, from: earlier.state, to: reported.state, reason: reported.reason))
    }
    let transitions = (reported.transitions ?? seen).suffix(BreakerReading.transitionsKept)
    self.init(
      client: client, name: reported.name, state: reported.state,
      since: reported.since ?? transitions.last.map(\.at), reason: reported.reason ?? transitions.last?.reason,
      notPermitted: reported.notPermitted, failureRatio: reported.failureRatio, openWait: reported.openWait,
      transitions: Array(transitions))
  }
}
