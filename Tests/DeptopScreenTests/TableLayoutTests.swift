import Testing

import DeptopScreen

@Suite struct TableLayoutTests {
  private func shown(_ width: Int) -> [String] {
    let columns = Overview.columns
    return TableLayout(columns: columns, available: width).placements.map { columns[$0.index].id }
  }

  @Test func `at 200 columns everything is shown and the weighted columns grow`() throws {
    let layout = TableLayout(columns: Overview.columns, available: 200)
    #expect(layout.placements.count == Overview.columns.count)
    #expect(layout.placements.last?.end == 200)
    let name = try #require(layout.placements.first { $0.index == 1 })
    #expect(name.width > Overview.columns[1].idealWidth)
  }

  @Test func `at 120 columns everything is shown`() {
    #expect(shown(120) == Overview.columns.map(\.id))
  }

  @Test func `at 80 columns the columns of low priority are gone, in place`() {
    #expect(
      shown(80) == ["mark", "name", "use", "wait", "breaker", "rate", "retry", "errors", "p50", "p99", "line", "dns"])
  }

  @Test func `at 40 columns what an operator needs first is left`() {
    #expect(shown(40) == ["mark", "name", "use", "p99", "dns"])
  }

  @Test func `the last column is narrowed rather than dropped`() {
    let columns = [TableColumn(id: "name", title: "NAME", minimumWidth: 10, idealWidth: 20, priority: 1)]
    #expect(TableLayout(columns: columns, available: 4).placements.map(\.width) == [4])
    #expect(TableLayout(columns: columns, available: 0).placements.isEmpty)
    #expect(TableLayout(columns: [], available: 10).placements.isEmpty)
  }

  @Test func `among equal priorities the rightmost gives way first`() {
    let columns = ["a", "b", "c"].map { TableColumn(id: $0, title: $0, minimumWidth: 5, idealWidth: 5, priority: 1) }
    #expect(TableLayout(columns: columns, available: 12).placements.map(\.index) == [0, 1])
  }

  @Test func `room goes to the ideal widths by priority`() {
    let columns = [
      TableColumn(id: "a", title: "A", minimumWidth: 2, idealWidth: 8, priority: 1),
      TableColumn(id: "b", title: "B", minimumWidth: 2, idealWidth: 8, priority: 2),
    ]
    #expect(TableLayout(columns: columns, available: 12).placements.map(\.width) == [3, 8])
  }

  @Test(arguments: 1...220) func `columns never overlap or leave the room`(_ width: Int) {
    let placements = TableLayout(columns: Overview.columns, available: width).placements
    #expect(!placements.isEmpty)
    for (left, right) in zip(placements, placements.dropFirst()) { #expect(left.end + 1 == right.offset) }
    #expect((placements.last?.end ?? 0) <= width)
    for placement in placements where placements.count > 1 {
      #expect(placement.width >= Overview.columns[placement.index].minimumWidth)
    }
  }

  @Test(arguments: 40...219) func `a wider screen never hides a column`(_ width: Int) {
    #expect(Set(shown(width)).isSubset(of: shown(width + 1)))
  }
}
