import DeptopTestSupport
import DeptopWire
import Glibc
import Testing

/// What is left of a demo that ends in another way than by its key.
@Suite(.lab, .serialized, .timeLimit(.minutes(2))) struct LabEndTests {
  enum Ending: CaseIterable, Sendable {
    case killed, terminated, interrupted, terminalClosed, hungUp
  }

  @Test(arguments: Ending.allCases)
  func `nothing of a demo is left, however it ends`(_ ending: Ending) async throws {
    let demo = try LabDemo("nat-silent")
    try demo.wait(for: .healthy, within: .seconds(60))
    let traces = LabTraces(of: demo)
    #expect(traces.counts.processes >= 12)
    #expect(traces.counts.namespaces >= 4)
    #expect(traces.left.count > 16, "\(traces.left)")

    switch ending {
    case .killed: demo.dashboard.terminal.send(SIGKILL)
    case .terminated: demo.dashboard.terminal.send(SIGTERM)
    case .interrupted:
      demo.dashboard.terminal.send(SIGINT)
      try demo.dashboard.wait(for: "ctrl-c again quits")
      demo.dashboard.terminal.send(SIGINT)
    case .terminalClosed: demo.dashboard.terminal.hangUp()
    case .hungUp: demo.dashboard.terminal.send(SIGHUP)
    }

    try await traces.waitUntilGone()
  }

  @Test func `a demo that is ended while its lab starts leaves nothing either`() async throws {
    let demo = try LabDemo("nat-silent")
    try await waitUntil("the lab has begun to start") { demo.directory != nil && demo.family.count >= 4 }
    let traces = LabTraces(of: demo)
    demo.dashboard.terminal.send(SIGKILL)
    try await traces.waitUntilGone()
  }
}
