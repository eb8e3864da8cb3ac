/// A stretch of one row whose cells have changed.
package struct Run: Sendable, Hashable {
  package let row: Int
  /// The column of the first cell.
  package let column: Int
  /// At least one cell; a wide character's cell is always followed by its right half.
  package let cells: [Cell]

  package init(row: Int, column: Int, cells: [Cell]) {
    self.row = row
    self.column = column
    self.cells = cells
  }
}

extension Canvas {
  /// The smallest set of runs that turns `old` into this canvas, row by row from the left.
  ///
  /// A run is a maximal stretch of changed cells: no unchanged cell is part of one, and whether a short gap is
  /// cheaper to write than to jump over is the terminal's decision. Canvases of different sizes have everything
  /// changed, one run for each row.
  ///
  /// Wide characters (`<>` stands for the two cells of one, `^` for the cells of a run):
  /// ```
  /// old  a<>b   a<>b   axyb   <><>   a<>b
  /// new  a[]b   axyb   a<>b   x<>y   a<>c
  ///       ^^     ^^     ^^    ^^^^      ^
  /// ```
  /// - A changed wide character takes both of its cells along, even when the right half is as before.
  /// - Where a wide character was, the cells that replace it are always both changed, because a half never stands
  ///   alone on a canvas; so writing a run never leaves half of an old character on the terminal.
  /// - A run neither starts with a right half nor ends with a left one.
  ///
  /// - Complexity: O(*n*) in the number of cells.
  package func difference(from old: Canvas) -> [Run] {
    guard old.size == size else { return everything() }
    var runs: [Run] = []
    let new = cells.span
    let before = old.cells.span
    for row in 0..<size.rows {
      let start = row * size.columns
      let end = start + size.columns
      var index = start
      while index < end {
        if new[index] == before[index] {
          index += 1
          continue
        }
        let first = index
        while index < end, new[index] != before[index] { index += new[index].width == 2 ? 2 : 1 }
        runs.append(Run(row: row, column: first - start, cells: Array(cells[first..<index])))
      }
    }
    return runs
  }

  private func everything() -> [Run] {
    guard size.columns > 0 else { return [] }
    return (0..<size.rows).map { row in
      Run(row: row, column: 0, cells: Array(cells[row * size.columns..<(row + 1) * size.columns]))
    }
  }
}
