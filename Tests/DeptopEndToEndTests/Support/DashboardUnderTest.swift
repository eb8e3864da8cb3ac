import DeptopScreen
import DeptopTestSupport
import Glibc

/// A real `deptop` on a pseudo terminal.
final class DashboardUnderTest {
  let terminal: PseudoTerminal

  /// Starts one; its screen may still be empty.
  ///
  /// The program may have something put before it; the environment is added to what every terminal has.
  init(
    _ arguments: [String], program: [String] = [BuiltProgram.path("deptop")], environment: [String: String] = [:],
    size: Size = Size(columns: 120, rows: 40)
  ) throws {
    let usual = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/"]
    terminal = try PseudoTerminal(
      program + arguments, environment: usual.merging(environment) { $1 }, size: size)
  }

  convenience init(of daemon: DaemonUnderTest, size: Size = Size(columns: 120, rows: 40)) throws {
    try self.init(["--socket", daemon.socketPath], size: size)
  }

  var pid: Int32 { terminal.processIdentifier }
  var screen: [String] { terminal.emulator.screen }
  func shows(_ text: String) -> Bool { terminal.emulator.shows(text) }

  /// Types keys.
  func press(_ keys: String) { terminal.type(keys) }

  /// Types keys and waits until a text is on the screen.
  func press(_ keys: String, untilItShows text: String) throws {
    press(keys)
    try wait(for: text)
  }

  /// Waits until a text is on the screen, within one row.
  func wait(for text: String, within limit: Duration = .seconds(20)) throws {
    try wait("\"\(text)\" is on the screen", within: limit) { $0.shows(text) }
  }

  /// Waits until something is so.
  func wait(_ what: String, within limit: Duration = .seconds(20), _ condition: (TerminalEmulator) -> Bool) throws {
    guard terminal.wait(for: limit, { condition($0.emulator) }) else {
      throw TestFailure(
        "not within \(limit): \(what); \(terminal.ending.map { "it ended: \($0); " } ?? "")the screen is\n"
          + screen.joined(separator: "\n"))
    }
  }

  /// Selects a dependency of the overview by a search for its name.
  func select(_ name: String) throws {
    press("/\(name)\r")
    try press("\r", untilItShows: "→ \(name)")
    press("\u{1b}")
    try wait("the overview is shown") { $0.shows("DEPENDENCY") }
  }

  /// Presses Enter on a plan until it counts: a confirmation that comes too soon after the plan is not taken.
  func confirm() throws {
    let isOpen = { (emulator: TerminalEmulator) in emulator.shows("too quick") }
    press("\r")
    try wait("the confirmation has an answer") { isOpen($0) || !$0.shows("same as") }
    while isOpen(terminal.emulator) {
      press("\r")
      terminal.wait(for: .seconds(1)) { !isOpen($0.emulator) }
    }
  }

  /// Leaves the dashboard, and answers how it ended.
  func quit() throws -> PseudoTerminal.Ending? {
    press("q")
    return terminal.waitForEnd()
  }

  /// True when the terminal is as a shell expects it.
  var hasRestoredTerminal: Bool {
    let emulator = terminal.emulator
    return terminal.mode == terminal.initialMode && !emulator.isAlternateScreen && emulator.isCursorVisible
      && !emulator.isKeypadApplication && emulator.modes.isEmpty && emulator.unknown.isEmpty
  }
}
