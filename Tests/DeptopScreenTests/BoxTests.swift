import Testing

import DeptopScreen

@Suite struct BoxTests {
  private func drawn(_ box: Box, columns: Int, rows: Int) -> [String] {
    var canvas = Canvas(size: Size(columns: columns, rows: rows))
    box.draw(in: canvas.bounds, on: &canvas)
    return canvas.text()
  }

  private func box(_ title: String = "", _ footer: String = "", _ glyphs: Glyphs = .unicode) -> Box {
    Box(title: title, footer: footer, style: .plain, glyphs: glyphs)
  }

  @Test func `a box carries its title above and its keys below`() {
    #expect(
      drawn(box("pools", "Esc"), columns: 16, rows: 3) == ["┌ pools ───────┐", "│              │", "└──────── Esc ─┘"])
  }

  @Test func `in ASCII a box is plus, minus and bar`() {
    #expect(drawn(box("x", "", .ascii), columns: 8, rows: 3) == ["+ x ---+", "|      |", "+------+"])
  }

  @Test func `a long title is cut inside the corners`() {
    #expect(drawn(box("pools by client"), columns: 12, rows: 2) == ["┌ pools … ─┐", "└──────────┘"])
  }

  @Test func `a box too narrow for a title is still a box`() {
    #expect(drawn(box("title", "keys"), columns: 4, rows: 2) == ["┌──┐", "└──┘"])
  }

  @Test(arguments: [(1, 5), (5, 1), (0, 0)]) func `without room for corners nothing is drawn`(
    _ columns: Int, _ rows: Int
  ) {
    var canvas = Canvas(size: Size(columns: columns, rows: rows))
    let inside = box("title").draw(in: canvas.bounds, on: &canvas)
    #expect(canvas == Canvas(size: Size(columns: columns, rows: rows)))
    #expect(inside.columns == 0 && inside.rows == 0)
  }

  @Test func `the inside is what the lines leave`() {
    var canvas = Canvas(size: Size(columns: 20, rows: 10))
    let inside = box().draw(in: Rect(column: 2, row: 1, columns: 10, rows: 5), on: &canvas)
    #expect(inside == Rect(column: 3, row: 2, columns: 8, rows: 3))
  }

  @Test func `a rule carries its title near the left end`() {
    var canvas = Canvas(size: Size(columns: 16, rows: 2))
    Rule(title: "findings", style: .plain, glyphs: .unicode).draw(in: canvas.bounds, on: &canvas)
    #expect(canvas.text() == ["─ findings ─────", ""])
  }

  @Test(arguments: [(4, "────"), (6, "─ f… ─"), (12, "─ findings ─")])
  func `a rule's title gives way to the line`(_ columns: Int, _ expected: String) {
    var canvas = Canvas(size: Size(columns: columns, rows: 1))
    Rule(title: "findings", style: .plain, glyphs: .unicode).draw(in: canvas.bounds, on: &canvas)
    #expect(canvas.text() == [expected])
  }
}
