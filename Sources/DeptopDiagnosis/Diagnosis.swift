package import DeptopModel

/// Runs every rule over every dependency and carries the findings from tick to tick.
package struct Diagnosis: Sendable {
  private let rules: [any Rule]
  private var lifecycle: FindingLifecycle

  package init(rules: [any Rule.Type] = RuleRegistry.all) {
    self.rules = rules.map { $0.init() }
    lifecycle = FindingLifecycle(
      ticksNeeded: Dictionary(rules.map { ($0.id, $0.ticksNeeded) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The findings of this tick: those that are open first, of these the worst first, then by dependency;
  /// on one dependency what explains the others comes first.
  package mutating func findings(for dependencies: [Dependency], at now: WallTime) -> [Finding] {
    var held: [Finding] = []
    for index in dependencies.indices {
      for rule in rules {
        if let finding = rule.finding(for: dependencies[index], at: now) { held.append(finding) }
      }
    }
    return lifecycle.advance(with: held, at: now).sorted { left, right in
      (left.isOver, right.level, left.dependency, left.order, left.rule)
        < (right.isOver, left.level, right.dependency, right.order, right.rule)
    }
  }
}

extension Finding {
  /// 1 when the condition has ended, so that it sorts after those that go on.
  fileprivate var isOver: Int { state == .clearing ? 1 : 0 }
}
