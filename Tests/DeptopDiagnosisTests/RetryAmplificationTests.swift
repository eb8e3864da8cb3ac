import DeptopDiagnosis
import DeptopModel
import Testing

struct RetryAmplificationTests {
  private func judged(_ counts: CallTotals, policy: Policy? = nil) -> Finding? {
    var dependency = dependency()
    dependency.calls = Reading(reported: CallReading(window: .seconds(10), counts: counts))
    dependency.policy = policy
    return RetryAmplification().finding(for: dependency, at: moment)
  }

  @Test func `a storm tells its rate, its ratio and the budget`() throws {
    let counts = CallTotals(requests: 250, attempts: 775, fates: [.success: 50, .retriesExhausted: 200])
    let finding = try #require(judged(counts, policy: Policy(retryBudget: 0.2)))
    #expect(
      finding.text
        == "retry storm: retries add 53 req/s (+210 %): 3.1 attempts per request; the budget is 20 %")
    #expect(finding.level == .critical)
    #expect(finding.confidence == 0.8)
    #expect(finding.evidence[0].value == "525 / 250 in 10 s")
    #expect(finding.notFound == ["attempts without any failure (hedging)"])
    #expect(finding.action == nil)
  }

  @Test(
    arguments: [
      (1100, nil), (1101, .warning), (1200, .warning), (1300, .warning), (1999, .warning), (2000, .critical),
    ] as [(UInt64, Level?)])
  func `the level follows retries / requests`(attempts: UInt64, level: Level?) {
    #expect(judged(CallTotals(requests: 1000, attempts: attempts))?.level == level)
  }

  @Test(arguments: [(1150, 100, Level.warning), (1300, 49, .warning), (1300, 50, .critical)])
  func `a storm is critical when callers suffer`(attempts: UInt64, failed: UInt64, level: Level) {
    let fates: [Fate: UInt64] = [.success: 1000 - failed, .timeout: failed]
    #expect(judged(CallTotals(requests: 1000, attempts: attempts, fates: fates))?.level == level)
  }

  @Test(arguments: [(49, 0, false), (50, 0, true), (60, 11, false), (60, 10, true)])
  func `few requests that were sent say nothing`(requests: UInt64, rejected: UInt64, isFound: Bool) {
    let counts = CallTotals(requests: requests, attempts: 150, fates: [.rejected: rejected])
    #expect((judged(counts) != nil) == isFound)
  }

  @Test(arguments: [CallTotals(requests: 500), CallTotals(attempts: 500), .none])
  func `what is not counted is silent`(counts: CallTotals) {
    #expect(judged(counts) == nil)
  }

  @Test func `no report is silent`() {
    #expect(RetryAmplification().finding(for: dependency(), at: moment) == nil)
  }

  @Test func `attempts without any failure look like hedging`() throws {
    let hedged = try #require(judged(CallTotals(requests: 100, attempts: 200, fates: [.success: 100])))
    #expect(hedged.confidence == 0.2)
    #expect(hedged.notFound.isEmpty)
    let retried = CallTotals(requests: 100, attempts: 200, fates: [.success: 90, .successAfterRetry: 10])
    #expect(try #require(judged(retried)).confidence == 0.5)
  }

  @Test func `below a storm it is called by another name, with what limits retries`() throws {
    let counts = CallTotals(requests: 1000, attempts: 1150)
    let plain = try #require(judged(counts))
    #expect(plain.text.hasPrefix("retry amplification: retries add 15 req/s (+15 %): 1.2 attempts per request"))
    #expect(plain.text.hasSuffix("; more than 10 % is too much"))
    let unlimited = try #require(judged(counts, policy: Policy(retries: 3)))
    #expect(unlimited.text.hasSuffix("; 3 retries are allowed, and no budget limits them"))
  }

  @Test func `counts of any size are told`() {
    #expect(judged(CallTotals(requests: 50, attempts: .max))?.level == .critical)
  }

  @Test func `more attempts than the policy allows are layers that multiply`() throws {
    let counts = CallTotals(requests: 100, attempts: 2700, fates: [.success: 10, .retriesExhausted: 90])
    let finding = try #require(judged(counts, policy: Policy(retries: 2)))
    #expect(finding.text.hasSuffix("; 27 attempts a request; the policy allows 3: layers multiply"))
    #expect(finding.evidence.contains { $0.value == "27" && $0.threshold == "3" })
    let one = CallTotals(requests: 100, attempts: 300, fates: [.retriesExhausted: 100])
    #expect(try #require(judged(one, policy: Policy(retries: 2))).text.contains("2 retries are allowed"))
  }
}
