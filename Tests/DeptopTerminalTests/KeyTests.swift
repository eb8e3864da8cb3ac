import DeptopTestSupport
import Testing

@Suite struct KeyTests {
  static let sequences: [(String, String)] = [
    ("\u{1b}[A", "up"), ("\u{1b}OA", "up"), ("\u{1b}[B", "down"), ("\u{1b}[C", "right"), ("\u{1b}[D", "left"),
    ("\u{1b}[1;5A", "up"), ("\u{1b}[1;2B", "down"), ("\u{1b}[1;3H", "home"), ("\u{1b}[6;5~", "pageDown"),
    ("\u{1b}[H", "home"), ("\u{1b}OH", "home"), ("\u{1b}[1~", "home"), ("\u{1b}[7~", "home"),
    ("\u{1b}[F", "end"), ("\u{1b}OF", "end"), ("\u{1b}[4~", "end"), ("\u{1b}[8~", "end"), ("\u{1b}[5~", "pageUp"),
    ("\u{1b}[6~", "pageDown"), ("\u{1b}[3~", "delete"), ("\u{1b}[Z", "backTab"), ("\u{1b}OP", "function(1)"),
    ("\u{1b}[11~", "function(1)"), ("\u{1b}[[A", "function(1)"), ("\u{1b}[15~", "function(5)"),
    ("\u{1b}[[E", "function(5)"), ("\u{1b}[21~", "function(10)"), ("\u{1b}[24~", "function(12)"), ("\r", "enter"),
    ("\n", "enter"), ("\t", "tab"), ("\u{7f}", "backspace"), ("\u{8}", "backspace"), ("\u{1b}", "escape"),
    ("\u{1}", "control(\"a\")"), ("\u{0}", "control(\"@\")"), ("é", "character(\"é\")"), ("漢", "character(\"漢\")"),
  ]

  @Test(arguments: ["xterm-256color", "xterm", "tmux-256color", "screen-256color", "linux"])
  func `what terminals send for a key is that key under every type`(type: String) throws {
    let session = try FixtureSession(type: type)
    for (sequence, name) in KeyTests.sequences {
      session.terminal.type("\u{13}")
      #expect(session.terminal.wait { $0.emulator.shows("key control(\"s\")") })
      session.terminal.type(sequence)
      let isShown = session.terminal.wait(for: .seconds(5)) { $0.emulator.screen.last == "key \(name)" }
      #expect(isShown, "\(name): \(session.terminal.emulator.screen.last ?? "")")
    }
  }

  @Test(arguments: ["\u{1b}[1;99Q", "\u{1b}[200;1;2u", "\u{1b}]11;rgb:0000/0000/0000\u{7}", "\u{1b}P1$r0m\u{1b}\\"])
  func `an unknown sequence does not act as the letters in it`(sequence: String) throws {
    let session = try FixtureSession()
    session.terminal.type(sequence + "z")
    session.terminal.wait { $0.emulator.shows("key character(\"z\")") }
    #expect(session.terminal.emulator.shows("key character(\"z\")"))
    #expect(session.terminal.ending == nil)
  }

  @Test func `pasted text is text and not commands`() throws {
    let session = try FixtureSession()
    session.type("\u{1b}[200~qqq\u{1b}[31mq\rx\u{1b}[201~", awaiting: "paste 10 qqq[31mqx")
    #expect(session.terminal.ending == nil)
  }

  @Test func `a sequence that arrives in pieces is one key`() throws {
    let session = try FixtureSession()
    session.terminal.type("\u{1b}[")
    session.terminal.type("B")
    #expect(session.terminal.wait { $0.emulator.shows("key down") })
  }
}
