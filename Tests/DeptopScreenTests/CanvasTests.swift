import Testing

import DeptopScreen

@Suite struct CanvasTests {
  private let red = Style(foreground: .indexed(1))
  private let blue = Style(foreground: .indexed(4))

  @Test func `text is cut at the right edge and at the limit`() {
    var canvas = Canvas(size: Size(columns: 6, rows: 2))
    #expect(canvas.put("abcdefgh", at: Position(column: 2, row: 0), style: red) == 6)
    #expect(canvas.put("abcdefgh", at: Position(column: 1, row: 1), style: red, limit: 3) == 4)
    #expect(canvas.text() == ["  abcd", " abc"])
  }

  @Test(arguments: [-1, 2, 100, -100]) func `text outside the rows draws nothing`(_ row: Int) {
    var canvas = Canvas(size: Size(columns: 4, rows: 2))
    canvas.put("abcd", at: Position(column: 0, row: row), style: red)
    #expect(canvas == Canvas(size: Size(columns: 4, rows: 2)))
  }

  @Test func `text that starts left of the grid shows its rest`() {
    var canvas = Canvas(size: Size(columns: 4, rows: 1))
    canvas.put("abcdef", at: Position(column: -2, row: 0), style: red)
    #expect(canvas.text() == ["cdef"])
  }

  @Test func `a limit of any size is safe`() {
    var canvas = Canvas(size: Size(columns: 4, rows: 1))
    canvas.put("abcd", at: Position(column: 2, row: 0), style: red, limit: .max - 1)
    canvas.put("abcd", at: Position(column: 0, row: 0), style: red, limit: -5)
    #expect(canvas.text() == ["  ab"])
  }

  @Test func `a wide character cut by the right edge or the limit becomes a space`() {
    var canvas = Canvas(size: Size(columns: 5, rows: 2), filledWith: Cell("."))
    canvas.put("漢字漢", at: Position(column: 0, row: 0), style: red)
    canvas.put("漢字", at: Position(column: 0, row: 1), style: red, limit: 3)
    #expect(canvas.text() == ["漢字", "漢 .."])
    #expect(canvas[Position(column: 4, row: 0)] == Cell(" ", style: red))
  }

  @Test func `a wide character cut by the left edge becomes a space`() {
    var canvas = Canvas(size: Size(columns: 3, rows: 1), filledWith: Cell("."))
    canvas.put("漢a", at: Position(column: -1, row: 0), style: red)
    #expect(canvas[Position(column: 0, row: 0)] == Cell(" ", style: red))
    #expect(canvas.text() == [" a."])
  }

  @Test func `overwriting half of a wide character turns the other half into a space`() {
    var canvas = Canvas(size: Size(columns: 4, rows: 2))
    for row in 0...1 { canvas.put("漢字", at: Position(column: 0, row: row), style: red) }
    canvas.put("x", at: Position(column: 1, row: 0), style: blue)
    canvas.put("é", at: Position(column: 2, row: 1), style: blue)
    #expect(canvas.text() == [" x字", "漢é"])
    #expect(canvas[Position(column: 0, row: 0)] == Cell(" ", style: red))
    #expect(canvas[Position(column: 3, row: 1)] == Cell(" ", style: red))
  }

  @Test func `steering characters are dropped`() {
    var canvas = Canvas(size: Size(columns: 8, rows: 1))
    canvas.put("a\u{1B}[2J\u{202E}b\n", at: Position(column: 0, row: 0), style: red)
    #expect(canvas.text() == ["a[2Jb"])
  }

  @Test func `filling with a wide character leaves no half`() {
    var canvas = Canvas(size: Size(columns: 7, rows: 1), filledWith: Cell("."))
    canvas.fill(Rect(column: 1, row: 0, columns: 5, rows: 3), with: Cell("漢", width: 2))
    #expect(canvas.text() == [".漢漢 ."])
  }

  @Test func `a canvas of a wide character is filled like any rectangle`() {
    let canvas = Canvas(size: Size(columns: 3, rows: 1), filledWith: Cell("漢", width: 2, style: red))
    #expect(canvas.text() == ["漢"])
    #expect(canvas[Position(column: 2, row: 0)] == Cell(" ", style: red))
  }

  @Test func `restyling keeps both halves of a wide character alike`() {
    var canvas = Canvas(size: Size(columns: 6, rows: 1))
    canvas.put("漢字漢", at: Position(column: 0, row: 0), style: red)
    canvas.restyle(Rect(column: 1, row: -2, columns: 2, rows: 9)) { _ in blue }
    #expect(canvas.cells.map(\.style) == [red, red, blue, blue, red, red])
  }

  @Test func `what a terminal cannot show is folded to question marks of the same width`() {
    var canvas = Canvas(size: Size(columns: 6, rows: 1))
    canvas.put("a漢é|", at: Position(column: 0, row: 0), style: red)
    canvas.foldToASCII()
    #expect(canvas.text() == ["a???|"])
  }

  @Test func `a negative size is an empty canvas`() {
    #expect(Canvas(size: Size(columns: -3, rows: 4)).cells.isEmpty)
  }

  @Test func `text ends where it is told to`() {
    var canvas = Canvas(size: Size(columns: 10, rows: 3))
    #expect(canvas.put("4.2s", endingAt: 9, row: 0, style: red) == 5)
    canvas.put("collector", endingAt: 8, row: 1, style: red, limit: 5)
    canvas.put("漢", endingAt: 10, row: 2, style: red)
    #expect(canvas.text() == ["     4.2s", "   coll…", "        漢"])
  }

  @Test(arguments: [(Alignment.left, "  ab"), (.center, "    ab"), (.right, "      ab")])
  func `text stands in its rectangle as aligned`(_ alignment: Alignment, _ expected: String) {
    var canvas = Canvas(size: Size(columns: 10, rows: 1))
    canvas.put("ab", in: Rect(column: 2, row: 0, columns: 6, rows: 1), alignment: alignment, style: red)
    #expect(canvas.text() == [expected])
  }
}
