internal import DeptopControl
internal import DeptopModel

/// What open findings of a dependency say against an action on it, or for a gentler one.
struct PlanObjection: Sendable {
  let request: PlanRequest
  let targets: [PlanTarget]
  /// Those of the dependency that are open.
  private let findings: [Finding]

  /// - Parameters:
  ///   - request: What is asked for.
  ///   - targets: The connections that it is about.
  ///   - findings: Those of the latest snapshot, of any dependency.
  init(_ request: PlanRequest, _ targets: [PlanTarget], findings: [Finding]) {
    self.request = request
    self.targets = targets
    self.findings = findings.filter { $0.dependency == request.dependency && $0.state == .open }
  }

  /// Why the action would not cure; nil when nothing says so.
  ///
  /// What replaces stale connections cures something, whatever else is wrong.
  var reason: String? {
    guard !curesSomething else { return nil }
    let verbs = verbs
    let against = findings.first { finding in
      finding.prohibition.map { prohibition in prohibition.verbs.contains(where: verbs.contains) } ?? false
    }
    return against.flatMap { finding in
      finding.prohibition.map { "\(request.verb.rawValue) refused by finding \(finding.rule): \($0.reason)" }
    }
  }

  /// The step that would do less and cure as well; nil when there is none, or it is asked for already.
  func gentler(owner answers: [IPAddress]?, current: [IPAddress], awaitsNames: Bool) -> [PlanLine] {
    let rules = Set(findings.map(\.rule))
    let proves = request.verb == .drain && request.scope == .all && !rules.isDisjoint(with: PlanObjection.unproved)
    let drifts = request.verb == .drain && request.scope == .all && rules.contains(PlanObjection.drift)
    let isCached =
      request.verb == .drain && !awaitsNames && rules.contains(PlanObjection.drift) && !current.isEmpty
      && answers.map { !$0.isEmpty && Set($0).isDisjoint(with: current) } ?? false
    return [
      proves ? "prove which are dead (K, deptop repair --method prove): only those close, and none that works" : nil,
      drifts ? "--scope stale: only those on addresses that left DNS" : nil,
      isCached
        ? "flush first (R, deptop resolve): the client still has the old answer "
          + "(\((answers ?? []).map(\.description).joined(separator: ", "))), and would go there again" : nil,
    ].compactMap { $0.map { PlanLine("gentler", $0) } }
  }

  func gentler(in dependency: Dependency, awaitsNames: Bool) -> [PlanLine] {
    let resolution = dependency.resolution
    return gentler(
      owner: resolution?.owner?.value.addresses, current: resolution?.addresses ?? [], awaitsNames: awaitsNames)
  }

  /// The findings on dead paths, which a probe tells apart from live ones, and the one on addresses that left DNS.
  private static let unproved: Set<RuleID> = ["M01", "M03"]
  private static let drift: RuleID = "M04"

  private var curesSomething: Bool {
    switch request.verb {
    case .drain: request.scope == .stale && targets.contains { $0.isStale || $0.isDead }
    case .repair:
      request.repair == .close
        && (targets.allSatisfy(\.isDead) || request.scope == .stale && targets.contains { $0.isStale || $0.isDead })
    case .resolve, .breaker: false
    }
  }

  /// The verbs that a prohibition may name: closing what lives is a drain by other means.
  private var verbs: Set<ActionVerb> {
    request.verb == .repair && request.repair == .close ? [.repair, .drain] : [request.verb]
  }
}
