/// A named mechanism on a dependency, with its evidence and the action that fits.
package struct Finding: Sendable, Hashable, Codable, Identifiable {
  package var rule: RuleID
  package var dependency: DependencyID
  package var level: Level
  package var state: State
  /// One sentence with values and units.
  ///
  /// A time that grows is written as `{since}`: the reader's clock fills it in.
  package var text: String
  /// What `{since}` in the text counts from.
  package var textSince: WallTime?
  /// When the condition was first seen.
  package var since: WallTime
  /// When the condition ended, for a finding that is clearing.
  package var absentSince: WallTime?
  package var evidence: [Evidence]
  /// Evidence against it that was looked for and not found.
  package var notFound: [String]
  /// 0…0.95 (how sure the rule is, not how bad it is).
  package var confidence: Double
  package var action: ActionVerb?
  /// What the action key will say, such as `drain stale`.
  package var actionLabel: String?
  /// Which connections the action has to be about; nil for what it usually is about.
  package var actionScope: ActionScope?
  /// What would not cure it and is refused while it is open; nil when nothing is ruled out.
  package var prohibition: Prohibition?
  /// How often it came back within ten minutes.
  package var recurrences: Int

  /// Where a finding is in its life.
  package enum State: String, Sendable, Hashable, Codable {
    /// The condition holds, not yet often enough.
    case pending
    case open
    /// The condition has ended, not yet for long enough.
    case clearing
  }

  package init(
    rule: RuleID, dependency: DependencyID, level: Level, text: String, textSince: WallTime? = nil, since: WallTime,
    evidence: [Evidence], notFound: [String] = [], confidence: Double, action: ActionVerb? = nil,
    actionLabel: String? = nil, actionScope: ActionScope? = nil, prohibition: Prohibition? = nil
  ) {
    self.rule = rule
    self.dependency = dependency
    self.level = level
    state = .pending
    self.text = text
    self.textSince = textSince
    self.since = since
    absentSince = nil
    self.evidence = evidence
    self.notFound = notFound
    self.confidence = confidence
    self.action = action
    self.actionLabel = actionLabel
    self.actionScope = actionScope
    self.prohibition = prohibition
    recurrences = 0
  }

  /// A rule has at most one finding on a dependency.
  package var id: String { "\(rule)/\(dependency)" }
}

/// What an operator must not expect to help against a finding.
package struct Prohibition: Sendable, Hashable, Codable {
  /// What is refused.
  package var verbs: [ActionVerb]
  /// One sentence: why it would not cure, and what does.
  package var reason: String

  package init(verbs: [ActionVerb], reason: String) {
    self.verbs = verbs
    self.reason = reason
  }
}

/// One reading that a finding rests on.
package struct Evidence: Sendable, Hashable, Codable {
  /// What was read (`connections on 10.0.3.7`).
  package var reading: String
  package var value: String
  /// The bound that it crossed; nil when there is none.
  package var threshold: String?
  package var source: SourceID

  package init(reading: String, value: String, threshold: String? = nil, source: SourceID) {
    self.reading = reading
    self.value = value
    self.threshold = threshold
    self.source = source
  }
}
