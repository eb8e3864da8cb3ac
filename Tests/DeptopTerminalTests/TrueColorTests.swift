import DeptopScreen
import DeptopTestSupport
import Glibc
import TerminalFixtureScreens
import Testing

/// 24-bit colour, by an entry of our own, as hosts seldom have one installed.
@Suite(.enabled(if: DirectColorEntry.canBeCompiled)) struct TrueColorTests {
  @Test(arguments: [("xterm-256color", "xterm-direct"), ("tmux-256color", "tmux-direct")])
  func `where the entry exists and colour is announced each cell has its own`(type: String, used: String) throws {
    let entry = try DirectColorEntry(used, base: type, pairs: 65536)
    let session = try FixtureSession(type: type, environment: entry.environment)
    session.type("h", awaiting: "▒")
    var screen = FixtureScreen()
    screen.content = .heat
    screen.status = "\(used) trueColor utf8"
    session.expectCanvas(screen)
  }

  @Test func `when pairs of colours run out the frame is drawn anew with fresh ones`() throws {
    let entry = try DirectColorEntry("xterm-direct", base: "xterm-256color", pairs: 4096)
    let session = try FixtureSession(environment: entry.environment)
    session.type("h", awaiting: "▒")
    let clears = session.terminal.emulator.clearCount
    var screen = FixtureScreen()
    screen.content = .heat
    screen.status = "xterm-direct trueColor utf8"
    for _ in 0..<8 {
      session.terminal.type("n")
      screen.seed += 1
      session.expectCanvas(screen)
    }
    #expect(session.terminal.emulator.clearCount > clears)
  }

  @Test func `without the announcement the palette is used`() throws {
    let entry = try DirectColorEntry("xterm-direct", base: "xterm-256color", pairs: 65536)
    var environment = entry.environment
    environment["COLORTERM"] = nil
    let session = try FixtureSession(environment: environment)
    #expect(session.terminal.emulator.shows("xterm-256color indexed256"))
  }

  /// Of the types that hosts have, screen is one that nobody gave a 24-bit entry.
  @Test func `without the entry the palette is used`() throws {
    let session = try FixtureSession(type: "screen-256color", environment: ["COLORTERM": "truecolor"])
    session.type("h", awaiting: "▒")
    #expect(session.terminal.emulator.shows("screen-256color indexed256"))
    #expect(session.terminal.emulator[3, 3].style.background != .terminal)
  }
}

/// A compiled terminfo entry with 24-bit colour in a directory of its own.
struct DirectColorEntry: ~Copyable {
  static var canBeCompiled: Bool { unsafe access("/usr/bin/tic", X_OK) == 0 }

  private let directory: String

  init(_ name: String, base: String, pairs: Int) throws {
    directory = "/tmp/deptop-test-\(getpid())-\(UInt32.random(in: .min ... .max)).terminfo"
    func value(_ code: String, _ plain: String) -> String {
      "\\E[%?%p1%{8}%<%t\(plain)%p1%d%e\(code):2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m"
    }
    let source = """
      \(name)|24-bit \(base),
      \tRGB, colors#16777216, pairs#\(pairs), initc@, ccc@,
      \tsetab=\(value("48", "4")), setaf=\(value("38", "3")), use=\(base),

      """
    let compiler = try PseudoTerminal(
      ["/bin/sh", "-c", "printf %s \"$1\" | tic -x -o \"$0\" -", directory, source], environment: ["TERM": "xterm"],
      size: Size(columns: 80, rows: 24))
    try #require(compiler.waitForEnd() == .exited(0), "\(compiler.emulator.screen)")
  }

  /// What makes the entry known beside those of the host, and announces the colours.
  var environment: [String: String] { ["TERMINFO_DIRS": directory + ":", "COLORTERM": "truecolor"] }

  deinit {
    // What is left behind when this fails is a file of a kilobyte.
    _ = try? PseudoTerminal(
      ["/bin/rm", "-r", directory], environment: [:], size: Size(columns: 80, rows: 24)
    ).waitForEnd()
  }
}
