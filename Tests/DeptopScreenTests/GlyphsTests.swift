import Testing

import DeptopScreen

@Suite struct GlyphsTests {
  static let sets = [Glyphs.unicode, Glyphs.ascii]

  @Test(arguments: sets) func `every sign takes one column`(_ glyphs: Glyphs) {
    #expect(Self.all(glyphs).allSatisfy { columnWidth(of: $0) == 1 })
  }

  @Test(arguments: sets) func `every level has a sign of its own`(_ glyphs: Glyphs) {
    let marks = glyphs.marks
    #expect(Set([marks.critical, marks.warning, marks.ok, marks.stale, marks.unknown]).count == 5)
  }

  @Test(arguments: sets) func `a gap or a missing reading looks like no height`(_ glyphs: Glyphs) {
    #expect(Set(glyphs.sparkline).count == 8)
    #expect(!glyphs.sparkline.contains(glyphs.gap))
    #expect(!glyphs.sparkline.contains(glyphs.missing))
    #expect(glyphs.missing != glyphs.gap)
    #expect(glyphs.missing != glyphs.barEmpty && glyphs.missing != glyphs.barFull)
  }

  @Test(arguments: sets) func `five densities differ`(_ glyphs: Glyphs) {
    #expect(Set(glyphs.heat).count == 5)
  }

  @Test func `the ASCII set is ASCII`() {
    #expect(Self.all(.ascii).allSatisfy { $0.isASCII })
  }

  private static func all(_ glyphs: Glyphs) -> [Character] {
    let marks = glyphs.marks
    let box = glyphs.box
    return glyphs.sparkline + glyphs.heat + [
      marks.critical, marks.warning, marks.ok, marks.stale, marks.unknown, box.horizontal, box.vertical, box.topLeft,
      box.topRight, box.bottomLeft, box.bottomRight, box.tick, glyphs.barFull, glyphs.barEmpty, glyphs.arrow,
      glyphs.ellipsis, glyphs.missing, glyphs.gap, glyphs.check, glyphs.caret, glyphs.sortedAscending,
      glyphs.sortedDescending,
    ]
  }
}
