import DeptopScreen

/// How many bytes a careful program needs to turn one screen into another.
///
/// The model: cursor moves, the shortest change of colours and attributes, text, erasure to the end of the row. No
/// scrolling and no repetition. The cursor starts at an unknown place, attributes start and end plain.
package struct UpdateFloor: Sendable, Hashable {
  /// Cells whose look changed.
  package private(set) var changedCells = 0
  package private(set) var bytes = 0

  private var cursor: Position?
  private var style = Style.plain

  package init(from old: TerminalEmulator, to new: TerminalEmulator) {
    for row in 0..<min(old.size.rows, new.size.rows) {
      for run in runs(row, old, new) { write(run, row, new) }
    }
    if style != .plain { bytes += 3 }
  }

  /// Columns to write: the changed ones, and gaps that are cheaper to write than to pass.
  private mutating func runs(_ row: Int, _ old: TerminalEmulator, _ new: TerminalEmulator) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for column in 0..<min(old.size.columns, new.size.columns) {
      guard old[column, row].look != new[column, row].look else { continue }
      changedCells += 1
      let first = new[column, row].width == 0 ? column - 1 : column
      if let last = runs.last, first - last.upperBound <= 4, isPlainGap(last.upperBound + 1..<first, row, new) {
        runs[runs.count - 1] = last.lowerBound...column
      } else {
        runs.append(first...column)
      }
    }
    return runs
  }

  private func isPlainGap(_ gap: Range<Int>, _ row: Int, _ new: TerminalEmulator) -> Bool {
    gap.allSatisfy { new[$0, row].style == new[gap.lowerBound - 1, row].style && new[$0, row].text?.isASCII == true }
  }

  private mutating func write(_ run: ClosedRange<Int>, _ row: Int, _ screen: TerminalEmulator) {
    bytes += moveCost(to: Position(column: run.lowerBound, row: row))
    let end = eraseStart(run, row, screen)
    for column in run where column < end {
      let cell = screen[column, row]
      guard let text = cell.text else { continue }
      if cell.style != style, cell.look != Cell(" ", style: style).look {
        bytes += StyleChange(from: style, to: cell.style).bytes
        style = cell.style
      }
      bytes += String(text).utf8.count
    }
    if end <= run.upperBound { bytes += 3 }
    let after = min(end, run.upperBound + 1)
    cursor = after < screen.size.columns ? Position(column: after, row: row) : nil
  }

  /// Where the run's blanks begin that erasing to the end of the row can make.
  private func eraseStart(_ run: ClosedRange<Int>, _ row: Int, _ screen: TerminalEmulator) -> Int {
    let rest = (run.upperBound + 1)..<screen.size.columns
    guard rest.allSatisfy({ screen[$0, row].look == .blank }) else { return run.upperBound + 1 }
    let blanks = run.reversed().prefix { screen[$0, row].look == .blank }.count
    return blanks > 3 ? run.upperBound + 1 - blanks : run.upperBound + 1
  }

  private func moveCost(to target: Position) -> Int {
    func digits(_ number: Int) -> Int { number == 1 ? 0 : String(number).count }
    let absolute =
      target.column == 0 ? 3 + digits(target.row + 1) : 4 + digits(target.row + 1) + digits(target.column + 1)
    guard let cursor else { return absolute }
    var costs = [absolute]
    if cursor.row == target.row {
      let distance = target.column - cursor.column
      if distance == 0 { return 0 }
      costs += [3 + digits(abs(distance)), 3 + digits(target.column + 1)]
      if distance < 0 { costs.append(-distance) }
    } else if target.row > cursor.row {
      costs.append(1 + target.row - cursor.row + (target.column == 0 ? 0 : 3 + digits(target.column)))
    }
    return costs.min() ?? absolute
  }
}

/// The shortest sequence from one style to another.
private struct StyleChange {
  let bytes: Int

  init(from old: Style, to new: Style) {
    var reset = new == .plain ? [] : [1]
    reset += Array(repeating: 1, count: new.attributes.rawValue.nonzeroBitCount)
    var change = Array(repeating: 2, count: old.attributes.subtracting(new.attributes).rawValue.nonzeroBitCount)
    change += Array(repeating: 1, count: new.attributes.subtracting(old.attributes).rawValue.nonzeroBitCount)
    for (before, after) in [(old.foreground, new.foreground), (old.background, new.background)] {
      if after != .terminal { reset.append(StyleChange.length(of: after)) }
      if after != before { change.append(StyleChange.length(of: after)) }
    }
    func cost(_ parts: [Int]) -> Int { 3 + parts.reduce(0, +) + max(0, parts.count - 1) }
    bytes = min(cost(reset), cost(change))
  }

  private static func length(of color: Color) -> Int {
    switch color {
    case .terminal: 2
    case .indexed(let index): index < 16 ? 2 : 5 + String(index).count
    case .rgb(let value): [value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff].reduce(7) { $0 + String($1).count }
    }
  }
}
