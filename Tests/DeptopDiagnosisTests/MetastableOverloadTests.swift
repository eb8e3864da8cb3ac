import DeptopDiagnosis
import DeptopModel
import Testing

struct MetastableOverloadTests {
  private func judged(_ change: (inout Slowed) -> Void = { _ in }) -> Finding? {
    var slowed = Slowed.metastable
    change(&slowed)
    return slowed.finding(MetastableOverload())
  }

  @Test func `it tells that the upstream is well, what succeeds, what waits, and how long to shed load`() throws {
    let finding = try #require(judged())
    #expect(
      finding.text
        == "metastable overload: the upstream answers in 12 ms as always, and 3 % of requests succeed; "
        + "640 wait at the pool, work for nobody 97 %; shed load for at least 20 s (640 waiting / 40 per s)")
    #expect(finding.level == .critical)
    #expect(finding.action == .breaker && finding.actionLabel == "open / shed")
    #expect(
      finding.prohibition
        == Prohibition(
          verbs: [.drain],
          reason: "a drain keeps the queue: it is the waiting work that must go; shed load for at least 20 s: "
            + "B forced-open, then close"))
    #expect(finding.evidence.contains { $0.value == "20 s = 1.2 × 640 waiting / 40 per s" })
    #expect(finding.evidence.contains { $0.reading == "slow before, and no more" && $0.value == "for 10 s" })
    #expect(finding.confidence == 0.8)
  }

  @Test func `a trigger that nobody saw is told as unknown`() throws {
    let finding = try #require(judged { $0.episode = nil })
    #expect(finding.text.hasSuffix("; trigger unknown"))
    #expect(finding.confidence == 0.7)
  }

  @Test(arguments: [(18, true), (20, false)])
  func `an upstream that answers slowly is not well`(milliseconds: Int, isFound: Bool) {
    #expect((judged { $0.response = .milliseconds(milliseconds) } != nil) == isFound)
  }

  @Test(arguments: [(230, true), (220, false)])
  func `an upstream that answers less than three quarters has lost capacity`(answers: Int, isFound: Bool) {
    #expect((judged { $0.answers = answers } != nil) == isFound)
  }

  @Test(arguments: [(149, true), (150, false)] as [(UInt64, Bool)])
  func `half of the usual successes are no outage`(success: UInt64, isFound: Bool) {
    #expect((judged { $0.counts.fates = [.success: success, .timeout: 300 - success] } != nil) == isFound)
  }

  @Test func `work for nobody or many attempts, one of them must be there`() throws {
    #expect(judged { $0.counts.late = 100 } == nil)
    #expect(judged { $0.counts.late = nil } == nil, "unknown is not wasted")
    let amplified = try #require(
      judged {
        $0.counts.late = nil
        $0.counts.attempts = 900
      })
    #expect(amplified.text.contains("640 wait at the pool, 3 attempts a request; shed"))
  }

  @Test func `callers must wait longer than their deadline, or ever more of them`() {
    #expect(judged { $0.pool?.pending = 0 } == nil)
    #expect(judged { $0.pool?.oldestWait = .milliseconds(100) } != nil, "the queue grows")
    #expect(
      judged {
        $0.pool?.oldestWait = .milliseconds(100)
        $0.waitingBefore = 900
      } == nil)
    #expect(
      judged {
        $0.pool?.oldestWait = nil
        $0.waitingBefore = nil
      } == nil)
  }

  @Test func `without a usual rate nothing is known of capacity`() {
    #expect(judged { $0.usual = nil } == nil)
    #expect(judged { $0.usual?.answered = nil } == nil)
    #expect(judged { $0.usual?.goodput = 0 } == nil)
  }

  @Test func `many more requests than usual speak against it`() throws {
    let finding = try #require(judged { $0.usual?.requests = 10 })
    #expect(finding.confidence == 0.5)
    #expect(finding.evidence.contains { $0.reading == "first attempts" && $0.value == "30 /s, usually 10 /s" })
  }

  @Test func `few answers say nothing`() {
    let found = judged {
      $0.answers = 19
      $0.usual?.answered = 1
    }
    #expect(found == nil)
  }

  @Test func `counts of any size are told`() {
    #expect(judged { $0.counts.late = .max } != nil)
    #expect(judged { $0.pool?.pending = .max }?.prohibition?.reason.contains("24 h") == true)
  }

  @Test func `a dead path is not metastable`() {
    var dependency = Slowed.metastable.dependency
    (dependency.sockets, dependency.connect) = (Stuck().dependency.sockets, Stuck().dependency.connect)
    #expect(MetastableOverload().finding(for: dependency, at: moment) == nil)
  }

  @Test func `it is never a slow upstream at once, and what follows from it names it`() throws {
    var sick = Slowed.metastable
    sick.counts.attempts = 900
    #expect(sick.finding(SlowUpstream()) == nil)
    let pool = try #require(sick.finding(PoolSaturation()))
    #expect(pool.text.hasSuffix("; the cause: metastable overload (M14)"))
    #expect(pool.prohibition == sick.finding(MetastableOverload())?.prohibition)
    #expect(pool.actionLabel == "open / shed")
    let retries = try #require(sick.finding(RetryAmplification()))
    #expect(retries.text.hasSuffix("; the cause: metastable overload (M14)"))
  }

  @Test func `what explains the others comes first`() {
    var sick = Slowed.metastable
    sick.counts.attempts = 900
    sick.counts.timeouts = [.deadline: 200]
    var diagnosis = Diagnosis()
    var findings: [Finding] = []
    for second in 0..<3 { findings = diagnosis.findings(for: [sick.dependency], at: moment + .seconds(second)) }
    #expect(findings.map(\.rule) == ["M14", "M07", "M09", "M15"])
    #expect(findings.allSatisfy { $0.state == .open && $0.level == .critical })
    var slow = Diagnosis()
    for second in 0..<2 { findings = slow.findings(for: [Slowed().dependency], at: moment + .seconds(second)) }
    #expect(findings.first?.rule == "M13")
  }
}
