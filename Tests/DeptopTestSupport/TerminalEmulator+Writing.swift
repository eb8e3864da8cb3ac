import DeptopScreen

extension TerminalEmulator {
  /// The cell that erasing leaves: the background colour stays (bce).
  var erased: Cell { Cell(" ", style: Style(background: style.background)) }

  func index(_ column: Int, _ row: Int) -> Int { row * size.columns + column }

  mutating func write(_ scalar: Unicode.Scalar) {
    let scalar = drawn(scalar)
    let width = TerminalEmulator.width(of: scalar)
    if width == 0 { return combine(scalar) }
    if isWrapPending || cursor.column + width > size.columns {
      cursor.column = 0
      isWrapPending = false
      lineFeed()
    }
    guard cursor.column + width <= size.columns else { return }
    place(Cell(Character(scalar), width: UInt8(width), style: style))
    lastCharacter = scalar
    isWrapPending = cursor.column + width >= size.columns
    cursor.column = min(cursor.column + width, size.columns - 1)
  }

  private mutating func place(_ cell: Cell) {
    let at = index(cursor.column, cursor.row)
    if cells[at].width == 0, cursor.column > 0 { cells[at - 1] = Cell(" ", style: cells[at - 1].style) }
    let after = at + Int(cell.width)
    if cursor.column + Int(cell.width) < size.columns, cells[after].width == 0 {
      cells[after] = Cell(" ", style: cells[after].style)
    }
    cells[at] = cell
    if cell.width == 2 { cells[at + 1] = .trailing(cell.style) }
  }

  private mutating func combine(_ mark: Unicode.Scalar) {
    var at = index(cursor.column, cursor.row) - (isWrapPending ? 0 : 1)
    if at >= 0, cells[at].width == 0 { at -= 1 }
    guard at >= 0, let base = cells[at].text else { return }
    var text = String(base)
    text.unicodeScalars.append(mark)
    if let character = text.first, text.count == 1 { cells[at].text = character }
  }

  private func drawn(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let isDrawing = usesLineDrawing.isSecond ? usesLineDrawing.second : usesLineDrawing.first
    guard isDrawing, (0x60...0x7e).contains(scalar.value) else { return scalar }
    let shapes = Array("◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·".unicodeScalars)
    return shapes[Int(scalar.value) - 0x60]
  }

  static func width(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return columnWidth(of: Character(scalar))
    }
  }

  mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x08: cursor.column = max(0, cursor.column - 1)
    case 0x09: cursor.column = min(size.columns - 1, (cursor.column / 8 + 1) * 8)
    case 0x0a...0x0c: lineFeed()
    case 0x0d: cursor.column = 0
    case 0x0e: usesLineDrawing.isSecond = true
    case 0x0f: usesLineDrawing.isSecond = false
    case 0x00, 0x07: break
    default: unknown.append("control \(byte)")
    }
    if byte != 0x0e && byte != 0x0f { isWrapPending = false }
  }

  mutating func lineFeed() {
    if cursor.row == scrollRegion.upperBound {
      scroll(by: 1)
    } else {
      cursor.row = min(size.rows - 1, cursor.row + 1)
    }
  }

  mutating func escape(_ intermediate: String, _ final: Character) {
    switch (intermediate, final) {
    case ("(", _): usesLineDrawing.first = final == "0"
    case (")", _): usesLineDrawing.second = final == "0"
    case ("", "7"): savedCursor = (cursor, style)
    case ("", "8"): (cursor, style) = savedCursor
    case ("", "D"): lineFeed()
    case ("", "E"):
      cursor.column = 0
      lineFeed()
    case ("", "M"):
      if cursor.row == scrollRegion.lowerBound { scroll(by: -1) } else { cursor.row = max(0, cursor.row - 1) }
    case ("", "="): isKeypadApplication = true
    case ("", ">"): isKeypadApplication = false
    case ("", "\\"): break
    default: unknown.append("escape \(intermediate)\(final)")
    }
  }

  /// Moves the scroll region's content up, or down for a negative count.
  mutating func scroll(by count: Int) {
    moveRows(in: scrollRegion, by: -count)
  }

  /// Moves rows within a range, down for a positive count; what comes free is erased.
  mutating func moveRows(in range: ClosedRange<Int>, by count: Int) {
    let old = cells
    for row in range {
      let source = row - count
      for column in 0..<size.columns {
        cells[index(column, row)] = range.contains(source) ? old[index(column, source)] : erased
      }
    }
  }
}
