/// A grid of cells that a frame is drawn on, without a terminal.
///
/// Drawing outside the grid is cut off, never an error: a panel that is given less room than it wants
/// shows less. A wide character's two cells always stand side by side in one style; whatever overwrites
/// one of them turns the other into a space.
package struct Canvas: Sendable, Equatable {
  package let size: Size
  /// Row by row, `size.columns` cells each.
  package private(set) var cells: [Cell]

  package init(size: Size, filledWith cell: Cell = .blank) {
    self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
    let filling = cell.width == 1 ? cell : Cell(" ", style: cell.style)
    cells = Array(repeating: filling, count: self.size.columns * self.size.rows)
    if cell.width == 2 { fill(bounds, with: cell) }
  }

  /// The whole grid.
  package var bounds: Rect { Rect(column: 0, row: 0, columns: size.columns, rows: size.rows) }

  /// The cell at a place inside the grid.
  package subscript(_ position: Position) -> Cell {
    cells[position.row * size.columns + position.column]
  }

  /// Puts text at a place, cut at `limit` columns and at the grid's edge, and answers the column after it.
  ///
  /// Control, escape and bidirectional characters are dropped; a wide character that would be cut in half
  /// becomes a space.
  @discardableResult
  package mutating func put(_ text: String, at position: Position, style: Style, limit: Int = .max) -> Int {
    var column = position.column
    guard position.row >= 0, position.row < size.rows else { return column }
    let (limited, overflow) = column.addingReportingOverflow(max(0, limit))
    let end = overflow ? size.columns : min(size.columns, limited)
    if text.isPrintableASCII {
      for byte in text.utf8.prefix(max(0, end - column)) {
        set(Cell(Character(Unicode.Scalar(byte)), style: style), column, position.row)
        column += 1
      }
      return column
    }
    for character in text {
      let width = columnWidth(of: character)
      if width == 0 { continue }
      if column >= end { break }
      if column + width > end {
        set(Cell(" ", style: style), column, position.row)
        column += 1
        break
      }
      set(Cell(character, width: UInt8(width), style: style), at: column, in: position.row)
      column += width
    }
    return column
  }

  /// Fills a rectangle with one cell.
  ///
  /// A wide cell is repeated every second column; a column left over at the right becomes a space.
  package mutating func fill(_ rect: Rect, with cell: Cell) {
    let area = rect.intersection(bounds)
    let space = Cell(" ", style: cell.style)
    let step = cell.width == 2 ? 2 : 1
    let filling = cell.width == 0 ? space : cell
    for row in area.top..<area.bottom {
      for column in stride(from: area.left, to: area.right, by: step) {
        set(column + step > area.right ? space : filling, at: column, in: row)
      }
    }
  }

  /// Changes the style of what is already drawn in a rectangle.
  ///
  /// A wide character on the rectangle's edge belongs to the side that its left half is on.
  package mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let area = rect.intersection(bounds)
    guard area.columns > 0 else { return }
    for row in area.top..<area.bottom {
      let start = row * size.columns
      for index in start + area.left..<start + area.right where cells[index].width > 0 {
        let style = change(cells[index].style)
        cells[index].style = style
        if cells[index].width == 2 { cells[index + 1].style = style }
      }
    }
  }

  /// Replaces every character that is not ASCII by `?`, for a terminal whose locale cannot show it.
  package mutating func foldToASCII() {
    for index in cells.indices where cells[index].text?.isASCII != true {
      cells[index] = Cell("?", style: cells[index].style)
    }
  }

  /// Writes one character's cells; of a wide one that hangs over the left edge only a space is left.
  private mutating func set(_ cell: Cell, at column: Int, in row: Int) {
    guard cell.width == 2 else { return set(cell, column, row) }
    guard column >= 0 else { return set(Cell(" ", style: cell.style), column + 1, row) }
    set(cell, column, row)
    set(.trailing(cell.style), column + 1, row)
  }

  /// Writes one cell, and repairs the other half of a wide character that it overwrites.
  private mutating func set(_ cell: Cell, _ column: Int, _ row: Int) {
    guard column >= 0, column < size.columns else { return }
    let index = row * size.columns + column
    if cells[index].width == 2, column + 1 < size.columns, cells[index + 1].width == 0 {
      cells[index + 1] = Cell(" ", style: cells[index + 1].style)
    }
    if cells[index].width == 0, cell.width != 0, column > 0, cells[index - 1].width == 2 {
      cells[index - 1] = Cell(" ", style: cells[index - 1].style)
    }
    cells[index] = cell
  }
}
