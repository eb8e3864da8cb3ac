import Testing

@testable import DeptopTerminal

@Suite struct GlyphTests {
  private static func width(_ scalar: UInt32) -> Int32 {
    switch scalar {
    case 0x300...0x36f, 0x200d, 0xfe00...0xfe0f: 0
    case 0x4e00...0x9fff, 0x1f300...0x1f64f: 2
    case 0xe000...0xf8ff: -1
    default: 1
    }
  }

  @Test(
    arguments: [
      ("a", 1, [0x61], 1), ("漢", 2, [0x6f22], 2), ("e\u{301}", 1, [0x65, 0x301], 1), ("⚠\u{fe0f}", 2, [0x26a0], 1),
      ("👨\u{200d}👩", 2, [0x1f468], 2), ("\u{e000}", 1, [0x3f], 1), ("🇩🇪", 2, [0x3f], 1), ("漢", 1, [0x3f], 1),
      ("a\u{301}\u{302}\u{303}\u{304}\u{305}", 1, [0x61, 0x301, 0x302, 0x303, 0x304], 1),
    ] as [(Character, Int, [UInt32], Int)])
  func `a cluster is reduced to what every terminal draws alike`(
    text: Character, columns: Int, scalars: [UInt32], width: Int
  ) {
    let glyph = Glyph(text, columns: columns, width: GlyphTests.width)
    #expect((0..<glyph.count).map { glyph.scalars[$0] } == scalars)
    #expect(glyph.columns == width)
  }
}
