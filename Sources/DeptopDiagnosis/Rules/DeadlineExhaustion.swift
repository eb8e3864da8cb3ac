package import DeptopModel

/// M15: requests reach their deadline, or are configured so that they must.
package struct DeadlineExhaustion: Rule {
  package static let id: RuleID = "M15"
  package static let title = "Deadline exhaustion: requests reach their deadline, or time limits are inverted"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks at the requests that reached their deadline in the clients' latest window: from 5 % of at least 20 requests \
    it is a warning, from 20 % on critical (deptop's own step: one caller in five). Time limits of single attempts, of \
    connecting and of waiting for a connection are counted apart and never taken for it.
    Looks also at time limits that are inverted, whatever happens now: a pool that lets callers wait as long as the \
    whole request may take, or attempts whose time limits add up to more than the deadline. That alone is a warning.
    Silent when clients do not tell deadlines from other time limits and name no deadline.
    Proved wrong by response and wait times that stay below half of the deadline: then the time is spent before the \
    call, and the caller arrives with little left. Batch jobs may be meant to run into their deadline.
    Remedy: pass the rest of the deadline on with each call; limit each attempt, and the wait for a connection, to \
    what is left.
    """

  static let leastRequests: UInt64 = 20
  static let warning = 0.05
  static let critical = 0.20

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    let inversions = dependency.policy?.inversions ?? []
    guard let calls = dependency.calls, let late = LateRequests(calls.value, dependency.policy) else {
      return .inversion(inversions, of: dependency, at: now)
    }
    let grounds = late.grounds(inversions, source: calls.source)
    return Finding(
      rule: DeadlineExhaustion.id, dependency: dependency.id,
      level: late.share >= DeadlineExhaustion.critical ? .critical : .warning,
      text: ([late.text] + inversions).joined(separator: "; "), since: now, evidence: grounds.evidence,
      notFound: grounds.notFound, confidence: grounds.confidence)
  }
}

/// The requests of a window that reached their deadline.
private struct LateRequests {
  let calls: CallReading
  let late: UInt64
  let requests: UInt64
  let deadline: Duration?

  /// Late / all requests, 0…1.
  var share: Double { min(1, Double(late) / Double(requests)) }

  /// nil when they are few, or not counted.
  init?(_ calls: CallReading, _ policy: Policy?) {
    guard let late = calls.counts.timeouts?[.deadline], let requests = calls.counts.requests ?? calls.ended,
      requests >= DeadlineExhaustion.leastRequests,
      Double(late) >= DeadlineExhaustion.warning * Double(requests)
    else { return nil }
    (self.calls, self.late, self.requests, deadline) = (calls, late, requests, policy?.deadline)
  }

  var text: String {
    let limit = deadline.map { "their deadline of \($0.words)" } ?? "their deadline"
    return "deadline exhaustion: \(share.percent) of requests reach \(limit)"
  }

  func grounds(_ inversions: [String], source: SourceID) -> Grounds {
    var grounds = Grounds([
      Evidence(
        reading: "requests that reached their deadline", value: "\(late) of \(requests) in \(calls.window.words)",
        threshold: DeadlineExhaustion.warning.percent, source: source)
    ])
    for (name, time) in times {
      grounds.support(isLong(time) ? evidence(name, time, source) : nil)
    }
    for inversion in inversions {
      grounds.support(Evidence(reading: "inverted time limits", value: inversion, source: source))
    }
    grounds.support(wasted(source))
    if deadline != nil, let longest = times.max(by: { $0.time < $1.time }) {
      grounds.refute(
        isLong(longest.time) ? nil : evidence(longest.name, longest.time, source),
        lookingFor: "response and wait times below half of the deadline")
    }
    return grounds
  }

  /// Answers that nobody waited for any more.
  private func wasted(_ source: SourceID) -> Evidence? {
    guard let share = calls.wasted, share >= DeadlineExhaustion.warning else { return nil }
    return Evidence(
      reading: "answers that came too late", value: share.percent, threshold: DeadlineExhaustion.warning.percent,
      source: source)
  }

  private var times: [(name: String, time: Duration)] {
    [("response time at p99", calls.responseTime), ("wait for a connection at p99", calls.waitTime)]
      .compactMap { name, summary in summary.map { (name, $0.p99.value) } }
  }

  private func isLong(_ time: Duration) -> Bool { deadline.map { time * 2 >= $0 } ?? false }

  private func evidence(_ name: String, _ time: Duration, _ source: SourceID) -> Evidence {
    Evidence(reading: name, value: time.words, threshold: deadline.map { ($0 / 2).words }, source: source)
  }
}

extension Policy {
  /// Time limits that cannot be reached before the deadline, in words; empty when there are none.
  fileprivate var inversions: [String] {
    guard let deadline else { return [] }
    var found: [String] = []
    if let acquireTimeout, acquireTimeout >= deadline {
      found.append("callers may wait \(acquireTimeout.words) for a connection, the deadline is \(deadline.words)")
    }
    let attempts = Double(max(0, retries ?? 0)) + 1
    if let readTimeout, readTimeout.seconds * attempts > deadline.seconds {
      let limits = attempts == 1 ? "an attempt" : "\(attempts.words) attempts of \(readTimeout.words)"
      found.append("\(limits) may take \((readTimeout.seconds * attempts).time), the deadline is \(deadline.words)")
    }
    return found
  }
}

extension Double {
  /// Seconds as a time in words, whatever their number.
  fileprivate var time: String { magnitude < 1e12 ? Duration.seconds(self).words : "\(self) s" }
}

extension Finding {
  /// nil when nothing is inverted.
  fileprivate static func inversion(_ inversions: [String], of dependency: Dependency, at now: WallTime) -> Finding? {
    guard !inversions.isEmpty else { return nil }
    let source = dependency.calls?.source ?? dependency.breakers.first?.source ?? dependency.pools.first?.source
    var grounds = Grounds([])
    for inversion in inversions {
      grounds.support(Evidence(reading: "inverted time limits", value: inversion, source: source ?? "policy"))
    }
    return Finding(
      rule: DeadlineExhaustion.id, dependency: dependency.id, level: .warning,
      text: "timeout inversion: " + inversions.joined(separator: "; "), since: now, evidence: grounds.evidence,
      confidence: grounds.confidence)
  }
}
