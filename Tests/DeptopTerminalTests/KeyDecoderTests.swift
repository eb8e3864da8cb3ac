import DeptopScreen
import CCurses
import Testing

@testable import DeptopTerminal

@Suite struct KeyDecoderTests {
  private func codes(_ text: String) -> [Int32] { text.utf8.map(Int32.init) }

  @Test func `characters are put together from their bytes across bursts`() {
    var decoder = KeyDecoder()
    let bytes = codes("é漢🙂")
    let keys = bytes.flatMap { decoder.keys(from: [$0]) }
    #expect(keys == [.character("é"), .character("漢"), .character("🙂")])
  }

  @Test(
    arguments: [[0xff, 0x61], [0xc3, 0x61], [0x80, 0x61], [0xe6, 0xbc, 0x61], [0xc2, 0x9b, 0x61]] as [[Int32]])
  func `broken characters and eight-bit controls are dropped`(codes: [Int32]) {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: codes) == [.character("a")])
  }

  @Test(arguments: [
    ("\u{1b}", [Key.escape]), ("\u{1b}[", [.escape, .character("[")]), ("\u{1b}[99;1zq", [.character("q")]),
    ("\u{1b}]11;x\u{7}q", [.character("q")]), ("\u{1b}Pabc\u{1b}\\q", [.character("q")]),
    ("\u{1b}x", [.escape, .character("x")]), ("\u{1b}[<0;1;1Mq", [.character("q")]),
  ])
  func `an unknown sequence is dropped whole and a key after it is not`(text: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: codes(text)) == keys)
  }

  @Test func `named keys, controls and function keys have their names`() {
    var decoder = KeyDecoder()
    let named = [CCURSES_KEY_HOME, CCURSES_KEY_FUNCTION + 7, 1, 0x1d, 0x7f, 0x0d, 9].map { Int32($0) }
    #expect(decoder.keys(from: named) == [.home, .function(7), .control("a"), .control("]"), .backspace, .enter, .tab])
    #expect(decoder.keys(from: [Int32(CCURSES_KEY_OTHER)]) == [])
  }
}
