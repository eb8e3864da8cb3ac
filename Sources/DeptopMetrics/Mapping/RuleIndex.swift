internal import DeptopConfiguration

/// The rules of all mappings by the names of the metrics that they are about.
struct RuleIndex: Sendable {
  /// A rule with the mapping that it stands in.
  struct Candidate: Sendable {
    let rule: MetricRule
    let mapping: MetricMapping
  }

  private var exact: [String: [Candidate]] = [:]
  private var open: [(pattern: WordPattern, candidate: Candidate)] = []

  init(_ mappings: [MetricMapping]) {
    for mapping in mappings {
      // A candidate needs only what says who a point is about.
      var frame = mapping
      frame.rules = []
      for rule in mapping.rules {
        let candidate = Candidate(rule: rule, mapping: frame)
        for pattern in rule.names {
          if pattern.isExact {
            exact[pattern.word, default: []].append(candidate)
          } else {
            open.append((pattern, candidate))
          }
        }
      }
    }
  }

  /// The rules that are about a metric, exact names before open ones; nil when there is none.
  func candidates(for name: String) -> [Candidate]? {
    if let candidates = exact[name] { return candidates }
    let candidates = open.filter { $0.pattern.matches(name) }.map(\.candidate)
    return candidates.isEmpty ? nil : candidates
  }
}

/// A point's attributes and those of its resource, as mappings name them.
struct PointLabels {
  private let point: MetricPoint

  init(_ point: MetricPoint) {
    self.point = point
  }

  /// The value of a label that is not empty.
  ///
  /// A name with dots also finds the label in which Prometheus has underscores instead.
  subscript(label: String) -> String? {
    if let value = point.attributes[label] ?? point.resource[label] { return value.isEmpty ? nil : value }
    guard label.utf8.contains(UInt8(ascii: ".")) else { return nil }
    let translated = String(label.map { $0 == "." ? "_" : $0 })
    return point.attributes[translated].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The first of some labels that is present.
  func first(of labels: [String]) -> String? {
    for label in labels {
      if let value = self[label] { return value }
    }
    return nil
  }
}
