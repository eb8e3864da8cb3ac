import DeptopScreen
import DeptopTestSupport
import Glibc
import TerminalFixtureScreens
import Testing

/// A second opinion: what tmux makes of the same stream.
@Suite(.enabled(if: Tmux.isInstalled)) struct TmuxTests {
  @Test func `what tmux shows of the fixture is the fixture's canvas`() throws {
    let tmux = try Tmux([BuiltProgram.path("terminal-fixture")])
    let terminal = tmux.terminal
    try #require(terminal.wait { $0.emulator.shows("00:00:00") && $0.emulator.shows("utf8") })
    terminal.settle()
    var screen = FixtureScreen()
    screen.status = terminal.emulator.screen.last ?? ""
    #expect(screen.status.contains("256color"))
    for key in ["n", "c", "w", "n", "t"] {
      terminal.type(key)
      switch key {
      case "n": screen.seed += 1
      case "c": screen.clock += 1
      case "w": screen.content = .wide
      default: screen.content = .table
      }
      let rows = screen.canvas(terminal.emulator.size).rows
      terminal.wait { $0.emulator.screen == rows }
      #expect(terminal.emulator.screen == rows, "after \(key)")
    }
    terminal.type("q")
    #expect(terminal.waitForEnd() == .exited(0))
  }

  /// Where terminals disagree nothing is asked: on the column after a row was inserted or deleted, and on what such
  /// rows do outside the scroll region.
  @Test(arguments: 1...6)
  func `the emulator and tmux make the same screen of a stream`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let parts = [
      "abc", " ", "漢", "é", "x\u{1b}[3b", "\r", "\n", "\u{8}", "\t", "\u{1b}[K", "\u{1b}[1K", "\u{1b}[J", "\u{1b}[4X",
      "\u{1b}[2P", "\u{1b}[2@", "\u{1b}[L\r", "\u{1b}[2M\r", "\u{1b}M",
      "\u{1b}[2;7r\u{1b}[7H\n\n\u{1b}[2H\u{1b}M\u{1b}[r", "\u{1b}[S", "\u{1b}[3;4H", "\u{1b}[5d",
      "\u{1b}[9G", "\u{1b}[2A", "\u{1b}[B", "\u{1b}[3C", "\u{1b}[2D", "\u{1b}(0qx\u{1b}(B", "\u{1b}[31;44m", "\u{1b}[m",
    ]
    let stream = (0..<400).compactMap { _ in parts.randomElement(using: &random) }.joined()
    var emulator = TerminalEmulator(size: Size(columns: 40, rows: 12))
    emulator.feed(stream.utf8)
    let end = "\u{1b}[r\u{1b}[12;1H\u{1b}[Kend"
    emulator.feed(end.utf8)
    let octal = Array((stream + end).utf8).map { "\\0" + String($0, radix: 8) }.joined()
    let script = "stty raw -echo; printf %b '\(octal)'; read answer"
    let tmux = try Tmux(["/bin/sh", "-c", script], size: emulator.size)
    let terminal = tmux.terminal
    #expect(terminal.wait { $0.emulator.screen == emulator.screen })
    #expect(terminal.emulator.screen == emulator.screen)
    #expect(terminal.emulator.unknown == [])
    terminal.type("\n")
    #expect(terminal.waitForEnd() == .exited(0))
  }
}

/// tmux without configuration, without a status line and with a server of its own.
struct Tmux: ~Copyable {
  static var isInstalled: Bool { unsafe access("/usr/bin/tmux", X_OK) == 0 }

  let terminal: PseudoTerminal
  private let socket: String

  init(_ command: [String], size: Size = Size(columns: 80, rows: 24)) throws {
    socket = "/tmp/deptop-test-\(getpid())-\(UInt32.random(in: .min ... .max)).tmux"
    terminal = try PseudoTerminal(
      [
        "/usr/bin/tmux", "-S", socket, "-f", "/dev/null", "start-server", ";", "set", "-g", "status", "off", ";", "set",
        "-g", "destroy-unattached", "on", ";", "new",
      ] + command, environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm-256color"], size: size)
  }

  deinit { unsafe unlink(socket) }
}
