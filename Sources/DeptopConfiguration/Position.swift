/// A place in a text.
struct Position: Sendable, Hashable, Comparable {
  /// From 1.
  let line: Int
  /// In Unicode scalars, from 1.
  let column: Int

  static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
