import DeptopBenchmarkFigures
import DeptopLab
import FoundationEssentials
import Testing

struct RestartComparisonTests {
  /// An outage that was over so many seconds after the action, with a failure each 100 ms until then.
  private func aftermath(secondsToHealthy: Double, failing: LedgerLine.End = .notRetryable) -> Aftermath {
    let ledger = stride(from: Int64(1), to: 20_000_000, by: 100_000).map { at in
      LedgerLine.request(
        LedgerLine.RequestLine(
          id: "web-\(at)", dependency: "cache", began: at, ended: at,
          end: Double(at) < secondsToHealthy * 1_000_000 ? failing : .success, attempts: 1, limit: "-"))
    }
    return Aftermath(
      ["web": ledger],
      Aftermath.Scene(
        clients: ["web"], dependency: "cache",
        measure: Recovery.Measure(window: 1_000_000, failures: 0, fewest: 4), calm: 0..<1, observed: 1..<20_000_000,
        isRestart: false))
  }

  private func comparison(drain: Double, restarts: [Double]) -> RestartComparison {
    var comparison = RestartComparison(isQuick: true, rounds: 1)
    comparison.scenarios = [
      RestartComparison.Row(
        name: "failover", commands: ["drain cache"], drain: aftermath(secondsToHealthy: drain),
        restarts: zip([5, 0], restarts).map {
          RestartComparison.Restart(startUp: $0, aftermath: aftermath(secondsToHealthy: $1))
        }, nothing: aftermath(secondsToHealthy: 30))
    ]
    return comparison
  }

  @Test func `the ratio is of the first restart, and no row hides where a restart wins`() {
    let comparison = comparison(drain: 0.51, restarts: [5.11, 0.21])
    #expect(comparison.scenarios[0].restartToDrain.map { $0.text(digits: 1) } == "10.2")
    #expect(
      comparison.verdicts == [
        "failover: deptop heals 10.2 × sooner than a restart with 5 s start-up",
        "  the restart with 0 s wins: 0.20 s to healthy, deptop 0.50; 3 failed, deptop 6",
        "requests that failed because deptop acted, all outages: 0",
      ])
  }

  @Test func `an action that deptop itself does not call healed is told`() {
    var comparison = comparison(drain: 0.5, restarts: [5.5])
    comparison.scenarios[0].ends = [0, 5, 5, 1].map { ActionEnd(exitStatus: $0) }
    #expect(
      comparison.verdicts.dropFirst().dropLast() == [
        "  deptop's own verdict: not healed, 1 of 4 actions", "  deptop's own verdict: aborted, 2 of 4 actions",
      ])
  }

  @Test func `the README's table has every row and its markers`() {
    let lines = comparison(drain: 0.5, restarts: [5, 0.2]).markdown
    #expect(lines.first == "<!-- drain-vs-restart -->")
    #expect(lines.last == "<!-- end -->")
    #expect(lines.count == 2 + 2 + 4)
    #expect(lines[6].hasPrefix("| failover | nothing | never | "))
  }

  @Test func `JSON tells failed and time to healthy of both`() throws {
    let data = try JSONEncoder().encode(comparison(drain: 0.5, restarts: [5]))
    let fields = try JSONDecoder().decode(Fields.self, from: data)
    #expect(fields.scenarios.map(\.name) == ["failover"])
    #expect(fields.scenarios[0].drain.failed == 5)
    #expect(fields.scenarios[0].restart.failed == 50)
  }

  @Test func `a median time that was not reached is none`() {
    let well = aftermath(secondsToHealthy: 1)
    let ill = aftermath(secondsToHealthy: 30)
    #expect(Aftermath.median([well, well, ill])?.secondsToHealthy == well.secondsToHealthy)
    #expect(Aftermath.median([well, ill, ill])?.secondsToHealthy == nil)
    #expect(Aftermath.median([]) == nil)
  }

  private struct Fields: Decodable {
    struct Row: Decodable {
      struct Way: Decodable {
        var failed: Double
        var secondsToHealthy: Double
      }
      var name: String
      var drain: Way
      var restart: Way
    }
    var scenarios: [Row]
  }
}
