import DeptopScreen
import DeptopTestSupport
import Glibc
import TerminalFixtureScreens
import Testing

/// A terminal that takes nothing must not hold the program.
@Suite struct StallTests {
  @Test func `signals are obeyed while the terminal takes nothing`() throws {
    let session = try FixtureSession(size: Size(columns: 160, rows: 48))
    session.terminal.type("b")
    session.terminal.waitStalled(for: .milliseconds(500)) { _ in false }
    session.terminal.send(SIGTERM)
    #expect(session.terminal.waitStalled(for: .seconds(20)) { $0.ending != nil })
    #expect(session.terminal.ending == .exited(0))
    #expect(session.terminal.mode == session.terminal.initialMode)
  }

  @Test func `a key is obeyed while the terminal takes nothing`() throws {
    let session = try FixtureSession(size: Size(columns: 160, rows: 48))
    session.terminal.type("b")
    session.terminal.waitStalled(for: .milliseconds(500)) { _ in false }
    session.terminal.type("q")
    #expect(session.terminal.waitStalled(for: .seconds(20)) { $0.ending != nil })
    #expect(session.terminal.ending == .exited(0))
  }

  @Test func `a terminal that recovers gets the newest canvas and none of those between`() throws {
    let size = Size(columns: 160, rows: 48)
    let session = try FixtureSession(size: size)
    let start = session.terminal.received.count
    session.terminal.type("b")
    session.terminal.waitStalled(for: .milliseconds(500)) { _ in false }
    var screen = FixtureScreen()
    screen.content = .heat
    screen.seed = 21
    screen.status = "xterm-256color indexed256 utf8"
    session.terminal.settle(.seconds(1))
    session.expectText(screen)
    let one = screen.canvas(size).cells.count * 20
    #expect(session.terminal.received.count - start < 4 * one)
  }

  @Test func `a program that ends in the middle of a frame leaves no half sequence`() throws {
    let session = try FixtureSession(size: Size(columns: 160, rows: 48))
    session.terminal.type("b")
    session.terminal.waitStalled(for: .milliseconds(300)) { _ in false }
    session.terminal.type("q")
    #expect(session.terminal.waitForEnd() == .exited(0))
    session.expectRestored()
  }
}
