import DeptopDiagnosis
import DeptopModel

/// A dependency that answers in 512 ms where 12 ms are usual, with a full pool and failing calls; what tests vary is in
/// its properties.
struct Slowed {
  var usual: UsualCalls? = UsualCalls(
    p50: .milliseconds(12), p95: .milliseconds(30), requests: 30, goodput: 30, answered: 30, errorRatio: 0)
  var episode: CallEpisode? = CallEpisode(
    slowSince: moment - .seconds(20), saturatedSince: moment - .seconds(17), unavailableSince: moment - .seconds(15))
  var response: Duration? = .milliseconds(512)
  var counts = CallTotals(requests: 300, attempts: 300, fates: [.success: 90, .timeout: 210])
  /// Values in the histogram; with a window of 10 s a tenth of it is answered in a second.
  var answers = 200
  var waiting: Int?
  var oldestWaiting: Duration?
  var waitingBefore: Int? = 10
  var pool: PoolReading? = PoolReading(client: "orders", active: 8, idle: 0, pending: 14, max: 8)
  var policy = Policy(deadline: .milliseconds(800), retries: 2)
  var sockets: SocketSummary?
  var hasCalls = true
  /// States that the breakers can be put into.
  var states: [BreakerState] = [.closed, .forcedOpen]

  /// A dependency that is well again, while every caller still waits too long.
  static var metastable: Slowed {
    var made = Slowed()
    made.response = .milliseconds(12)
    made.answers = 400
    made.counts = CallTotals(requests: 300, attempts: 400, fates: [.success: 9, .timeout: 291], late: 388)
    made.pool = PoolReading(
      client: "orders", active: 8, idle: 0, pending: 640, max: 8, oldestWait: .seconds(16))
    made.episode?.slowUntil = moment - .seconds(10)
    made.waitingBefore = 600
    return made
  }

  var dependency: Dependency {
    var made = DeptopDiagnosisTests.dependency()
    if hasCalls {
      made.calls = Reading(
        reported: CallReading(
          window: .seconds(10), counts: counts, responseTime: times, waiting: waiting, oldestWaiting: oldestWaiting))
    }
    made.trend = CallTrend(usual: usual, episode: episode, capacity: usual?.answered, waitingBefore: waitingBefore)
    made.pools = [pool].compactMap(\.self).map { Reading(reported: $0) }
    made.policy = policy
    made.sockets = sockets.map { Reading($0, source: "kernel", observedAt: moment) }
    made.actions = [ActionOffer(verb: .breaker, breakerStates: states)]
    return made
  }

  private var times: LatencySummary? {
    guard let response, answers > 0 else { return nil }
    var histogram = Histogram()
    for _ in 0..<answers { histogram.record(response) }
    return LatencySummary(.exponential(histogram))
  }

  /// Established connections and how many of them wait for a reply since a time.
  static func sockets(
    _ established: Int, waiting: Int = 0, age: Duration = .seconds(3), idle: Int = 0, replies: Duration? = nil
  ) -> SocketSummary {
    var conditions = SocketConditions()
    conditions.waiting = waiting
    conditions.waitingSince = waiting > 0 ? moment - age : nil
    conditions.replies = replies.map {
      ReplyEstimate(median: $0, slowest: $0, samples: 20, resolution: .seconds(1))
    }
    return SocketSummary(
      established: established, connecting: 0, closing: 0, idle: idle, oldestSince: nil, isOldestOlder: false,
      rttMedian: nil, retransmits: 0, clients: [], addresses: [], conditions: conditions)
  }

  func finding(_ rule: some Rule) -> Finding? { rule.finding(for: dependency, at: moment) }
}
