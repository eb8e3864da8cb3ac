import DeptopDiagnosis
import DeptopModel
import Testing

struct ResetAfterIdleTests {
  private func closings(_ resets: Int, of closed: Int, lastAgo: Double? = 10) -> ClosingSummary {
    ClosingSummary(
      closed: closed, resetAfterIdle: resets, shortestIdle: .seconds(31), longestIdle: .seconds(44),
      lastResetAt: lastAgo.map { moment - .seconds($0) })
  }

  private func judged(
    _ closings: ClosingSummary?, path: NetworkPath? = nil, calls: CallTotals? = nil
  ) -> Finding? {
    var made = Stuck.alive.dependency
    (made.closings, made.path) = (closings, path)
    made.calls = calls.map { Reading(reported: CallReading(window: .seconds(10), counts: $0)) }
    return ResetAfterIdle().finding(for: made, at: moment)
  }

  @Test func `resets at the first use are told with the idle time before`() throws {
    let finding = try #require(judged(closings(3, of: 40)))
    #expect(
      finding.text == "3 connections were reset at their first use after 31 to 44 s idle, the last {since} ago; "
        + "the path or the server forgets idle connections")
    #expect(finding.textSince == moment - .seconds(10))
    #expect(finding.level == .critical)
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "prove & keep alive")
    #expect(finding.evidence[0].value == "3 of 40 that ended")
    #expect(finding.confidence == 0.5)
  }

  @Test(arguments: [(2, 11, false), (2, 10, true), (3, 1000, true), (1, 1, false), (0, 0, false)])
  func `it takes three in ten minutes, or two that are a fifth`(resets: Int, closed: Int, isFound: Bool) {
    #expect((judged(closings(resets, of: closed)) != nil) == isFound)
  }

  @Test func `no ends are silent`() {
    #expect(judged(nil) == nil)
  }

  @Test(arguments: [(60.0, Level.critical), (61, .warning)])
  func `it is critical while the last is fresh`(ago: Double, level: Level) {
    #expect(judged(closings(3, of: 3, lastAgo: ago))?.level == level)
  }

  @Test func `retries that hide every reset make it a warning, failures support it`() throws {
    let hidden = CallTotals(requests: 100, fates: [.success: 90, .successAfterRetry: 10])
    #expect(judged(closings(3, of: 3), calls: hidden)?.level == .warning)
    let failing = CallTotals(requests: 100, fates: [.success: 90, .notRetryable: 10])
    let finding = try #require(judged(closings(3, of: 3), calls: failing))
    #expect(finding.level == .critical)
    #expect(finding.confidence == 0.6)
  }

  @Test func `a longer silence that was survived speaks against it`() throws {
    let refuted = try #require(judged(closings(3, of: 3), path: Stuck.path(survived: 50)))
    #expect(refuted.confidence == 0.2)
    let bracketed = try #require(judged(closings(3, of: 3), path: Stuck.path(survived: 25, failed: 31)))
    #expect(bracketed.text.hasSuffix("the path or the server forgets after 25 to 31 s"))
    #expect(bracketed.notFound == ["a longer silence that a connection survived"])
  }

  @Test func `what is not known is left out`() throws {
    let finding = try #require(judged(ClosingSummary(closed: 3, resetAfterIdle: 3)))
    #expect(
      finding.text == "3 connections were reset at their first use after a silence; "
        + "the path or the server forgets idle connections")
    #expect(finding.textSince == nil)
    #expect(finding.level == .warning)
  }
}
