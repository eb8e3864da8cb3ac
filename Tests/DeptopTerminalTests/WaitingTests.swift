import DeptopTestSupport
import Glibc
import Testing

@Suite struct WaitingTests {
  @Test func `another thread ends the wait`() throws {
    let session = try FixtureSession()
    session.type("k", awaiting: "woken")
  }

  @Test func `signals stay with the terminal when other threads exist`() throws {
    let session = try FixtureSession()
    session.type("k", awaiting: "woken")
    session.terminal.send(SIGTERM)
    #expect(session.terminal.waitForEnd() == .exited(0))
    session.expectRestored()
  }

  @Test func `a descriptor of the caller that can be read ends the wait`() throws {
    let session = try FixtureSession()
    session.type("p", awaiting: "readable 1")
  }

  @Test func `a wait with a timeout ends in time and keys still come through`() throws {
    let session = try FixtureSession(["400"])
    #expect(session.terminal.wait { $0.emulator.shows("00:00:03") })
    session.terminal.type("\u{1b}[B")
    #expect(session.terminal.wait { $0.emulator.shows("key down") })
  }
}
