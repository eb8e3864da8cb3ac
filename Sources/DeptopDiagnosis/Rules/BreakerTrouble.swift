package import DeptopModel

/// M16: a breaker that rejects calls, does not let go, or opens and closes over and over.
package struct BreakerTrouble: Rule {
  package static let id: RuleID = "M16"
  package static let title = "Breaker trouble: breaker open, stuck open, or breaker flapping"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks at each client's breaker. Open or forced open: its callers are rejected now, which is critical. Stuck open: \
    open for more than three times its own wait while every probe of the dependency connects. Flapping: 4 changes of \
    state or 3 openings in 10 minutes; a warning while it is closed, critical while it is open.
    An opening counts for flapping only beside another one that came after the breaker had closed: a breaker that \
    fails its trials is doing its work. Changes into and out of forced-open and disabled are an operator's and do not \
    count.
    Stuck open is proved wrong by a failing probe; flapping by an operator's changes. Proved wrong by calls that pass \
    and none that is rejected: then the breaker is reported open and is not asked.
    Remedy: stuck open: half-open, or close, once the dependency answers (some breakers leave open only with the \
    next call). Flapping: more calls before it judges, a longer wait, a slower return of traffic.
    """

  static let flappingWindow = Duration.seconds(600)
  static let flappingChanges = 4
  static let flappingOpenings = 3
  /// Openings from closed without which a breaker is at work rather than flapping.
  static let flappingFromClosed = 2
  /// Time open / the breaker's own wait.
  static let stuckWaits = 3

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    let troubled = dependency.breakers.compactMap { TroubledBreaker($0, of: dependency, at: now) }
    guard let worst = troubled.max(by: { $0.rank < $1.rank }) else { return nil }
    let grounds = worst.grounds
    let remedy = worst.remedy
    return Finding(
      rule: BreakerTrouble.id, dependency: dependency.id, level: worst.isRejecting ? .critical : .warning,
      text: worst.text(among: dependency.breakers.map(\.value)), textSince: worst.isRejecting ? worst.since : nil,
      since: now, evidence: grounds.evidence, notFound: grounds.notFound, confidence: grounds.confidence,
      action: remedy == nil ? nil : .breaker, actionLabel: remedy)
  }
}
