import DeptopConfiguration
import DeptopLab
import DeptopTestSupport
import DeptopWire
import Testing

/// The lab's story, as somebody plays it who knows nothing but what is on the screen.
@Suite(.lab, .serialized) struct LabStoryTests {
  /// What ships, and nothing when that cannot be read: a test of its own says why.
  private static let scenarios = (try? ScenarioLibrary.all()) ?? []

  @Test(.timeLimit(.minutes(6)), arguments: scenarios)
  func `an outage heals by the keys that its caption names, was counted as it was, and leaves nothing behind`(
    _ scenario: Scenario
  ) async throws {
    let demo = try LabDemo(scenario.name)
    try demo.wait(for: .broken)
    let keys = scenario.repair.keys
    #expect(demo.dashboard.shows(" press " + keys.joined(separator: ", then ")))
    try demo.dashboard.select(scenario.dependency)

    var verdicts: [String] = []
    for (index, command) in scenario.repair.commands.enumerated() {
      if index > 0 { try demo.waitForEmptyQueue(of: scenario.dependency, atLeast: scenario.repair.pause) }
      verdicts += try demo.repair(keys[index], command, of: scenario.dependency)
    }

    do {
      try demo.wait(for: .healed, within: .seconds(90))
    } catch {
      throw TestFailure("\(error)\nafter\n" + verdicts.joined(separator: "\n"))
    }
    try await Self.expectTrueCounts(of: scenario, demo)
    let traces = LabTraces(of: demo)
    #expect(traces.counts.processes >= 12, "deptop, launcher, keeper, player, collector, 4 upstreams, names, 4 clients")
    #expect(traces.counts.namespaces >= 4)
    #expect(try demo.dashboard.quit() == .exited(0))
    #expect(demo.dashboard.hasRestoredTerminal)
    try await traces.waitUntilGone()
  }

  /// Lets requests cease, and compares what the lab's ledger says of them with what deptop shows.
  private static func expectTrueCounts(of scenario: Scenario, _ demo: LabDemo) async throws {
    let files = try demo.files()
    for client in scenario.clients {
      try await LabUnderTest.fault("client \(client) \(scenario.dependency) rate=0", files)
    }
    for client in scenario.clients {
      var (ledger, shown) = (LabRecord(), LabRecord())
      do {
        try await waitUntil("the two records of \(client) are equal") {
          ledger = try LabRecord.ledger(of: client, scenario.dependency, in: files)
          shown = try await LabRecord.shown(of: client, scenario.dependency, in: files)
          return ledger == shown && !ledger.ends.isEmpty
        }
      } catch let error as TestFailure {
        #expect(ledger.isAlmost(shown), "\(error): the ledger says \(ledger), deptop says \(shown)")
      }
      #expect(ledger.ends["success"] ?? 0 > 0)
    }
  }
}

extension Scenario: CustomTestStringConvertible {
  package var testDescription: String { name }
}
