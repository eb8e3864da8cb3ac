import DeptopModel
import DeptopWire
import Testing

@testable import DeptopCollector

struct ReportCheckTests {
  @Test func `what can be true is taken`() throws {
    let good = report {
      $0.pool = ReportedPool(active: 3, idle: 0, pending: 2, max: 5)
      $0.totals = totals(10, failed: 1)
      $0.policy = Policy(deadline: .milliseconds(800), retries: 2, retryBudget: 0.1)
    }
    let (accepted, refused) = try ReportCheck.sorted(AgentReport(dependencies: [good]))
    #expect(accepted == [good] && refused.isEmpty)
  }

  private static let wrong: [(ClientReport, String)] = [
    (report(nil), "neither a name nor a host"),
    (report(""), "is empty"),
    (report(String(repeating: "x", count: 254)), "254 bytes"),
    (report("a\u{1b}[2Jb"), "control or formatting"),
    (report("a\u{202e}b"), "control or formatting"),
    (report { $0.pool = ReportedPool(active: -1) }, "pool.active is -1"),
    (report { $0.pool = ReportedPool(active: 1, max: .max) }, "pool.max is"),
    (report { $0.waiting = -5 }, "waiting is -5"),
    (report { $0.oldestWaiting = .seconds(-1) }, "negative or endless"),
    (report { $0.policy = Policy(retryBudget: 7) }, "ratio outside"),
    (report { $0.kind = ServiceKind(rawValue: "x\ny") }, "its kind"),
    (report { $0.breaker = ReportedBreaker(state: .open, reason: String(repeating: "y", count: 1001)) }, "1000 bytes"),
    (
      report {
        $0.totals = CallTotals(errors: Dictionary(uniqueKeysWithValues: (0..<65).map { ("E\($0)", UInt64(1)) }))
      }, "65 error types"
    ),
  ]

  @Test(arguments: wrong)
  func `what cannot is refused with the reason, and costs only itself`(wrong: ClientReport, reason: String) throws {
    let good = report("good")
    let (accepted, refused) = try ReportCheck.sorted(AgentReport(dependencies: [wrong, good]))
    #expect(accepted == [good])
    #expect(refused.count == 1 && refused.first?.reason.contains(reason) == true, "\(refused)")
    #expect(refused.first?.dependency.unicodeScalars.allSatisfy { $0.value >= 32 } == true)
  }

  @Test func `a dependency counts once`() throws {
    let (accepted, refused) = try ReportCheck.sorted(AgentReport(dependencies: [report("a"), report("a")]))
    #expect(accepted.count == 1 && refused.map(\.reason) == ["is reported twice"])
  }

  @Test func `too many dependencies are refused whole`() {
    let many = (0...ReportCheck.dependencies).map { report("d\($0)") }
    #expect(throws: Refusal.self) { try ReportCheck.sorted(AgentReport(dependencies: many)) }
  }
}
