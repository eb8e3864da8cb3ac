package import DeptopModel

/// M07: retries multiply the load on a dependency.
package struct RetryAmplification: Rule {
  package static let id: RuleID = "M07"
  package static let title = "Retry amplification: a retry storm multiplies the load"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks at retries / requests over the clients' latest window; requests that a breaker rejected were not sent and \
    do not count. Above 10 % it is a warning (the budget for one client in Google's SRE book), above 20 % a retry \
    storm (the default retry budget of Envoy and of Finagle). It is critical when every request is sent twice on \
    average, or in a storm in which 5 % of the requests fail.
    More attempts a request than the client's policy allows mean that several layers retry: their attempts multiply \
    (three layers of three attempts make 27).
    Silent below 50 requests sent in the window, and when clients do not count attempts.
    Proved wrong by attempts without any failure: that is hedging, not retrying. A rise of first attempts is plain \
    load and raises no ratio.
    Remedy: retry in one layer only, with a budget and full jitter; open the breaker while the dependency cannot \
    answer. Draining the pool does not help.
    """

  /// Requests sent in the window below which a ratio says little.
  static let leastRequests: UInt64 = 50
  static let warning = 0.10
  static let storm = 0.20
  static let doubled = 1.0
  /// Failed / ended requests from which callers suffer.
  static let suffering = 0.05
  /// Attempts / those that the policy allows from which more than one layer retries.
  static let layered = 1.05
  /// How far first attempts may be from the usual ones to be the same load.
  static let sameLoad = 0.15

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let calls = dependency.calls, let retries = Retries(calls.value),
      retries.sent >= RetryAmplification.leastRequests, retries.ratio > RetryAmplification.warning
    else { return nil }
    let grounds = retries.grounds(
      policy: dependency.policy, usual: dependency.trend?.usual?.requests, source: calls.source)
    return Finding(
      rule: RetryAmplification.id, dependency: dependency.id, level: retries.level,
      text: retries.text + "; " + (dependency.policy?.limit(of: retries) ?? "more than 10 % is too much")
        + (UpstreamCause(of: dependency, at: now)?.text ?? ""), since: now,
      evidence: grounds.evidence, notFound: grounds.notFound, confidence: grounds.confidence)
  }
}

/// The retries of a window.
private struct Retries {
  let calls: CallReading
  /// Requests that were sent.
  let sent: UInt64
  let retries: UInt64
  let ratio: Double

  init?(_ calls: CallReading) {
    guard let attempts = calls.counts.attempts, let requests = calls.counts.requests else { return nil }
    self.calls = calls
    sent = requests - min(requests, calls.counts.fates?[.rejected] ?? 0)
    retries = attempts - min(attempts, sent)
    guard sent > 0 else { return nil }
    ratio = Double(retries) / Double(sent)
  }

  var level: Level {
    let areCallersSuffering = (calls.errorRatio ?? 0) >= RetryAmplification.suffering
    let isStorm = ratio > RetryAmplification.storm
    return ratio >= RetryAmplification.doubled || isStorm && areCallersSuffering ? .critical : .warning
  }

  var text: String {
    let name = ratio > RetryAmplification.storm ? "retry storm" : "retry amplification"
    let share = "+" + ratio.percent
    let added = calls.rate(retries).map { "\($0.words) req/s (\(share))" } ?? share
    return "\(name): retries add \(added): \((ratio + 1).words) attempts per request"
  }

  func grounds(policy: Policy?, usual: Double?, source: SourceID) -> Grounds {
    var grounds = Grounds([
      Evidence(
        reading: "retries / requests", value: "\(retries) / \(sent) in \(calls.window.words)",
        threshold: RetryAmplification.warning.percent, source: source)
    ])
    grounds.support(failures(source))
    grounds.support(exhausted(source))
    grounds.support(overBudget(policy?.retryBudget, source))
    grounds.support(layers(policy, source))
    grounds.support(usual.flatMap { sameLoad($0, source) })
    if let isHedging {
      let hedged = Evidence(reading: "failures that a retry could follow", value: "0", source: source)
      grounds.refute(isHedging ? hedged : nil, lookingFor: "attempts without any failure (hedging)")
    }
    return grounds
  }

  private func failures(_ source: SourceID) -> Evidence? {
    guard let ratio = calls.errorRatio, ratio >= RetryAmplification.suffering else { return nil }
    return Evidence(
      reading: "requests that failed", value: ratio.percent, threshold: RetryAmplification.suffering.percent,
      source: source)
  }

  private func exhausted(_ source: SourceID) -> Evidence? {
    guard let count = calls.counts.fates?[.retriesExhausted], count > 0 else { return nil }
    return Evidence(reading: "requests that ran out of retries", value: "\(count)", source: source)
  }

  private func overBudget(_ budget: Double?, _ source: SourceID) -> Evidence? {
    guard let budget, ratio > budget else { return nil }
    return Evidence(
      reading: "retries over the client's own budget", value: ratio.percent, threshold: budget.percent, source: source)
  }

  /// Attempts per request.
  var attempts: Double { ratio + 1 }

  /// True when a request is sent more often than its client's policy allows: another layer retries too.
  func areLayered(under policy: Policy?) -> Bool {
    policy?.retries.map { attempts > (Double(max(0, $0)) + 1) * RetryAmplification.layered } ?? false
  }

  private func layers(_ policy: Policy?, _ source: SourceID) -> Evidence? {
    guard areLayered(under: policy), let retries = policy?.retries else { return nil }
    return Evidence(
      reading: "attempts per request, over what the policy allows", value: attempts.words,
      threshold: "\(retries.addingSaturated(1))", source: source)
  }

  /// First attempts as always: then what was added is retries alone.
  private func sameLoad(_ usual: Double, _ source: SourceID) -> Evidence? {
    guard let requests = calls.rate(calls.counts.requests), usual > 0,
      (requests / usual - 1).magnitude <= RetryAmplification.sameLoad
    else { return nil }
    return Evidence(
      reading: "first attempts", value: "\(requests.words) /s, usually \(usual.words) /s", source: source)
  }

  /// True when nothing failed that could have been retried; nil when clients do not tell.
  private var isHedging: Bool? {
    guard let fates = calls.counts.fates else { return nil }
    let others = calls.counts.errors?.values.contains { $0 > 0 } ?? false
    let late = calls.counts.timeouts?.values.contains { $0 > 0 } ?? false
    return !others && !late && fates.allSatisfy { $0.key == .success || $0.value == 0 }
  }
}

extension Policy {
  /// What limits retries, as far as the client says, or that it limits nothing because layers retry on each other.
  fileprivate func limit(of made: Retries) -> String? {
    if made.areLayered(under: self), let retries {
      return
        "\(made.attempts.words) attempts a request; the policy allows \(retries.addingSaturated(1)): layers multiply"
    }
    if let retryBudget { return "the budget is \(retryBudget.percent)" }
    return retries.map { "\($0) retries are allowed, and no budget limits them" }
  }
}
