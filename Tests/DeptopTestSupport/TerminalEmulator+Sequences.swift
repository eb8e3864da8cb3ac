import DeptopScreen

extension TerminalEmulator {
  mutating func sequence(_ sequence: EscapeParser.Sequence) {
    switch (sequence.prefix, sequence.intermediate) {
    case ("?", ""): privateMode(sequence)
    case ("", ""):
      switch sequence.final {
      case "m": setAttributes(sequence.parameters)
      case "b": for _ in 0..<sequence.number(0) { write(lastCharacter) }
      // Titles, and the linux console's cursor shape and insert modes that change nothing here.
      case "t", "c": break
      case "h", "l": if sequence.parameters != ["34"] && sequence.parameters != ["4"] { note(sequence) }
      default:
        isWrapPending = false
        if !move(sequence) && !edit(sequence) { note(sequence) }
      }
    // Questions for the terminal's kind.
    case (">", "") where "cq".contains(sequence.final): break
    case ("", "!") where sequence.final == "p": break
    default: note(sequence)
    }
  }

  private mutating func note(_ sequence: EscapeParser.Sequence) {
    unknown.append("sequence \(sequence)")
  }

  private mutating func move(_ sequence: EscapeParser.Sequence) -> Bool {
    let count = sequence.number(0)
    switch sequence.final {
    case "H", "f": place(column: sequence.number(1) - 1, row: count - 1)
    // Relative moves stop at the edges of the scroll region.
    case "A":
      let top = cursor.row >= scrollRegion.lowerBound ? scrollRegion.lowerBound : 0
      place(column: cursor.column, row: max(top, cursor.row - count))
    case "B", "e":
      let bottom = cursor.row <= scrollRegion.upperBound ? scrollRegion.upperBound : size.rows - 1
      place(column: cursor.column, row: min(bottom, cursor.row + count))
    case "C", "a": place(column: cursor.column + count, row: cursor.row)
    case "D": place(column: cursor.column - count, row: cursor.row)
    case "G", "`": place(column: count - 1, row: cursor.row)
    case "d": place(column: cursor.column, row: count - 1)
    case "Z": place(column: (cursor.column - 1) / 8 * 8, row: cursor.row)
    case "r":
      let bottom = min(sequence.number(1, default: size.rows), size.rows)
      if count < bottom { scrollRegion = (count - 1)...(bottom - 1) }
      place(column: 0, row: 0)
    default: return false
    }
    return true
  }

  private mutating func place(column: Int, row: Int) {
    cursor = Position(column: max(0, min(size.columns - 1, column)), row: max(0, min(size.rows - 1, row)))
  }

  private mutating func edit(_ sequence: EscapeParser.Sequence) -> Bool {
    let count = sequence.number(0)
    let row = cursor.row
    switch sequence.final {
    case "J": eraseScreen(sequence.number(0, default: 0))
    case "K": eraseLine(sequence.number(0, default: 0))
    case "X": erase(row, cursor.column..<min(size.columns, cursor.column + count))
    case "P": shift(by: -min(count, size.columns - cursor.column))
    case "@": shift(by: min(count, size.columns - cursor.column))
    case "L", "M":
      guard scrollRegion.contains(row) else { return true }
      moveRows(in: row...scrollRegion.upperBound, by: sequence.final == "L" ? count : -count)
      cursor.column = 0
    case "S": scroll(by: count)
    case "T": scroll(by: -count)
    default: return false
    }
    return true
  }

  private mutating func erase(_ row: Int, _ columns: Range<Int>) {
    for column in columns { cells[index(column, row)] = erased }
  }

  private mutating func eraseLine(_ kind: Int) {
    switch kind {
    case 0: erase(cursor.row, cursor.column..<size.columns)
    case 1: erase(cursor.row, 0..<cursor.column + 1)
    default: erase(cursor.row, 0..<size.columns)
    }
  }

  private mutating func eraseScreen(_ kind: Int) {
    if kind == 2 || kind == 0 && cursor == Position(column: 0, row: 0) { clearCount += 1 }
    if kind == 3 { return }
    if kind < 2 { eraseLine(kind) }
    let rows = kind == 0 ? cursor.row + 1..<size.rows : kind == 1 ? 0..<cursor.row : 0..<size.rows
    for row in rows { erase(row, 0..<size.columns) }
  }

  /// Moves the rest of the row to the right, or to the left for a negative count.
  private mutating func shift(by count: Int) {
    let old = cells
    for column in cursor.column..<size.columns {
      let source = column - count
      let isInside = source >= cursor.column && source < size.columns
      cells[index(column, cursor.row)] = isInside ? old[index(source, cursor.row)] : erased
    }
  }

  private mutating func privateMode(_ sequence: EscapeParser.Sequence) {
    guard sequence.final == "h" || sequence.final == "l" else {
      // The linux console's cursor shape.
      if sequence.final != "c" { note(sequence) }
      return
    }
    for mode in sequence.parameters.compactMap({ Int($0) }) { set(mode, sequence.final == "h") }
  }

  private mutating func set(_ mode: Int, _ isOn: Bool) {
    switch mode {
    case 25: isCursorVisible = isOn
    case 47, 1047, 1049: switchScreen(toAlternate: isOn)
    // Autowrap and blinking.
    case 7, 12: break
    default: if isOn { modes.insert(mode) } else { modes.remove(mode) }
    }
  }

  private mutating func switchScreen(toAlternate isOn: Bool) {
    guard isOn != isAlternateScreen else { return }
    isAlternateScreen = isOn
    isWrapPending = false
    if isOn {
      mainScreen = (cells, cursor)
      cells = Array(repeating: .blank, count: cells.count)
    } else if let main = mainScreen {
      (cells, cursor) = main
      mainScreen = nil
    }
  }
}
