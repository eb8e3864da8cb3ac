/// A text that names one thing and travels as plain text.
package protocol NamedIdentifier: RawRepresentable, Sendable, Hashable, Comparable, Codable,
  CustomStringConvertible, ExpressibleByStringLiteral
where RawValue == String {
  init(rawValue: String)
}

extension NamedIdentifier {
  package init(stringLiteral value: String) { self.init(rawValue: value) }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A dependency: its configured name, or `address:port` for one that was discovered.
package struct DependencyID: NamedIdentifier {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
}

/// One configured source: its kind, and its instance where there can be several (`pgbouncer/main`).
package struct SourceID: NamedIdentifier {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
}

/// A diagnosis rule, by the number that the documentation gives its mechanism (`M04`).
package struct RuleID: NamedIdentifier {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
}

/// A stored plan.
package struct PlanID: NamedIdentifier {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
}

/// One execution of a plan.
package struct ActionID: NamedIdentifier {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
}
