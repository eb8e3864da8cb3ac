package import DeptopConfiguration
package import DeptopWire

/// How far one scenario has come: a pure decision about what comes next.
package struct ScenarioPlay: Sendable {
  package let scenario: Scenario
  private let number: Int
  private let count: Int
  private var stage = Stage.calm(since: nil)
  /// When something was told last, and whether it was that nothing comes.
  private var toldAt: Int64?
  private var isOverdue = false

  private enum Stage: Sendable, Hashable {
    /// Waits until the callers are well; since when they are.
    case calm(since: Int64?)
    /// The step that is looked at, and since when.
    case step(Int, since: Int64)
    /// Everything was changed, and the callers do not suffer enough yet.
    case breaking
    case broken(since: Int64)
    case healed
  }

  /// What is to be done next.
  package enum Effect: Sendable, Hashable {
    /// Break or mend, in the words of `deptop lab fault`.
    case apply([String])
    case tell(LabScene)
  }

  /// What is known about the scenario's dependency now.
  package struct Sight: Sendable {
    /// The share of failures of the callers' requests that ended in the latest of such a time, 0…1.
    ///
    /// nil while there were too few.
    package var failures: @Sendable (Duration) -> Double?
    /// Rules with an open finding on it; nil while the collector does not answer.
    package var findings: Set<String>?

    package init(findings: Set<String>?, failures: @escaping @Sendable (Duration) -> Double?) {
      self.findings = findings
      self.failures = failures
    }
  }

  /// A share of failures at which callers are well all the same.
  package static let usualFailures = 0.01
  /// Callers have to be well for that long before anything is broken.
  package static let shortestCalm = Duration.seconds(3)
  /// How long callers may take to be well, or to suffer, before it is told that they do not: twice what the slowest
  /// scenario takes, whose rule waits for 30 s.
  package static let patience = Duration.seconds(90)

  package init(_ scenario: Scenario, number: Int, of count: Int) {
    self.scenario = scenario
    self.number = number
    self.count = count
  }

  /// Seconds since callers suffer; nil unless they do.
  package func suffering(at now: Int64) -> Double? {
    guard case .broken(let since) = stage else { return nil }
    return Double(now - since) / 1_000_000
  }

  package var isHealed: Bool { stage == .healed }

  /// What is to be done before the first look.
  package func opening() -> [Effect] {
    let preparation: [Effect] = scenario.preparation.isEmpty ? [] : [.apply(scenario.preparation)]
    return preparation + [tell(.healthy, "All is well with \(scenario.dependency); something is about to break.")]
  }

  /// Takes a look, and says what is to be done.
  ///
  /// - Parameters:
  ///   - now: Microseconds of the lab's clock.
  ///   - sight: What is known now.
  /// - Returns: What is to be done, in this order.
  package mutating func look(at now: Int64, _ sight: Sight) -> [Effect] {
    let effects = advance(at: now, sight)
    guard effects.isEmpty, let toldAt else {
      (toldAt, isOverdue) = (now, false)
      return effects
    }
    guard !isOverdue, now - toldAt >= Self.patience.microseconds, let complaint else { return [] }
    isOverdue = true
    return [complaint]
  }

  /// What is told when nothing comes; nil where nothing is waited for.
  private var complaint: Effect? {
    let rest = count > 1 ? " L goes on to the next." : ""
    let time = "within \(Self.patience.components.seconds) s"
    switch stage {
    case .calm: return tell(.healthy, "The callers of \(scenario.dependency) are not well \(time); this waits.\(rest)")
    case .breaking: return tell(.brewing, "It did not break on this machine \(time), and still may.\(rest)")
    case .step, .broken, .healed: return nil
    }
  }

  private mutating func advance(at now: Int64, _ sight: Sight) -> [Effect] {
    switch stage {
    case .calm(let since): calm(since, now, sight)
    case .step(let index, let since): step(index, since, now, sight)
    case .breaking: breaking(now, sight)
    case .broken(let since): broken(since, now, sight)
    case .healed: []
    }
  }

  private mutating func calm(_ since: Int64?, _ now: Int64, _ sight: Sight) -> [Effect] {
    guard let share = sight.failures(.seconds(2)), share <= Self.usualFailures else {
      stage = .calm(since: nil)
      return []
    }
    guard let since else {
      stage = .calm(since: now)
      return []
    }
    guard now - since >= max(scenario.calm, Self.shortestCalm).microseconds else { return [] }
    return enter(0, now)
  }

  private mutating func enter(_ index: Int, _ now: Int64) -> [Effect] {
    guard scenario.steps.indices.contains(index) else {
      (stage, toldAt) = (.breaking, nil)
      return []
    }
    stage = .step(index, since: now)
    let step = scenario.steps[index]
    return (step.faults.isEmpty ? [] : [.apply(step.faults)]) + [tell(.brewing, step.caption)]
  }

  private mutating func step(_ index: Int, _ since: Int64, _ now: Int64, _ sight: Sight) -> [Effect] {
    guard now - since >= scenario.steps[index].duration.microseconds else { return [] }
    return enter(index + 1, now)
  }

  private mutating func breaking(_ now: Int64, _ sight: Sight) -> [Effect] {
    guard scenario.broken.condition.isBroken(sight) else { return [] }
    stage = .broken(since: now)
    return [tell(.broken, scenario.broken.caption, keys: scenario.repair.keys)]
  }

  private mutating func broken(_ since: Int64, _ now: Int64, _ sight: Sight) -> [Effect] {
    // What is counted has to be of the time after it broke.
    guard now - since >= scenario.healed.condition.window.microseconds,
      scenario.healed.condition.isHealed(sight)
    else { return [] }
    stage = .healed
    return [tell(.healed, scenario.healed.caption)]
  }

  private func tell(_ phase: LabScene.Phase, _ caption: String, keys: [String] = []) -> Effect {
    .tell(
      LabScene(
        scenario: scenario.name, title: scenario.title, number: number, count: count, phase: phase, caption: caption,
        keys: keys))
  }
}

extension Scenario.Condition {
  fileprivate func isBroken(_ sight: ScenarioPlay.Sight) -> Bool {
    guard let open = sight.findings, Set(findings).isSubset(of: open) else { return false }
    guard let failures else { return true }
    return sight.failures(window).map { $0 >= failures } ?? false
  }

  fileprivate func isHealed(_ sight: ScenarioPlay.Sight) -> Bool {
    guard let open = sight.findings, open.isDisjoint(with: findings) else { return false }
    guard let failures else { return true }
    return sight.failures(window).map { $0 <= failures } ?? false
  }
}

extension Duration {
  /// Whole microseconds.
  var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
