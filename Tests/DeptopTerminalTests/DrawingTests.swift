import DeptopScreen
import DeptopTestSupport
import TerminalFixtureScreens
import Testing

@Suite struct DrawingTests {
  @Test(arguments: ["xterm-256color", "tmux-256color", "screen-256color", "xterm", "linux", "vt100"])
  func `the screen shows the text of the canvas on every terminal type`(type: String) throws {
    let session = try FixtureSession(type: type)
    session.type("nnn", awaiting: "dependency-1")
    var screen = FixtureScreen()
    screen.seed = 4
    screen.status = session.terminal.emulator.screen.last ?? ""
    session.expectText(screen)
  }

  @Test func `each canvas after another is drawn with its colours and attributes`() throws {
    let session = try FixtureSession()
    var screen = FixtureScreen()
    screen.status = "xterm-256color indexed256 utf8"
    session.expectCanvas(screen)
    for _ in 0..<5 {
      session.terminal.type("n")
      screen.seed += 1
      session.expectCanvas(screen)
    }
    session.type("\u{1b}[B", awaiting: "key down")
    screen.selection = 1
    screen.status = "key down"
    session.expectCanvas(screen)
  }

  @Test func `wide and combining characters keep their columns from frame to frame`() throws {
    let session = try FixtureSession()
    var screen = FixtureScreen()
    screen.status = "xterm-256color indexed256 utf8"
    screen.content = .wide
    session.type("w", awaiting: "名前")
    session.expectCanvas(screen)
    for _ in 0..<3 {
      session.terminal.type("n")
      screen.seed += 1
      session.expectCanvas(screen)
    }
    session.type("t", awaiting: "dependency-3")
    screen.content = .table
    session.expectCanvas(screen)
  }

  @Test(arguments: [Size(columns: 300, rows: 100), Size(columns: 40, rows: 10)])
  func `a resized terminal is drawn anew, down to a single cell and back`(size: Size) throws {
    let session = try FixtureSession()
    var screen = FixtureScreen()
    for step in [size, Size(columns: 1, rows: 1), Size(columns: 80, rows: 24)] {
      session.terminal.resize(to: step)
      screen.status = "size \(step.columns)x\(step.rows)"
      let last = String(screen.status.prefix(step.columns))
      session.terminal.wait { $0.emulator.screen.last == last }
      session.terminal.settle()
      session.expectCanvas(screen, size: step)
    }
  }

  @Test func `control-l draws everything from nothing`() throws {
    let session = try FixtureSession()
    let clears = session.terminal.emulator.clearCount
    session.terminal.type("\u{0c}")
    session.terminal.wait { $0.emulator.clearCount > clears }
    session.terminal.settle()
    #expect(session.terminal.emulator.clearCount == clears + 1)
    var screen = FixtureScreen()
    screen.status = "key control(\"l\")"
    session.expectCanvas(screen)
  }

  @Test func `the cursor is hidden until text is entered`() throws {
    let session = try FixtureSession()
    #expect(!session.terminal.emulator.isCursorVisible)
    session.terminal.type("i")
    session.terminal.wait { $0.emulator.isCursorVisible }
    session.terminal.settle()
    #expect(session.terminal.emulator.isCursorVisible)
    #expect(session.terminal.emulator.cursor == Position(column: 5, row: 2))
    session.type("c", awaiting: "00:00:01")
    #expect(session.terminal.emulator.cursor == Position(column: 5, row: 2))
    session.terminal.type("o")
    session.terminal.wait { !$0.emulator.isCursorVisible }
    #expect(!session.terminal.emulator.isCursorVisible)
  }
}
