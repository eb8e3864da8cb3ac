import DeptopScreen
import DeptopTestSupport
import TerminalFixtureScreens
import Testing

/// What goes over the link, and what is done when nothing happens.
@Suite struct EconomyTests {
  @Test func `when only the clock moved only the clock is sent`() throws {
    let session = try FixtureSession(size: Size(columns: 160, rows: 48))
    session.type("c", awaiting: "00:00:01")
    let start = session.terminal.received.count
    session.type("c", awaiting: "00:00:02")
    let sent = session.terminal.received[start...]
    #expect((1...3).contains(sent.count), "sent \(sent)")
  }

  @Test func `nothing is sent when nothing changed`() throws {
    let session = try FixtureSession()
    session.type("c", awaiting: "00:00:01")
    let start = session.terminal.received.count
    session.type("oooc", awaiting: "00:00:02")
    #expect(session.terminal.received.count - start <= 3)
  }

  /// Where nearly every cell changes ncurses writes a few unchanged ones with them instead of passing over.
  @Test(arguments: [
    (["c", "\u{1b}[B", "c", "\u{1b}[B", "\u{1b}[A", "c"], 1.0), (["n", "n", "n", "n", "n", "n"], 1.1),
  ])
  func `a frame takes no more bytes than a careful program needs`(keys: [String], ratio: Double) throws {
    let session = try FixtureSession(size: Size(columns: 160, rows: 48))
    var screen = FixtureScreen()
    screen.status = session.terminal.emulator.screen.last ?? ""
    var bytes = 0
    var floor = 0
    for key in keys {
      let before = session.terminal.emulator
      let start = session.terminal.received.count
      session.terminal.type(key)
      apply(key, to: &screen)
      session.expectCanvas(screen)
      bytes += session.terminal.received.count - start
      floor += UpdateFloor(from: before, to: session.terminal.emulator).bytes
    }
    #expect(floor > 100)
    #expect(Double(bytes) <= ratio * Double(floor), "\(bytes) bytes where \(floor) are enough")
  }

  private func apply(_ key: String, to screen: inout FixtureScreen) {
    switch key {
    case "c": screen.clock += 1
    case "n": screen.seed += 1
    default:
      screen.selection += key == "\u{1b}[B" ? 1 : -1
      screen.status = key == "\u{1b}[B" ? "key down" : "key up"
    }
  }

  @Test func `a program that waits does not wake up`() throws {
    let session = try FixtureSession()
    let before = try ProcessStatus(session.terminal.processIdentifier).voluntarySwitches
    session.terminal.wait(for: .seconds(1)) { _ in false }
    let after = try ProcessStatus(session.terminal.processIdentifier).voluntarySwitches
    #expect(after == before)
  }
}
