import Testing

@testable import DeptopTerminal

@Suite struct InputGateTests {
  private func keys(_ text: String) -> InputGate.Piece { .keys(Array(text.utf8)) }

  @Test(arguments: ["a", "\u{1b}[A", "\u{1b}OP", "\u{1b}[1;5A", "\u{1b}[[A", "\u{1b}x", "q\u{1b}[24~"])
  func `what is complete passes at once`(text: String) {
    var gate = InputGate()
    #expect(gate.accept(Array(text.utf8)) == [keys(text)])
    #expect(gate.patience == nil)
  }

  @Test(arguments: ["\u{1b}", "\u{1b}[", "\u{1b}O", "\u{1b}[1;", "\u{1b}[["])
  func `the beginning of a sequence waits for its rest`(text: String) {
    var gate = InputGate()
    #expect(gate.accept(Array("q\(text)".utf8)) == [keys("q")])
    #expect(gate.patience != nil)
    #expect(gate.accept(Array("A".utf8)) == [keys("\(text)A")])
    #expect(gate.patience == nil)
  }

  @Test func `a lone escape is released when nothing follows`() {
    var gate = InputGate()
    #expect(gate.accept([0x1b]) == [])
    #expect(gate.patience == .milliseconds(25))
    #expect(gate.release() == [keys("\u{1b}")])
    #expect(gate.patience == nil)
    #expect(gate.release() == [])
  }

  @Test func `a paste is told apart from keys wherever it is cut`() {
    let bytes = Array("a\u{1b}[200~x\u{1b}[31my\u{1b}[201~b".utf8)
    for cut in 0...bytes.count {
      var gate = InputGate()
      let pieces = gate.accept(Array(bytes[..<cut])) + gate.accept(Array(bytes[cut...]))
      #expect(pieces == [keys("a"), .paste(Array("x\u{1b}[31my".utf8)), keys("b")], "cut at \(cut)")
    }
  }

  @Test func `a paste that never ends is given up`() {
    var gate = InputGate()
    #expect(gate.accept(Array("\u{1b}[200~abc".utf8)) == [])
    #expect(gate.patience == .seconds(1))
    #expect(gate.release() == [.paste(Array("abc".utf8))])
    #expect(gate.accept(Array("q".utf8)) == [keys("q")])
  }

  @Test func `of a long paste only the beginning is kept`() {
    var gate = InputGate()
    var pieces = gate.accept(Array("\u{1b}[200~".utf8))
    for _ in 0..<40 { pieces += gate.accept(Array(repeating: 0x61, count: 4096)) }
    pieces += gate.accept(Array("\u{1b}[201~".utf8))
    #expect(pieces == [.paste(Array(repeating: 0x61, count: InputGate.pasteLimit))])
  }

  @Test func `pasted text has neither controls nor foreign line ends`() {
    #expect(PastedText.clean(Array("a\r\nb\rc\nd\te\u{1b}[1m\u{9b}f\u{7f}".utf8)) == "a\nb\nc\nd\te[1mf")
  }
}
