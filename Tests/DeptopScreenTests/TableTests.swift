import Testing

import DeptopScreen

@Suite struct TableTests {
  private func drawn(_ columns: Int, rows: Int = 4, sortedBy id: String? = nil, offset: Int = 0) -> [String] {
    var canvas = Canvas(size: Size(columns: columns, rows: rows))
    Overview.table(sortedBy: id).draw(in: canvas.bounds, on: &canvas, count: 3, offset: offset) { Overview.rows[$0] }
    return canvas.text()
  }

  @Test func `numbers stand at the right of their column and text at the left`() {
    #expect(
      drawn(40) == [
        "  DEPENDENCY      act/max   P99 DNS", "✖ orders-db         20/20  8.0s 14/20 o…",
        "▲ search-with-a…    14/20 900ms ok", "● mail-relay          0/5 no t… ok",
      ])
  }

  private func gap(_ columns: Int) -> String { String(repeating: " ", count: columns) }

  @Test func `a text across columns takes the room of those that are shown`() {
    #expect(drawn(120)[3] == "● mail-relay     smtp     ░░░░░░░░░░       0/5 no traffic for 4 min" + gap(44) + "ok")
    #expect(drawn(80)[3] == "● mail-relay      0/5 no traffic for 4 min" + gap(30) + "ok")
  }

  @Test func `the sorted column is marked`() {
    #expect(drawn(40, sortedBy: "name")[0].contains("DEPENDENCY▾"))
    #expect(drawn(40, sortedBy: "p99")[0].contains(" P99▾"))
  }

  @Test func `rows begin at the offset and end with the room`() {
    #expect(drawn(40, rows: 2, offset: 1).count == 2)
    #expect(drawn(40, rows: 2, offset: 1)[1].contains("search"))
    #expect(drawn(40, rows: 4, offset: 2)[2] == "")
  }

  @Test func `only shown rows are asked for`() {
    var canvas = Canvas(size: Size(columns: 40, rows: 3))
    var asked: [Int] = []
    Overview.table().draw(in: canvas.bounds, on: &canvas, count: 10_000, offset: 500) { index in
      asked.append(index)
      return Overview.rows[0]
    }
    #expect(asked == [500, 501])
  }

  @Test func `the selected row is restyled from edge to edge and no other`() {
    var canvas = Canvas(size: Size(columns: 40, rows: 4))
    Overview.table().draw(in: canvas.bounds, on: &canvas, count: 3, selected: 1) { Overview.rows[$0] }
    let reversed = (0..<4).map { row in
      (0..<40).filter { canvas[Position(column: $0, row: row)].style.attributes.contains(.reverse) }.count
    }
    #expect(reversed == [0, 0, 40, 0])
  }

  @Test(arguments: [(0, 0), (40, 0), (0, 4), (1, 1), (3, 2)]) func `any room is enough not to fail`(
    _ columns: Int, _ rows: Int
  ) {
    #expect(drawn(columns, rows: rows).count == rows)
  }

  @Test(
    arguments: [
      (0, 5, 100, 10, 0), (0, 10, 100, 10, 1), (20, 5, 100, 10, 5), (95, 99, 100, 10, 90), (3, nil, 5, 10, 0),
      (40, nil, 45, 10, 35), (7, 2, 5, 0, 7),
    ] as [(Int, Int?, Int, Int, Int)])
  func `scrolling moves just far enough`(_ offset: Int, _ selected: Int?, _ count: Int, _ visible: Int, _ expected: Int)
  {
    #expect(Table.scrolled(offset, toShow: selected, of: count, visible: visible) == expected)
  }

  @Test func `a selection without a colour of its own keeps the cell's`() {
    let base = Style(background: .indexed(0))
    let cell = Style(foreground: .indexed(1), background: .indexed(0), attributes: .bold)
    let under = cell.selected(by: Style(background: .indexed(8)), over: base)
    #expect(under == Style(foreground: .indexed(1), background: .indexed(8), attributes: .bold))
    #expect(cell.selected(by: Style(foreground: .indexed(7)), over: base).foreground == .indexed(7))
  }

  @Test func `a block of colour stays one under the selection`() {
    let block = Style(foreground: .indexed(0), background: .indexed(1))
    #expect(block.selected(by: Style(foreground: .indexed(7), background: .indexed(4)), over: .plain) == block)
  }

  @Test func `what is reversed stands out in a reversed selection`() {
    let selection = Style(attributes: .reverse)
    #expect(Style(attributes: [.reverse, .bold]).selected(by: selection, over: .plain).attributes == .bold)
    #expect(Style.plain.selected(by: selection, over: .plain).attributes == .reverse)
  }
}
