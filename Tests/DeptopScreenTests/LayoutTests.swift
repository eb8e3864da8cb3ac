import Testing

import DeptopScreen

@Suite struct LayoutTests {
  private typealias Part = Layout.Part

  @Test func `flexible parts share what fixed ones leave`() {
    let layout = Layout(.vertical, [.fixed(2), .flexible(), .fixed(4), .fixed(1)])
    #expect(layout.lengths(of: 24) == [2, 17, 4, 1])
  }

  @Test func `shares follow the weights and the remainder goes to the earliest`() {
    let layout = Layout(.horizontal, [.flexible(weight: 2), .flexible(weight: 1), .flexible(weight: 1)])
    #expect(layout.lengths(of: 40) == [20, 10, 10])
    #expect(layout.lengths(of: 41) == [21, 10, 10])
  }

  @Test func `a maximum hands its rest to the others`() {
    let layout = Layout(.horizontal, [.flexible(maximum: 5), .flexible(minimum: 3)])
    #expect(layout.lengths(of: 30) == [5, 25])
  }

  @Test func `where the room does not suffice earlier parts come first`() {
    let layout = Layout(.vertical, [.fixed(2), .flexible(minimum: 3), .fixed(4), .fixed(1)])
    #expect(layout.lengths(of: 7) == [2, 3, 2, 0])
    #expect(layout.lengths(of: 1) == [1, 0, 0, 0])
    #expect(layout.lengths(of: -1) == [0, 0, 0, 0])
  }

  @Test func `vertical parts lie below one another`() {
    let rects = Layout(.vertical, [.fixed(1), .flexible()]).rects(in: Rect(column: 3, row: 2, columns: 10, rows: 6))
    #expect(rects == [Rect(column: 3, row: 2, columns: 10, rows: 1), Rect(column: 3, row: 3, columns: 10, rows: 5)])
  }

  @Test func `spacing stands between parts only`() {
    let rects = Layout(.horizontal, [.flexible(), .fixed(4), .flexible()], spacing: 1)
      .rects(in: Rect(column: 0, row: 0, columns: 20, rows: 1))
    #expect(rects.map(\.left) == [0, 8, 13])
    #expect(rects.map(\.columns) == [7, 4, 7])
  }

  @Test func `a part that got nothing takes no spacing either`() {
    let rects = Layout(.horizontal, [.fixed(4), .fixed(0), .fixed(4)], spacing: 2)
      .rects(in: Rect(column: 0, row: 0, columns: 10, rows: 1))
    #expect(rects.map(\.left) == [0, 6, 6])
  }

  @Test(arguments: 0..<200) func `parts stay inside and never overlap`(_ total: Int) {
    var generator = SeededGenerator(seed: UInt64(total))
    let parts: [Layout.Part] = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
      let length = Int.random(in: 0...20, using: &generator)
      return Bool.random(using: &generator)
        ? .fixed(length)
        : .flexible(minimum: length, maximum: length * 3, weight: Int.random(in: 0...3, using: &generator))
    }
    let spacing = Int.random(in: 0...2, using: &generator)
    let rects = Layout(.horizontal, parts, spacing: spacing).rects(in: Rect(column: 0, row: 0, columns: total, rows: 1))
    var end = 0
    for rect in rects where rect.columns > 0 {
      #expect(rect.left >= end)
      end = rect.right
    }
    #expect(end <= total, "\(parts) \(rects)")
  }
}
