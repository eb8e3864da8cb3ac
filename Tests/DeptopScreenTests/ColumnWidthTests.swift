import Glibc
import Testing

import DeptopScreen

@Suite struct ColumnWidthTests {
  @Test(
    arguments: [
      ("a", 1), ("~", 1), (" ", 1), ("é", 1), ("e\u{301}", 1), ("ß", 1), ("─", 1), ("█", 1), ("●", 1), ("✖", 1),
      ("漢", 2), ("ｶ", 1), ("Ａ", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("🚀", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2),
      ("क", 1), ("\u{3000}", 2), ("\u{E0B0}", 1), ("€", 1),
    ] as [(Character, Int)])
  func `a visible character has the columns of its parts, at most two`(_ character: Character, _ width: Int) {
    #expect(columnWidth(of: character) == width)
  }

  @Test(
    arguments: [
      "\u{0}", "\u{7}", "\t", "\n", "\r\n", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{AD}", "\u{61C}", "\u{200B}",
      "\u{200E}", "\u{200F}", "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{2028}", "\u{2029}", "\u{FEFF}",
      "\u{301}", "\u{E0001}", "\u{FFFF}", "\u{378}", "\u{10FFFF}",
    ] as [Character])
  func `what no terminal may be sent has no column`(_ character: Character) {
    #expect(columnWidth(of: character) == 0)
  }

  @Test func `a text has the columns of its characters`() {
    #expect(columnWidth(of: "a漢\u{202E}é🚀") == 6)
    #expect(columnWidth(of: "") == 0)
  }

  @Test func `unassigned scalars and controls have no column`() {
    let wrong = Self.scalars { scalar in
      switch scalar.properties.generalCategory {
      case .unassigned, .control, .lineSeparator, .paragraphSeparator: columnWidth(of: scalar) != 0
      default: false
      }
    }
    #expect(wrong == [])
  }

  /// Differences that are meant: what the C library's Unicode does not know yet (-1), invisible characters that it
  /// gives a column, and symbols whose width changed between versions of Unicode.
  @Test func `every scalar has the width that the C library gives it`() throws {
    // The header declares wcwidth only for X/Open sources, so the library is asked for it by name.
    typealias WidthFunction = @convention(c) (wchar_t) -> CInt
    let symbol = unsafe try #require(dlsym(nil, "wcwidth"))
    let wcwidth = unsafe unsafeBitCast(symbol, to: WidthFunction.self)
    let locale = unsafe try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let previous = unsafe uselocale(locale)
    defer {
      unsafe uselocale(previous)
      unsafe freelocale(locale)
    }
    let changed: [ClosedRange<UInt32>] = [
      0x2630...0x2637, 0x268A...0x268F, 0x4DC0...0x4DFF, 0x1171E...0x1171E, 0x1D300...0x1D376, 0x1F1E6...0x1F1FF,
    ]
    var compared = 0
    let wrong = Self.scalars { scalar in
      let known = wcwidth(wchar_t(scalar.value))
      guard known >= 0, !changed.contains(where: { $0.contains(scalar.value) }) else { return false }
      compared += 1
      let expected = scalar.properties.isDefaultIgnorableCodePoint ? 0 : Int(known)
      return columnWidth(of: scalar) != expected
    }
    #expect(wrong == [])
    #expect(compared > 200_000)
  }

  private static func scalars(where matches: (Unicode.Scalar) -> Bool) -> [String] {
    (UInt32(0)...0x10FFFF).compactMap { value in
      guard let scalar = Unicode.Scalar(value), matches(scalar) else { return nil }
      return "U+" + String(value, radix: 16, uppercase: true)
    }
  }
}
