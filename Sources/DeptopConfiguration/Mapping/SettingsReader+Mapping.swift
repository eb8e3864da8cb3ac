internal import DeptopModel
internal import Yams

extension SettingsReader {
  /// Reads a whole mapping file; nil when something that has to be there is missing or wrong.
  mutating func mapping(_ root: Field) -> MetricMapping? {
    guard
      let section = section(root, keys: ["mapping", "kind", "kind_from", "dependency", "client", "metrics"]),
      let name = require("mapping", of: section, as: { (field) throws(Mistake) in try field.name() })
    else { return nil }
    var mapping = MetricMapping(name: name)
    read("kind", of: section, into: &mapping.kind) { (field) throws(Mistake) in
      ServiceKind(rawValue: try field.name())
    }
    read("kind_from", of: section, into: &mapping.kindLabels) { (field) throws(Mistake) in try field.words() }
    if let field = section["dependency"] { readDependency(field, into: &mapping.dependency) }
    if let field = section["client"] { readClient(field, into: &mapping.client) }
    guard
      let items = require(
        "metrics", of: section, as: { (field) throws(Mistake) in try field.items(limit: Limits.mappingRules) })
    else { return nil }
    for item in items where !isFull {
      if let rule = rule(item) { mapping.rules.append(rule) }
    }
    return mapping
  }

  private mutating func readDependency(_ field: Field, into labels: inout DependencyLabels) {
    guard let section = section(field, keys: ["name", "host", "port", "address", "default"]) else { return }
    read("name", of: section, into: &labels.name) { (field) throws(Mistake) in try field.words() }
    read("host", of: section, into: &labels.host) { (field) throws(Mistake) in try field.words() }
    read("port", of: section, into: &labels.port) { (field) throws(Mistake) in try field.words() }
    read("address", of: section, into: &labels.address) { (field) throws(Mistake) in try field.words() }
    read("default", of: section, into: &labels.defaultName) { (field) throws(Mistake) in try field.name() }
  }

  private mutating func readClient(_ field: Field, into labels: inout ClientLabels) {
    guard let section = section(field, keys: ["name", "instance"]) else { return }
    read("name", of: section, into: &labels.name) { (field) throws(Mistake) in try field.words() }
    read("instance", of: section, into: &labels.instance) { (field) throws(Mistake) in try field.words() }
  }
}

extension Limits {
  /// Rules of one mapping file.
  static let mappingRules = 1000
  /// Entries of one list or table of a mapping file.
  static let mappingEntries = 256
}

extension Field {
  /// One word, or a list of words.
  func words() throws(Mistake) -> [String] {
    guard case .sequence = node else { return [try text()] }
    var words: [String] = []
    for item in try items(limit: Limits.mappingEntries) { words.append(try item.text()) }
    guard !words.isEmpty else { throw mistake("expected at least one word") }
    return words
  }

  /// One pattern, or a list of patterns.
  func patterns() throws(Mistake) -> [WordPattern] {
    var patterns: [WordPattern] = []
    for word in try words() {
      guard let pattern = WordPattern(word) else {
        throw mistake("expected words with a * at the beginning or the end only, not \"\(word)\"")
      }
      patterns.append(pattern)
    }
    return patterns
  }

  /// One target, or a list of targets.
  func targets() throws(Mistake) -> [MetricTarget] {
    var targets: [MetricTarget] = []
    for word in try words() {
      guard let target = MetricTarget(word) else {
        let advice = Suggestion.nearest(to: word, among: MetricTarget.words).map { "; did you mean \"\($0)\"?" }
        throw mistake("there is no target \"\(word)\"\(advice ?? "")")
      }
      targets.append(target)
    }
    return targets
  }

  /// A decimal number.
  func decimal() throws(Mistake) -> Double {
    guard foreignTag == nil, let scalar, !scalar.isText, let value = Double(scalar.text), value.isFinite else {
      throw expected("a decimal number")
    }
    return value
  }

  /// The unit that a metric has where its format gives none.
  func unit() throws(Mistake) -> MetricUnit {
    guard let unit = MetricUnit(rawValue: try text()) else {
      throw expected(DisplayText.alternatives(MetricUnit.allCases.map(\.rawValue)))
    }
    return unit
  }
}
