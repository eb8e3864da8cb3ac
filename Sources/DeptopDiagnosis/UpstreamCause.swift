internal import DeptopModel

/// What another rule says of the dependency itself, which makes pools, retries and deadlines its consequence.
struct UpstreamCause {
  let finding: Finding

  /// nil when the dependency is neither slow nor in a metastable overload.
  init?(of dependency: Dependency, at now: WallTime) {
    let rules: [any Rule] = [MetastableOverload(), SlowUpstream()]
    guard let finding = rules.lazy.compactMap({ $0.finding(for: dependency, at: now) }).first else { return nil }
    self.finding = finding
  }

  /// `; the cause: slow upstream (M13)`.
  var text: String { "; the cause: \(name) (\(finding.rule))" }

  private var name: String { finding.rule == MetastableOverload.id ? "metastable overload" : "slow upstream" }
}

extension Finding {
  /// Where a finding stands among those of its dependency: what explains the others comes first.
  var order: Int {
    let causes: [RuleID] = [MetastableOverload.id, SlowUpstream.id]
    return causes.firstIndex(of: rule) ?? causes.count
  }
}
