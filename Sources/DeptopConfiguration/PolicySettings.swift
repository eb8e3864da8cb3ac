package import DeptopModel

/// What operators have to keep to.
package struct PolicySettings: Sendable, Hashable {
  /// Whether an action needs a reason in words; nil means in production environments only.
  package var isReasonRequired: Bool?
  /// Verbs that nobody may use.
  package var forbidden: [ActionVerb] = []
  /// Who of the operators may do what; what no rule is about is every operator's.
  package var rules: [PolicyRule] = []

  package init() {}
}

/// How much may be done.
package struct ActionSettings: Sendable, Hashable {
  /// Disturbing actions on a host within an hour, unless configured.
  package static let defaultPerHour = 12

  /// How many actions that close or open connections may begin on this host within an hour.
  package var perHour = ActionSettings.defaultPerHour

  package init() {}
}

/// One rule: what it is about is allowed to these users and groups, and to those of other such rules.
package struct PolicyRule: Sendable, Hashable {
  /// Empty means every verb.
  package var verbs: [ActionVerb] = []
  /// Names, or beginnings of names with a `*` behind them; empty means every dependency.
  package var dependencies: [String] = []
  /// Users and groups by name or by number.
  package var users: [String] = []
  package var groups: [String] = []

  package init() {}

  /// True when it says who may do this.
  package func isAbout(_ verb: ActionVerb, _ dependency: DependencyID) -> Bool {
    (verbs.isEmpty || verbs.contains(verb))
      && (dependencies.isEmpty || dependencies.contains { PolicyRule.matches($0, dependency.rawValue) })
  }

  private static func matches(_ pattern: String, _ name: String) -> Bool {
    pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : pattern == name
  }
}

extension PolicySettings {
  /// As YAML that reads back as the same.
  var effectiveLines: [String] {
    // A comment where it follows from the environment, so that it goes on following.
    let reason =
      isReasonRequired.map { "  reason_required: \($0)" } ?? "  # reason_required: in production environments"
    var lines = ["policy:", reason, "  forbidden: \(YAMLText.list(forbidden.map(\.rawValue)))"]
    lines += rules.isEmpty ? ["  rules: []"] : ["  rules:"] + rules.map { "    - \($0.effectiveDescription)" }
    return lines
  }
}

extension PolicyRule {
  fileprivate var effectiveDescription: String {
    let entries = [
      "verbs: \(YAMLText.list(verbs.map(\.rawValue)))", "dependencies: \(YAMLText.list(dependencies))",
      "users: \(YAMLText.list(users))", "groups: \(YAMLText.list(groups))",
    ]
    return "{\(entries.joined(separator: ", "))}"
  }
}
