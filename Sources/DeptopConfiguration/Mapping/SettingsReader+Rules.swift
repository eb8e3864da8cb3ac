internal import DeptopModel
internal import Yams

extension SettingsReader {
  private static let ruleKeys = ["name", "to", "when", "by", "errors", "unit", "unknown", "states"]

  /// Reads one entry of `metrics`; nil when it has no names, or means nothing.
  mutating func rule(_ field: Field) -> MetricRule? {
    guard let section = section(field, keys: SettingsReader.ruleKeys),
      let names = require("name", of: section, as: { (field) throws(Mistake) in try field.patterns() })
    else { return nil }
    var rule = MetricRule(names: names)
    read("to", of: section, into: &rule.targets) { (field) throws(Mistake) in try field.targets() }
    read("when", of: section, into: &rule.conditions) { (field) throws(Mistake) in try field.conditions() }
    if let field = section["by"] { rule.choice = choice(field) }
    read("errors", of: section, into: &rule.errorLabels) { (field) throws(Mistake) in try field.words() }
    read("unit", of: section, into: &rule.unit) { (field) throws(Mistake) in try field.unit() }
    read("unknown", of: section, into: &rule.unknownValue) { (field) throws(Mistake) in try field.decimal() }
    read("states", of: section, into: &rule.states) { (field) throws(Mistake) in try field.states() }
    if rule.targets.isEmpty, section["to"] == nil, section["by"] == nil {
      note(field.mistake("a metric needs what it counts as: to or by"))
      return nil
    }
    if rule.targets.contains(.breakerState), section["states"] == nil {
      note(field.mistake("breaker.state needs states, a table from numbers to states"))
    }
    return rule
  }

  private mutating func choice(_ field: Field) -> LabelChoice? {
    guard let section = section(field, keys: ["label", "values", "other", "absent"]),
      let labels = require("label", of: section, as: { (field) throws(Mistake) in try field.words() })
    else { return nil }
    var choice = LabelChoice(labels: labels)
    read("values", of: section, into: &choice.cases) { (field) throws(Mistake) in try field.cases() }
    read("other", of: section, into: &choice.other) { (field) throws(Mistake) in try field.targets() }
    read("absent", of: section, into: &choice.absent) { (field) throws(Mistake) in try field.targets() }
    return choice
  }
}

extension Field {
  /// A table from labels to what they have to be: a word, a list of words, or `present: true` or `false`.
  fileprivate func conditions() throws(Mistake) -> [LabelCondition] {
    var conditions: [LabelCondition] = []
    for entry in try limitedEntries() {
      guard case .mapping = entry.value.node else {
        conditions.append(LabelCondition(label: entry.key, test: .oneOf(try entry.value.patterns())))
        continue
      }
      let tests = try entry.value.entries()
      guard tests.count == 1, let test = tests.first, test.key == "present" else {
        throw entry.value.mistake("expected a word, a list of words, or present: true or false")
      }
      conditions.append(LabelCondition(label: entry.key, test: try test.value.boolean() ? .present : .absent))
    }
    return conditions
  }

  /// A table from patterns to targets; exact words come before those with a star.
  fileprivate func cases() throws(Mistake) -> [LabelChoice.Case] {
    var exact: [LabelChoice.Case] = []
    var open: [LabelChoice.Case] = []
    for entry in try limitedEntries() {
      guard let pattern = WordPattern(entry.key) else {
        throw entry.value.mistake("expected a word with a * at the beginning or the end only, as the key")
      }
      let line = LabelChoice.Case(pattern: pattern, targets: try entry.value.targets())
      if pattern.isExact { exact.append(line) } else { open.append(line) }
    }
    return exact + open
  }

  /// A table from numbers to breaker states.
  fileprivate func states() throws(Mistake) -> [Double: BreakerState] {
    var states: [Double: BreakerState] = [:]
    for entry in try limitedEntries() {
      guard let number = Double(entry.key), let state = BreakerState(rawValue: try entry.value.text()) else {
        let words = DisplayText.alternatives(BreakerState.allCases.map(\.rawValue))
        throw entry.value.expected("a number as the key, and \(words)")
      }
      states[number] = state
    }
    return states
  }

  private func limitedEntries() throws(Mistake) -> [MappingEntry] {
    let entries = try entries()
    guard entries.count <= Limits.mappingEntries else {
      throw expected("a table of at most \(Limits.mappingEntries) entries")
    }
    return entries
  }
}
