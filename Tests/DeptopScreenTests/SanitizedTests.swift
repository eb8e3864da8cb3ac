import Testing

import DeptopScreen

@Suite struct SanitizedTests {
  @Test(arguments: [
    ("orders-db", "orders-db"),
    ("", ""),
    ("\u{1B}[31mred\u{1B}[0m", "[31mred[0m"),
    ("a\u{9B}2Jb", "a2Jb"),
    ("a\u{0}\u{7}\u{8}\u{7F}b", "ab"),
    ("one\r\n\ttwo\u{2028}three\u{2029}four\u{85}", "one two three four "),
    ("user\u{202E}gpj.exe\u{202C}", "usergpj.exe"),
    ("\u{2066}x\u{2069}\u{200E}\u{200F}\u{61C}", "x"),
    ("pay\u{200B}ments\u{2060}-\u{FEFF}a\u{AD}pi", "payments-api"),
    ("a\u{E0041}\u{E007F}b", "ab"),
    ("❤\u{FE0F}", "❤"),
    ("👩\u{200D}💻", "👩💻"),
    ("👍🏽", "👍"),
    ("\u{3164}\u{115F}x", "x"),
    ("漢字 é", "漢字 é"),
    ("\u{301}x", "x"),
    ("\u{FFFF}\u{378}", ""),
  ])
  func `nothing invisible or steering is left`(_ text: String, _ expected: String) {
    #expect(sanitized(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test func `no more combining marks are left than a terminal cell holds`() {
    let tower = "e" + String(repeating: "\u{301}", count: 60) + "x"
    #expect(sanitized(tower).unicodeScalars.count == 6)
  }

  @Test func `sanitizing twice changes nothing more, and every character left has a column`() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      var text = ""
      for _ in 0..<40 {
        let limit: UInt32 = Bool.random(using: &generator) ? 0x300 : 0x20000
        guard let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) else { continue }
        text.unicodeScalars.append(scalar)
      }
      let once = sanitized(text)
      #expect(sanitized(once) == once)
      #expect(once.allSatisfy { columnWidth(of: $0) > 0 }, "\(once.unicodeScalars.map(\.value))")
    }
  }
}
