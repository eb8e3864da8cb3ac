/// Columns and rows of a terminal or of a part of it.
package struct Size: Sendable, Hashable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// A place on a canvas: column and row, both from 0 at the top left.
package struct Position: Sendable, Hashable {
  package var column: Int
  package var row: Int

  package init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}

/// A part of a canvas.
package struct Rect: Sendable, Hashable {
  package var origin: Position
  package var size: Size

  package init(column: Int, row: Int, columns: Int, rows: Int) {
    origin = Position(column: column, row: row)
    size = Size(columns: max(0, columns), rows: max(0, rows))
  }

  package var left: Int { origin.column }
  package var top: Int { origin.row }
  package var columns: Int { size.columns }
  package var rows: Int { size.rows }
  /// The first column to the right of the rectangle.
  package var right: Int { origin.column + size.columns }
  /// The first row below the rectangle.
  package var bottom: Int { origin.row + size.rows }
}

extension Rect {
  /// The part that two rectangles share; empty where they share nothing.
  package func intersection(_ other: Rect) -> Rect {
    let column = max(left, other.left)
    let row = max(top, other.top)
    return Rect(
      column: column, row: row, columns: min(right, other.right) - column, rows: min(bottom, other.bottom) - row)
  }

  /// The rectangle without a margin on each side; empty where nothing is left.
  package func inset(columns: Int, rows: Int) -> Rect {
    Rect(
      column: left + columns, row: top + rows, columns: self.columns - 2 * columns, rows: self.rows - 2 * rows)
  }

  /// One row of the rectangle, counted from its top; empty where the rectangle has no such row.
  package func row(_ index: Int) -> Rect {
    Rect(column: left, row: top + index, columns: columns, rows: index >= 0 && index < rows ? 1 : 0)
  }
}
