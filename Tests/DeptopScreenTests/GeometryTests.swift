import Testing

import DeptopScreen

@Suite struct GeometryTests {
  @Test func `an intersection is what both share`() {
    let rect = Rect(column: 2, row: 1, columns: 6, rows: 4)
    #expect(
      rect.intersection(Rect(column: 0, row: 0, columns: 4, rows: 3)) == Rect(column: 2, row: 1, columns: 2, rows: 2))
    #expect(rect.intersection(Rect(column: 20, row: 0, columns: 4, rows: 3)).columns == 0)
  }

  @Test func `a row outside the rectangle is empty`() {
    let rect = Rect(column: 2, row: 1, columns: 6, rows: 2)
    #expect(rect.row(1) == Rect(column: 2, row: 2, columns: 6, rows: 1))
    #expect(rect.row(2).rows == 0)
    #expect(rect.row(-1).rows == 0)
  }

  @Test func `an inset larger than the rectangle leaves nothing`() {
    #expect(Rect(column: 0, row: 0, columns: 3, rows: 3).inset(columns: 2, rows: 1).size == Size(columns: 0, rows: 1))
  }
}
