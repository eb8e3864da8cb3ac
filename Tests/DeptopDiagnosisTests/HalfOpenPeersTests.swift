import DeptopDiagnosis
import DeptopModel
import Testing

struct HalfOpenPeersTests {
  private let rule = HalfOpenPeers()

  private func silent(_ count: Int) -> Stuck {
    var stuck = Stuck.alive
    stuck.conditions.keepaliveUnanswered = count
    return stuck
  }

  /// Two connections that died in the middle of work.
  private func busy(for age: Double) -> Stuck {
    var stuck = Stuck()
    stuck.conditions.deadIdleBefore = [.milliseconds(10), .milliseconds(20)]
    stuck.conditions.deadSince = moment - .seconds(age)
    return stuck
  }

  @Test func `keepalive that nobody answers is a half-open connection`() throws {
    let finding = try #require(silent(1).finding(rule))
    #expect(finding.text == "1 of 4 connections is half-open: keepalive is not answered")
    #expect(finding.textSince == nil)
    #expect(finding.level == .warning)
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "prove & keep alive")
    #expect(finding.evidence.map(\.value) == ["1 of 4"])
    #expect(finding.notFound == ["addresses that take no new connection"])
    #expect(silent(2).finding(rule)?.level == .critical)
    #expect(silent(0).finding(rule) == nil)
  }

  @Test func `callers that wait make it critical`() {
    var waiting = silent(1)
    waiting.pools = [PoolReading(client: "orders", active: 4, idle: 0, pending: 1, max: 4)]
    #expect(waiting.finding(rule)?.level == .critical)
  }

  @Test func `addresses that take no new connection are another mechanism`() {
    var stuck = silent(1)
    stuck.probes = [(Stuck.address, nil)]
    #expect(stuck.finding(rule) == nil)
    stuck.probes = []
    #expect(stuck.finding(rule) != nil)
  }

  @Test func `busy connections that fell silent count after 6 s, when a new one succeeds`() throws {
    #expect(busy(for: 5.9).finding(rule) == nil)
    let finding = try #require(busy(for: 6).finding(rule))
    #expect(
      finding.text
        == "2 of 4 connections are half-open: silent {since} in the middle of work; a new connection succeeds")
    #expect(finding.textSince == moment - .seconds(6))
    #expect(finding.confidence == 0.6)
    var unproved = busy(for: 6)
    unproved.probedAt = moment - .seconds(7)
    #expect(unproved.finding(rule) == nil)
  }

  @Test func `a silence before, or whole segments, explain it otherwise`() {
    var stuck = busy(for: 6)
    stuck.conditions.deadIdleBefore = [.milliseconds(10), .seconds(31)]
    #expect(stuck.finding(rule) == nil)
    stuck = busy(for: 6)
    stuck.conditions.deadMeanRetransmit = 1448
    #expect(stuck.finding(rule) == nil)
  }
}
