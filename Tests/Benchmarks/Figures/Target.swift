/// A number to reach, and what was measured.
package struct Target: Sendable, Hashable, Encodable {
  /// What is measured, with its unit.
  package let name: String
  /// The largest value that is good enough.
  package let limit: Double
  /// nil when it could not be measured.
  package let measured: Double?
  package let isMet: Bool

  package init(_ name: String, atMost limit: Double, measured: Double?) {
    self.name = name
    self.limit = limit
    self.measured = measured
    isMet = measured.map { $0 <= limit } ?? false
  }
}
