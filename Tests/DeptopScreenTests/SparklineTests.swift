import Testing

import DeptopScreen

@Suite struct SparklineTests {
  private func drawn(_ values: [Double?], width: Int, ceiling: Double? = nil, _ glyphs: Glyphs = .unicode) -> String {
    Sparkline(values: values, width: width, ceiling: ceiling).text(glyphs)
  }

  @Test func `readings rise with their value`() {
    #expect(drawn([0, 1, 2, 3, 4, 5, 6, 7, 8], width: 9) == "▁▂▃▄▅▆▇██")
    #expect(drawn([0, 1, 2, 3, 4, 5, 6, 7, 8], width: 9, .ascii) == "_,:=+*%##")
  }

  @Test func `unknown is a gap and never zero`() {
    #expect(drawn([0, nil, .nan, 8], width: 4) == "▁··█")
    #expect(drawn([nil, nil], width: 2) == "··")
    #expect(drawn([nil, 0], width: 2, .ascii) == "._")
  }

  @Test func `a series of zeros is flat at the bottom`() {
    #expect(drawn([0, 0, 0], width: 3) == "▁▁▁")
  }

  @Test func `what was before the first element is blank`() {
    #expect(drawn([8], width: 4) == "   █")
    #expect(drawn([], width: 3) == "   ")
  }

  @Test func `a longer series shows the peak of each share`() {
    #expect(drawn([0, 8, 0, 0, nil, 2, nil, nil], width: 4) == "█▁▃·")
  }

  @Test func `a ceiling makes rows comparable, and what is above it is cut`() {
    #expect(drawn([1, 50, .infinity, -3], width: 4, ceiling: 8) == "▂██▁")
  }

  @Test(arguments: [0, -4]) func `without width there is nothing`(_ width: Int) {
    #expect(drawn([1, 2], width: width) == "")
  }

  @Test(arguments: 1...40) func `the row is always as wide as asked for`(_ width: Int) {
    let values = (0..<23).map { $0 % 5 == 0 ? nil : Double($0) }
    #expect(columnWidth(of: drawn(values, width: width)) == width)
  }
}
