import DeptopScreen
import DeptopTestSupport
import TerminalFixtureScreens
import Testing

@Suite struct TerminalKindTests {
  @Test func `with NO_COLOR no colour is sent`() throws {
    let session = try FixtureSession(environment: ["NO_COLOR": "1", "COLORTERM": "truecolor"])
    session.terminal.type("nhnt")
    session.terminal.settle()
    #expect(session.terminal.emulator.shows("mono"))
    #expect(
      session.terminal.emulator.cells.allSatisfy {
        $0.style.foreground == .terminal && $0.style.background == .terminal
      })
    let text = String(decoding: session.terminal.received, as: UTF8.self)
    for code in ["[3", "[4", "[9", ";3", ";4"] {
      let colours = text.split(separator: "\u{1b}").filter { $0.hasPrefix(code) && $0.prefix(8).contains("m") }
      #expect(
        colours.allSatisfy { $0.hasPrefix("[3m") || $0.hasPrefix("[4m") || $0.hasPrefix("[3;") }, "\(colours.prefix(3))"
      )
    }
  }

  @Test(arguments: ["unknown-term", "xterm-ghostty", "tmux-unheard-of", "", "no/such\u{1}thing"])
  func `an unknown terminal type falls back to one that loads`(type: String) throws {
    let session = try FixtureSession(type: type)
    let used = type == "tmux-unheard-of" ? "tmux" : type == "xterm-ghostty" ? "xterm" : "xterm-256color"
    #expect(session.terminal.emulator.screen.last?.split(separator: " ").first.map(String.init) == used)
    session.terminal.type("q")
    #expect(session.terminal.waitForEnd() == .exited(0))
    session.expectRestored()
  }

  @Test func `a dumb terminal is refused in one sentence`() throws {
    let terminal = try PseudoTerminal(
      [BuiltProgram.path("terminal-fixture")], environment: ["TERM": "dumb"], size: Size(columns: 80, rows: 24))
    #expect(terminal.waitForEnd() == .exited(1))
    #expect(terminal.emulator.shows("terminal type dumb cannot place the cursor"))
    #expect(terminal.mode == terminal.initialMode)
  }

  @Test func `an output that is no terminal is refused`() throws {
    let terminal = try PseudoTerminal(
      ["/bin/sh", "-c", "'\(BuiltProgram.path("terminal-fixture"))' >/dev/null"], environment: ["TERM": "xterm"],
      size: Size(columns: 80, rows: 24))
    #expect(terminal.waitForEnd() == .exited(1))
    #expect(terminal.emulator.shows("standard output is not a terminal"))
  }

  @Test(arguments: [
    (["LANG": "C"], "ascii"), (["LANG": "xx_YY.UTF-8"], "utf8"), (["LC_ALL": "POSIX", "LANG": "C.UTF-8"], "ascii"),
    (["LC_CTYPE": "C.UTF-8", "LANG": "C"], "utf8"),
  ])
  func `the locale decides on the characters that can be shown`(environment: [String: String], encoding: String) throws
  {
    let session = try FixtureSession(environment: environment)
    #expect(session.terminal.emulator.shows("indexed256 \(encoding)"))
    if encoding == "ascii" {
      #expect(session.terminal.received.allSatisfy { $0 < 0x80 })
      #expect(session.terminal.emulator.screen[1].contains("? dependency-1"))
    }
  }

  @Test func `more pairs of colours than the terminal keeps cost colour and not text`() throws {
    let session = try FixtureSession(type: "xterm")
    session.type("m", awaiting: "xxxxxxxx")
    var screen = FixtureScreen()
    screen.content = .mosaic
    screen.status = "xterm ansi8 utf8"
    session.expectText(screen)
    let canvas = screen.canvas(session.size)
    let right = canvas.cells.indices.filter { canvas.cells[$0].look == session.terminal.emulator.cells[$0].look }
    #expect(right.count > canvas.cells.count * 3 / 5)
    session.type("t", awaiting: "dependency-1")
    screen.content = .table
    session.expectText(screen)
  }

  @Test func `the clipboard is asked to take a text`() throws {
    let session = try FixtureSession()
    session.type("y", awaiting: "copied true")
    #expect(session.terminal.emulator.clipboard == "b3JkZXJzLWRi")
  }

  @Test func `a terminal that might print the clipboard request is not asked`() throws {
    let session = try FixtureSession(type: "vt100")
    session.type("y", awaiting: "copied false")
    #expect(session.terminal.emulator.clipboard == nil)
  }
}
