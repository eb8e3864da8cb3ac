import Testing

import DeptopScreen

@Suite struct DifferenceTests {
  private let plain = Style.plain

  private func canvas(_ text: String) -> Canvas {
    var canvas = Canvas(size: Size(columns: 6, rows: 1))
    canvas.put(text, at: Position(column: 0, row: 0), style: plain)
    return canvas
  }

  private func places(_ new: String, from old: String) -> [Range<Int>] {
    canvas(new).difference(from: canvas(old)).map { $0.column..<$0.column + $0.cells.count }
  }

  @Test func `equal canvases differ in nothing`() {
    #expect(canvas("a漢b").difference(from: canvas("a漢b")) == [])
  }

  @Test func `an unchanged cell between two changed ones parts two runs`() {
    #expect(places("XbXd", from: "abcd") == [0..<1, 2..<3])
    #expect(places("XXcd", from: "abcd") == [0..<2])
  }

  @Test func `a style alone is a change`() {
    var new = canvas("abc")
    new.restyle(Rect(column: 1, row: 0, columns: 1, rows: 1)) { _ in Style(attributes: .bold) }
    #expect(
      new.difference(from: canvas("abc")) == [
        Run(row: 0, column: 1, cells: [Cell("b", style: Style(attributes: .bold))])
      ])
  }

  @Test(arguments: [
    ("a字b", "a漢b", [1..<3]), ("axyb", "a漢b", [1..<3]), ("a漢b", "axyb", [1..<3]), ("x漢y", "漢字", [0..<4]),
    ("a漢c", "a漢b", [3..<4]), ("a漢", "a漢字", [3..<5]), ("漢漢", "漢字", [2..<4]), ("漢 ab", "漢字ab", [2..<6]),
  ])
  func `a wide character changes as a whole and nothing else with it`(
    _ new: String, _ old: String, _ expected: [Range<Int>]
  ) {
    #expect(places(new, from: old) == expected)
  }

  @Test func `the ASCII frame behaves like the other one`() {
    var old = Canvas(size: Size(columns: 4, rows: 2))
    var new = old
    Box(style: plain, glyphs: .ascii).draw(in: old.bounds, on: &old)
    Box(style: plain, glyphs: .unicode).draw(in: new.bounds, on: &new)
    #expect(new.difference(from: old).map(\.cells.count) == [4, 4])
  }

  @Test func `another size changes everything`() {
    let new = Canvas(size: Size(columns: 3, rows: 2))
    let runs = new.difference(from: Canvas(size: Size(columns: 3, rows: 1)))
    #expect(runs == (0..<2).map { Run(row: $0, column: 0, cells: [.blank, .blank, .blank]) })
  }

  @Test func `a canvas without columns has no runs`() {
    let new = Canvas(size: Size(columns: 0, rows: 2))
    #expect(new.difference(from: Canvas(size: Size(columns: 1, rows: 2))) == [])
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `halves of wide characters stay together under any drawing`(_ seed: UInt64) {
    var drawing = RandomDrawing(seed: seed)
    let canvas = drawing.canvas(columns: 17, rows: 5)
    for row in 0..<5 {
      for column in 0..<17 {
        let cell = canvas[Position(column: column, row: row)]
        if cell.width == 2 {
          #expect(column < 16 && canvas[Position(column: column + 1, row: row)] == .trailing(cell.style))
        } else if cell.width == 0 {
          #expect(column > 0 && canvas[Position(column: column - 1, row: row)].width == 2)
        }
      }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `runs written to a terminal that shows the old canvas leave the new one`(_ seed: UInt64) {
    var drawing = RandomDrawing(seed: seed)
    let old = drawing.canvas(columns: 17, rows: 5)
    var new = old
    drawing.scribble(on: &new, times: Int(seed % 7))
    var terminal = WritingTerminal(showing: old)
    let runs = new.difference(from: old)
    for run in runs { terminal.write(run) }
    #expect(terminal.cells == new.cells)
    #expect(runs.allSatisfy { $0.cells.first?.width != 0 && $0.cells.last?.width != 2 })
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `runs hold no cell that is as before, except right halves`(_ seed: UInt64) {
    var drawing = RandomDrawing(seed: seed)
    let old = drawing.canvas(columns: 17, rows: 5)
    let new = drawing.canvas(columns: 17, rows: 5)
    for run in new.difference(from: old) {
      for (offset, cell) in run.cells.enumerated() where cell.width != 0 {
        #expect(old[Position(column: run.column + offset, row: run.row)] != cell)
      }
    }
  }
}

/// What a terminal does with characters: half of a wide one that is overwritten blanks the other half.
private struct WritingTerminal {
  private(set) var cells: [Cell]
  private let columns: Int

  init(showing canvas: Canvas) {
    cells = canvas.cells
    columns = canvas.size.columns
  }

  mutating func write(_ run: Run) {
    var index = run.row * columns + run.column
    for cell in run.cells where cell.width > 0 {
      clear(index)
      if cell.width == 2 { clear(index + 1) }
      cells[index] = cell
      if cell.width == 2 { cells[index + 1] = .trailing(cell.style) }
      index += Int(cell.width)
    }
  }

  private mutating func clear(_ index: Int) {
    if cells[index].width == 2 { cells[index + 1] = Cell("?") }
    if cells[index].width == 0 { cells[index - 1] = Cell("?") }
  }
}
