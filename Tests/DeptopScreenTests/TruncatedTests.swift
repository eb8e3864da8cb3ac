import Testing

import DeptopScreen

@Suite struct TruncatedTests {
  @Test(arguments: [
    ("payments", 8, "payments"), ("payments", 7, "paymen…"), ("payments", 1, "…"), ("payments", 0, ""),
    ("payments", -3, ""), ("", 0, ""), ("漢字漢字", 8, "漢字漢字"), ("漢字漢字", 7, "漢字漢…"), ("漢字漢字", 6, "漢字…"),
    ("漢字", 1, "…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
  ])
  func `text is cut by columns and says so`(_ text: String, _ columns: Int, _ expected: String) {
    #expect(truncated(text, to: columns) == expected)
  }

  @Test func `in ASCII the ellipsis is a tilde`() {
    #expect(truncated("payments", to: 4, ellipsis: Glyphs.ascii.ellipsis) == "pay~")
  }

  @Test(arguments: [
    (Alignment.left, "ab   "), (.right, "   ab"), (.center, " ab  "),
  ])
  func `padding fills up to exactly the width`(_ alignment: Alignment, _ expected: String) {
    #expect(padded("ab", to: 5, alignment: alignment) == expected)
  }

  @Test func `a wide character that does not fit leaves a space, never half of itself`() {
    #expect(padded("漢字漢字", to: 6) == "漢字… ")
    #expect(columnWidth(of: padded("漢字漢字", to: 6)) == 6)
  }
}
