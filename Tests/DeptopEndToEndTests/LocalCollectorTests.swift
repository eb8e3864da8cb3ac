import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Glibc
import Testing

@Suite(.serialized, .servers("curl", nameServer: false), .timeLimit(.minutes(1)))
struct LocalCollectorTests {
  @Test func `a private collector shows this host without configuration and ends with the dashboard`() async throws {
    let place = try TemporaryDirectory()
    let dashboard = try DashboardUnderTest(["--local"], environment: ["XDG_RUNTIME_DIR": place.path])
    try dashboard.wait(for: "LIVE")
    let collector = try await collector(in: place)
    #expect(Glibc.kill(collector, 0) == 0)
    #expect(try dashboard.quit() == .exited(0))
    #expect(Glibc.kill(collector, 0) != 0)
    #expect(dashboard.hasRestoredTerminal)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == [])
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGHUP])
  func `a private collector does not outlive a dashboard that is killed`(signal: Int32) async throws {
    let place = try TemporaryDirectory()
    let dashboard = try DashboardUnderTest(["--local"], environment: ["XDG_RUNTIME_DIR": place.path])
    try dashboard.wait(for: "LIVE")
    let collector = try await collector(in: place)
    dashboard.terminal.send(signal)
    #expect(dashboard.terminal.waitForEnd() != nil)
    try await waitUntil("the collector has ended") { Glibc.kill(collector, 0) != 0 }
  }

  @Test func `ctrl-c twice ends the dashboard and not the collector before it`() async throws {
    let place = try TemporaryDirectory()
    let dashboard = try DashboardUnderTest(["--local"], environment: ["XDG_RUNTIME_DIR": place.path])
    try dashboard.wait(for: "LIVE")
    try dashboard.press("\u{3}", untilItShows: "ctrl-c again quits")
    #expect(dashboard.shows("LIVE"))
    dashboard.press("\u{3}")
    #expect(dashboard.terminal.waitForEnd() == .exited(0))
    #expect(dashboard.hasRestoredTerminal)
  }

  /// The process id of the collector whose socket is somewhere in a directory.
  private func collector(in place: TemporaryDirectory) async throws -> Int32 {
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
    let name = try #require(names.first)
    #expect(names.count == 1)
    let answer = try await Curl(place.file("\(name)/control.sock")).get(API.snapshot)
    return try WireCoding().decode(Snapshot.self, from: Data(answer.body.utf8)).collector.pid
  }
}
