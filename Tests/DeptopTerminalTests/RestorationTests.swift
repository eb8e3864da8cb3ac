import DeptopScreen
import DeptopTestSupport
import Glibc
import TerminalFixtureScreens
import Testing

/// However the program ends, the terminal is as it was.
@Suite struct RestorationTests {
  @Test func `while the program runs the terminal is taken over`() throws {
    let session = try FixtureSession()
    #expect(session.terminal.emulator.isAlternateScreen)
    #expect(session.terminal.emulator.isKeypadApplication)
    #expect(session.terminal.emulator.modes.contains(2004))
    #expect(session.terminal.mode?.isCooked == false)
    #expect(session.terminal.initialMode?.isCooked == true)
  }

  @Test(arguments: [
    ("q", PseudoTerminal.Ending.exited(0)), ("E", .exited(1)), ("e", .exited(3)), ("x", .signal(Int(SIGILL))),
    ("a", .signal(Int(SIGABRT))), ("\u{3}", .exited(0)), ("\u{1c}", .signal(Int(SIGQUIT))),
  ])
  func `a key that ends the program leaves the terminal as it was`(key: String, ending: PseudoTerminal.Ending) throws {
    let session = try FixtureSession()
    session.terminal.type(key)
    #expect(session.terminal.waitForEnd() == expected(ending))
    session.expectRestored()
  }

  /// A trap is another signal on other processors.
  private func expected(_ ending: PseudoTerminal.Ending) -> PseudoTerminal.Ending {
    #if arch(x86_64)
      return ending
    #else
      return ending == .signal(Int(SIGILL)) ? .signal(Int(SIGTRAP)) : ending
    #endif
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func `a signal that asks to end is obeyed in order`(signal: CInt) throws {
    let session = try FixtureSession()
    session.terminal.send(signal)
    #expect(session.terminal.waitForEnd() == .exited(0))
    session.expectRestored()
  }

  @Test(arguments: [SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGTRAP])
  func `a crash gives the terminal back and stays a crash`(signal: CInt) throws {
    let session = try FixtureSession()
    session.terminal.send(signal)
    #expect(session.terminal.waitForEnd() == .signal(Int(signal)))
    session.expectRestored()
  }

  @Test func `a terminal that goes away ends the program`() throws {
    let session = try FixtureSession(["400"])
    session.terminal.hangUp()
    #expect(session.terminal.wait(for: .seconds(5)) { $0.ending != nil })
    #expect(session.terminal.ending == .gone)
  }

  @Test(arguments: [true, false])
  func `a stopped program gives the terminal back and draws everything when it goes on`(byKey: Bool) throws {
    let session = try FixtureSession()
    var screen = FixtureScreen()
    screen.seed = 2
    screen.status = "xterm-256color indexed256 utf8"
    session.terminal.type("n")
    session.expectCanvas(screen)
    if byKey { session.terminal.type("\u{1a}") } else { session.terminal.send(SIGTSTP) }
    #expect(session.terminal.wait { $0.isStopped })
    session.terminal.settle()
    session.expectRestored()
    session.terminal.resize(to: Size(columns: 60, rows: 20))
    session.terminal.resumeProgram()
    #expect(session.terminal.wait { $0.emulator.shows("size 60x20") })
    screen.status = "size 60x20"
    session.expectCanvas(screen, size: Size(columns: 60, rows: 20))
    session.terminal.type("q")
    #expect(session.terminal.waitForEnd() == .exited(0))
    session.expectRestored()
  }

  @Test func `a program that was stopped from outside takes the terminal over again`() throws {
    let session = try FixtureSession()
    session.terminal.send(SIGSTOP)
    #expect(session.terminal.wait { $0.isStopped })
    session.terminal.resumeProgram()
    #expect(session.terminal.wait { $0.emulator.shows("resumed") })
    session.terminal.settle()
    var screen = FixtureScreen()
    screen.status = "resumed"
    session.expectCanvas(screen)
  }
}
