import DeptopScreen
import Testing

@testable import DeptopTerminal

@Suite struct PaletteTests {
  @Test(arguments: [
    (ColorDepth.mono, Color.indexed(3), Int32(-1)), (.ansi8, .indexed(3), 3), (.ansi8, .indexed(11), 3),
    (.ansi8, .indexed(200), -1), (.ansi16, .indexed(11), 11), (.ansi16, .rgb(0xff0000), -1),
    (.indexed256, .indexed(200), 200), (.indexed256, .rgb(0xff0000), 196), (.indexed256, .rgb(0x808080), 244),
    (.trueColor, .indexed(3), 3), (.trueColor, .indexed(196), 0xff0000), (.trueColor, .rgb(0x123456), 0x123456),
    (.trueColor, .rgb(0), 8), (.trueColor, .rgb(0xff00_0001), 8), (.trueColor, .terminal, -1), (.ansi8, .terminal, -1),
  ])
  func `a colour has the number that its depth gives it`(depth: ColorDepth, color: Color, number: Int32) {
    #expect(Palette(depth: depth).number(for: color) == number)
  }

  @Test func `every colour of the palette is nearest to itself`() {
    for index in UInt8(16)...255 {
      let nearest = Palette.nearestIndex(to: Palette.rgb(ofIndex: index))
      #expect(Palette.rgb(ofIndex: nearest) == Palette.rgb(ofIndex: index))
    }
  }

  @Test(arguments: [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("orders-db ✖", "b3JkZXJzLWRiIOKclg==")])
  func `the clipboard's text is base64`(text: String, encoded: String) {
    #expect(String(decoding: ClipboardRequest.base64(Array(text.utf8)), as: UTF8.self) == encoded)
  }

  @Test func `a clipboard request is bounded and only for terminals that know it`() {
    #expect(ClipboardRequest("x", type: "xterm-256color", hasCapability: false) != nil)
    #expect(ClipboardRequest("x", type: "vt100", hasCapability: false) == nil)
    #expect(ClipboardRequest("x", type: "odd", hasCapability: true) != nil)
    let long = String(repeating: "x", count: ClipboardRequest.limit + 1)
    #expect(ClipboardRequest(long, type: "xterm", hasCapability: true) == nil)
  }
}
