/// A value, the source that read it, and when.
///
/// A reading that does not exist is nil where it would stand: unknown is never zero.
package struct Reading<Value: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
  package var value: Value
  package var source: SourceID
  package var observedAt: WallTime

  package init(_ value: Value, source: SourceID, observedAt: WallTime) {
    self.value = value
    self.source = source
    self.observedAt = observedAt
  }
}
