import DeptopScreen
import DeptopTestSupport
import Testing

/// The judge of the other tests, judged.
@Suite struct TerminalEmulatorTests {
  private func emulator(_ text: String, columns: Int = 10, rows: Int = 4) -> TerminalEmulator {
    var emulator = TerminalEmulator(size: Size(columns: columns, rows: rows))
    emulator.feed(text.utf8)
    return emulator
  }

  @Test(arguments: [
    ("ab\u{1b}[3;2Hc\u{1b}[1Gd", ["ab", "", "dc", ""]), ("0123456789x", ["0123456789", "x", "", ""]),
    ("0123456789\rx", ["x123456789", "", "", ""]), ("a\u{1b}[3b", ["aaaa", "", "", ""]),
    ("abcdef\u{1b}[3G\u{1b}[2P", ["abef", "", "", ""]), ("abcdef\u{1b}[3G\u{1b}[2@", ["ab  cdef", "", "", ""]),
    ("abcdef\u{1b}[3G\u{1b}[2X", ["ab  ef", "", "", ""]), ("abc\u{1b}[2G\u{1b}[K", ["a", "", "", ""]),
    ("abc\u{1b}[2G\u{1b}[1K", ["  c", "", "", ""]), ("a\r\nb\r\nc\u{1b}[2H\u{1b}[L", ["a", "", "b", "c"]),
    ("a\r\nb\r\nc\u{1b}[1H\u{1b}[M", ["b", "c", "", ""]), ("a\r\nb\r\nc\r\nd\r\ne", ["b", "c", "d", "e"]),
    ("a\r\nb\r\nc\r\nd\u{1b}[2;3r\u{1b}[3H\n", ["a", "c", "", "d"]), ("a\u{1b}[H\u{1b}M", ["", "a", "", ""]),
    ("\u{1b}(0lqk\u{1b}(Bq", ["┌─┐q", "", "", ""]), ("漢字", ["漢字", "", "", ""]),
    ("123456789漢", ["123456789", "漢", "", ""]),
    ("e\u{301}x", ["e\u{301}x", "", "", ""]), ("漢\u{1b}[2Gx", [" x", "", "", ""]), ("a\tb", ["a       b", "", "", ""]),
    ("x\u{1b}[?1049hy\u{1b}[?1049l", ["x", "", "", ""]), ("a\u{1b}]0;title\u{7}b", ["ab", "", "", ""]),
    ("a\u{1b}[3\u{18}b", ["ab", "", "", ""]), ("a\u{1b}[2J", ["", "", "", ""]),
  ])
  func `a stream leaves the rows that a terminal would show`(stream: String, rows: [String]) {
    let emulator = emulator(stream)
    #expect(emulator.screen == rows)
    #expect(emulator.unknown == [])
  }

  @Test(arguments: [
    ("\u{1b}[1;31;44m", Style(foreground: .indexed(1), background: .indexed(4), attributes: .bold)),
    ("\u{1b}[38;5;200;48;2;1;2;3m", Style(foreground: .indexed(200), background: .rgb(0x010203))),
    ("\u{1b}[38:2::1:2:3;4m", Style(foreground: .rgb(0x010203), attributes: .underline)),
    ("\u{1b}[97;7m\u{1b}[27m", Style(foreground: .indexed(15))), ("\u{1b}[1;2;3m\u{1b}[22;23m", .plain),
    ("\u{1b}[31;42m\u{1b}[39;49m", .plain), ("\u{1b}[31;1m\u{1b}[m", .plain),
  ])
  func `attributes are those of the last sequences`(stream: String, style: Style) {
    #expect(emulator(stream + "x")[0, 0].style == style)
  }

  @Test func `modes are known`() {
    let inside = emulator("\u{1b}[?1049h\u{1b}[?25l\u{1b}=\u{1b}[?1;2004h")
    #expect(inside.isAlternateScreen && !inside.isCursorVisible && inside.isKeypadApplication)
    #expect(inside.modes == [1, 2004])
    #expect(emulator("\u{1b}[5y").unknown.count == 1)
  }

  @Test func `a stream may be cut anywhere`() {
    let stream = Array("a\u{1b}[1;31m漢\u{1b}[3;4Hé\u{1b}[?25l".utf8)
    let whole = emulator(String(decoding: stream, as: UTF8.self))
    for cut in 0...stream.count {
      var parts = TerminalEmulator(size: whole.size)
      parts.feed(stream[..<cut])
      parts.feed(stream[cut...])
      #expect(parts.cells == whole.cells && parts.cursor == whole.cursor && parts.unknown == [])
    }
  }

  @Test(arguments: [
    ("x", "y", 4), ("abc     def", "abd     dee", 11), ("", "\u{1b}[31mx", 12), ("", "\u{1b}[3;2Habc", 9),
    ("same", "same", 0), ("abcdefghi", "", 6),
  ])
  func `the floor counts a move, the attributes and the text`(old: String, new: String, bytes: Int) {
    #expect(UpdateFloor(from: emulator(old, columns: 20), to: emulator(new, columns: 20)).bytes == bytes)
  }
}
