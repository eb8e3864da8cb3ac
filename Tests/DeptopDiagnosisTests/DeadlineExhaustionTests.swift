import DeptopDiagnosis
import DeptopModel
import Testing

struct DeadlineExhaustionTests {
  private func judged(
    late: UInt64? = nil, of requests: UInt64 = 100, policy: Policy? = nil, response: Duration? = nil,
    wait: Duration? = nil
  ) -> Finding? {
    var dependency = dependency()
    let counts = CallTotals(requests: requests, timeouts: late.map { [.deadline: $0, .read: 60] })
    dependency.calls = Reading(
      reported: CallReading(
        window: .seconds(10), counts: counts, responseTime: response.flatMap { .all($0) },
        waitTime: wait.flatMap { .all($0) }))
    dependency.policy = policy
    return DeadlineExhaustion().finding(for: dependency, at: moment)
  }

  @Test func `requests that reach their deadline are told with their share and the deadline`() throws {
    let finding = try #require(judged(late: 43, policy: Policy(deadline: .milliseconds(800))))
    #expect(finding.text == "deadline exhaustion: 43 % of requests reach their deadline of 800 ms")
    #expect(finding.level == .critical)
    #expect(finding.evidence[0].value == "43 of 100 in 10 s")
    #expect(finding.confidence == 0.5)
  }

  @Test(
    arguments: [
      (4, 100, nil), (5, 100, .warning), (19, 100, .warning), (20, 100, .critical), (19, 19, nil), (1, 20, .warning),
      (0, 0, nil),
    ] as [(UInt64, UInt64, Level?)])
  func `it takes 5 % of 20 requests, and a fifth to be critical`(late: UInt64, requests: UInt64, level: Level?) {
    #expect(judged(late: late, of: requests)?.level == level)
  }

  @Test func `other time limits are not taken for the deadline`() {
    #expect(judged(late: 0) == nil)
    #expect(judged(late: nil) == nil)
    #expect(DeadlineExhaustion().finding(for: dependency(), at: moment) == nil)
  }

  @Test func `long response and wait times support it, short ones speak against it`() throws {
    let policy = Policy(deadline: .milliseconds(800))
    let slow = try #require(judged(late: 43, policy: policy, response: .milliseconds(780), wait: .milliseconds(500)))
    #expect(slow.confidence == 0.7)
    #expect(slow.notFound == ["response and wait times below half of the deadline"])
    let waiting = try #require(judged(late: 43, policy: policy, response: .milliseconds(9), wait: .milliseconds(500)))
    #expect(waiting.confidence == 0.6)
    let quick = try #require(judged(late: 43, policy: policy, response: .milliseconds(9), wait: .milliseconds(9)))
    #expect(quick.confidence == 0.2)
    #expect(quick.notFound.isEmpty)
  }

  @Test func `a pool that lets callers wait longer than the deadline is an inversion`() throws {
    let finding = try #require(
      judged(policy: Policy(deadline: .milliseconds(800), acquireTimeout: .seconds(30))))
    #expect(
      finding.text == "timeout inversion: callers may wait 30 s for a connection, the deadline is 800 ms")
    #expect(finding.level == .warning)
  }

  @Test(
    arguments: [
      (1, 0.4, nil), (2, 0.4, "3 attempts of 400 ms may take 1.2 s"), (nil, 0.9, "an attempt may take 900 ms"),
      (0, 0.8, nil), (-5, 0.8, nil),
    ] as [(Int?, Double, String?)])
  func `attempts that may take longer than the deadline are an inversion`(
    retries: Int?, readTimeout: Double, text: String?
  ) {
    let policy = Policy(deadline: .milliseconds(800), retries: retries, readTimeout: .seconds(readTimeout))
    #expect(judged(policy: policy)?.text == text.map { "timeout inversion: \($0), the deadline is 800 ms" })
  }

  @Test func `any number of retries is told`() {
    let policy = Policy(deadline: .seconds(1), retries: .max, readTimeout: .seconds(1e12))
    #expect(judged(policy: policy)?.level == .warning)
  }

  @Test func `without a deadline nothing is inverted`() {
    #expect(judged(policy: Policy(retries: 5, acquireTimeout: .seconds(30), readTimeout: .seconds(30))) == nil)
  }

  @Test func `an inversion stands beside what happens, and supports it`() throws {
    let policy = Policy(deadline: .milliseconds(800), acquireTimeout: .seconds(1))
    let finding = try #require(judged(late: 43, policy: policy))
    #expect(finding.text.hasPrefix("deadline exhaustion: 43 % of requests"))
    #expect(finding.text.hasSuffix("; callers may wait 1 s for a connection, the deadline is 800 ms"))
    #expect(finding.confidence == 0.6)
  }
}
