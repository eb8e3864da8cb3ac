import DeptopScreen
import DeptopTestSupport
import TerminalFixtureScreens
import Testing

/// The fixture on a pseudo terminal, started and drawn.
struct FixtureSession {
  let terminal: PseudoTerminal
  let size: Size

  init(
    _ arguments: [String] = [], size: Size = Size(columns: 80, rows: 24), type: String? = "xterm-256color",
    environment extra: [String: String] = [:]
  ) throws {
    var environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"].merging(extra) { $1 }
    environment["TERM"] = type
    self.size = size
    terminal = try PseudoTerminal(
      [BuiltProgram.path("terminal-fixture")] + arguments, environment: environment, size: size)
    try #require(
      terminal.wait { $0.emulator.shows("00:00:00") && $0.emulator.shows("utf8") || $0.emulator.shows("ascii") })
    terminal.settle()
  }

  /// Types keys and waits until the screen shows a text.
  func type(_ keys: String, awaiting text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    terminal.type(keys)
    let isShown = terminal.wait { $0.emulator.shows(text) }
    #expect(isShown, "\(text) is not on \(terminal.emulator.screen)", sourceLocation: sourceLocation)
    terminal.settle()
  }

  /// Waits for the screen to be exactly the canvas of a fixture screen, text and looks.
  func expectCanvas(_ screen: FixtureScreen, size: Size? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    let canvas = screen.canvas(size ?? self.size)
    terminal.wait { $0.emulator.cells.map(\.look) == canvas.cells.map(\.look) }
    terminal.settle()
    let emulator = terminal.emulator
    #expect(emulator.size == canvas.size, sourceLocation: sourceLocation)
    let differing = canvas.cells.indices.filter { canvas.cells[$0].look != emulator.cells[$0].look }
    let first = differing.first.map { "\($0): \(canvas.cells[$0]) is \(emulator.cells[$0])" } ?? ""
    #expect(differing.isEmpty, "\(differing.count) cells differ, first \(first)", sourceLocation: sourceLocation)
    #expect(emulator.unknown == [], sourceLocation: sourceLocation)
  }

  /// Waits for the rows to show the text of a fixture screen, whatever its colours.
  func expectText(_ screen: FixtureScreen, sourceLocation: SourceLocation = #_sourceLocation) {
    let rows = screen.canvas(size).rows
    terminal.wait { $0.emulator.screen == rows }
    terminal.settle()
    #expect(terminal.emulator.screen == rows, sourceLocation: sourceLocation)
    #expect(terminal.emulator.unknown == [], sourceLocation: sourceLocation)
  }

  /// Expects the terminal to be as it was before the program started.
  func expectRestored(sourceLocation: SourceLocation = #_sourceLocation) {
    let emulator = terminal.emulator
    #expect(!emulator.isAlternateScreen, sourceLocation: sourceLocation)
    #expect(emulator.isCursorVisible, sourceLocation: sourceLocation)
    #expect(!emulator.isKeypadApplication, sourceLocation: sourceLocation)
    #expect(emulator.modes == [], sourceLocation: sourceLocation)
    #expect(emulator.style == .plain, sourceLocation: sourceLocation)
    #expect(emulator.scrollRegion == 0...(emulator.size.rows - 1), sourceLocation: sourceLocation)
    #expect(terminal.initialMode != nil, sourceLocation: sourceLocation)
    #expect(terminal.mode == terminal.initialMode, sourceLocation: sourceLocation)
  }
}

extension Canvas {
  /// The rows as text, without blanks at their end.
  var rows: [String] {
    (0..<size.rows).map { row in
      let text = (0..<size.columns).compactMap { self[Position(column: $0, row: row)].text }
      return String(text[..<(text.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0)])
    }
  }
}
