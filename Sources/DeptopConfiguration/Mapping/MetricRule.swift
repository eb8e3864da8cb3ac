package import DeptopModel

/// What the points of some metrics mean.
package struct MetricRule: Sendable, Hashable {
  /// Names that the rule is about; at least one.
  package var names: [WordPattern]
  /// What each point counts as.
  package var targets: [MetricTarget]
  /// What a point's labels have to be; all have to hold.
  package var conditions: [LabelCondition]
  /// What a point counts as besides, by the value of a label.
  package var choice: LabelChoice?
  /// Labels whose value is the word that failures are counted under; the first that is present counts.
  package var errorLabels: [String]
  /// The unit where the format gives none.
  package var unit: MetricUnit?
  /// The value that means that nothing is known yet.
  package var unknownValue: Double?
  /// The state that each number stands for, for ``MetricTarget/breakerState``.
  package var states: [Double: BreakerState]

  package init(
    names: [WordPattern], targets: [MetricTarget] = [], conditions: [LabelCondition] = [], choice: LabelChoice? = nil,
    errorLabels: [String] = [], unit: MetricUnit? = nil, unknownValue: Double? = nil,
    states: [Double: BreakerState] = [:]
  ) {
    self.names = names
    self.targets = targets
    self.conditions = conditions
    self.choice = choice
    self.errorLabels = errorLabels
    self.unit = unit
    self.unknownValue = unknownValue
    self.states = states
  }
}

/// What one label has to be.
package struct LabelCondition: Sendable, Hashable {
  package var label: String
  package var test: Test

  /// The ways to test a label.
  package enum Test: Sendable, Hashable {
    case present, absent
    /// One of the patterns fits; a missing label fits none.
    case oneOf([WordPattern])
  }

  package init(label: String, test: Test) {
    self.label = label
    self.test = test
  }

  /// True when a label's value, or its absence, is as it has to be.
  package func holds(_ value: String?) -> Bool {
    switch test {
    case .present: value != nil
    case .absent: value == nil
    case .oneOf(let patterns): value.map { value in patterns.contains { $0.matches(value) } } ?? false
    }
  }
}

/// A table from a label's values to what they mean.
package struct LabelChoice: Sendable, Hashable {
  /// The first that is present counts.
  package var labels: [String]
  /// In the order of the file: the first whose pattern fits counts.
  package var cases: [Case]
  /// What any other value means; empty when it means nothing.
  package var other: [MetricTarget]
  /// What a missing label means; empty when it means nothing.
  package var absent: [MetricTarget]

  /// One line of the table.
  package struct Case: Sendable, Hashable {
    package var pattern: WordPattern
    package var targets: [MetricTarget]

    package init(pattern: WordPattern, targets: [MetricTarget]) {
      self.pattern = pattern
      self.targets = targets
    }
  }

  package init(labels: [String], cases: [Case] = [], other: [MetricTarget] = [], absent: [MetricTarget] = []) {
    self.labels = labels
    self.cases = cases
    self.other = other
    self.absent = absent
  }

  /// What a label's value means, nil standing for its absence.
  package func targets(for value: String?) -> [MetricTarget] {
    guard let value else { return absent }
    return cases.first { $0.pattern.matches(value) }?.targets ?? other
  }
}
