internal import DeptopModel

extension SettingsReader {
  mutating func readPolicy(_ field: Field, into settings: inout PolicySettings) {
    guard !field.isNull, let section = section(field, keys: ["reason_required", "forbidden", "rules"]) else { return }
    if let field = section["reason_required"] {
      settings.isReasonRequired = attempt(field) { (field) throws(Mistake) in try field.boolean() }
    }
    settings.forbidden = verbs("forbidden", of: section)
    settings.rules = list("rules", of: section, limit: Limits.policyRules).compactMap { rule($0) }
  }

  mutating func readActions(_ field: Field, into settings: inout ActionSettings) {
    guard !field.isNull, let section = section(field, keys: ["per_hour"]) else { return }
    read("per_hour", of: section, into: &settings.perHour) { (field) throws(Mistake) in
      try field.integer(in: Limits.actionsPerHour, unit: "actions")
    }
  }

  private mutating func rule(_ field: Field) -> PolicyRule? {
    guard let section = section(field, keys: ["verbs", "dependencies", "users", "groups"]) else { return nil }
    var rule = PolicyRule()
    rule.verbs = verbs("verbs", of: section)
    rule.dependencies = list("dependencies", of: section, limit: Limits.principals).compactMap { item in
      attempt(item) { (item) throws(Mistake) in try item.namePattern() }
    }
    rule.users = names("users", of: section)
    rule.groups = names("groups", of: section)
    return rule
  }

  private mutating func verbs(_ key: String, of section: Section) -> [ActionVerb] {
    list(key, of: section, limit: ActionVerb.allCases.count).compactMap { item in
      attempt(item) { (item) throws(Mistake) in
        let words = DisplayText.alternatives(ActionVerb.allCases.map(\.rawValue))
        guard let verb = ActionVerb(rawValue: try item.text(words)) else { throw item.expected(words) }
        return verb
      }
    }
  }

  private mutating func list(_ key: String, of section: Section, limit: Int) -> [Field] {
    guard let field = section[key], !field.isNull else { return [] }
    return attempt(field) { (field) throws(Mistake) in try field.items(limit: limit) } ?? []
  }
}

extension Field {
  /// A dependency's name, or the beginning of names with a `*` behind it.
  fileprivate func namePattern() throws(Mistake) -> String {
    let expectation = "a dependency's name, or its beginning and *"
    let pattern = try text(expectation)
    guard !pattern.dropLast().contains("*") else { throw expected(expectation) }
    return pattern
  }
}
