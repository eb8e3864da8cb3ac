import DeptopDiagnosis
import DeptopModel
import Testing

struct UnansweredConnectsTests {
  private let rule = UnansweredConnects()

  private func connecting(_ count: Int, probes: [Duration?]) -> Stuck {
    var stuck = Stuck.alive
    stuck.conditions.connectUnanswered = count
    stuck.probes = zip([Stuck.address, Stuck.other], probes).map { ($0, $1) }
    return stuck
  }

  @Test func `connects without an answer are critical, with what the probe meets`() throws {
    let finding = try #require(connecting(2, probes: [nil]).finding(rule))
    #expect(
      finding.text == "2 connects unanswered: SYN is sent again and nothing comes back; "
        + "no new connection to 10.0.3.7: no answer within 1 s")
    #expect(finding.level == .critical)
    #expect(finding.action == nil)
    #expect(finding.evidence.map(\.value) == ["2", "no answer within 1 s, 5 of 20 failed"])
    #expect(finding.notFound == ["probes that connect"])
    #expect(finding.confidence == 0.6)
  }

  @Test func `probes that connect speak against it`() throws {
    let finding = try #require(connecting(2, probes: [.milliseconds(1)]).finding(rule))
    #expect(finding.text == "2 connects unanswered: SYN is sent again and nothing comes back")
    #expect(finding.confidence == 0.2)
  }

  @Test func `one connect without an answer is not enough`() {
    #expect(connecting(1, probes: [.milliseconds(1)]).finding(rule) == nil)
    #expect(connecting(1, probes: []).finding(rule) == nil)
    #expect(connecting(2, probes: []).finding(rule) != nil)
  }

  @Test func `a probe that failed once is not enough, unless connections there are dead`() throws {
    var stuck = connecting(0, probes: [nil])
    stuck.failures = 1
    #expect(stuck.finding(rule) == nil)
    stuck.failures = 2
    #expect(try #require(stuck.finding(rule)).text == "no new connection to 10.0.3.7: no answer within 1 s")
    var dead = Stuck()
    (dead.probes, dead.failures) = ([(Stuck.address, nil)], 1)
    let finding = try #require(dead.finding(rule))
    #expect(finding.text == "no new connection to 10.0.3.7: no answer within 1 s; 2 connections dead")
    #expect(finding.level == .critical)
  }

  @Test func `a dependency that nothing uses is a warning`() {
    var stuck = connecting(0, probes: [nil])
    #expect(stuck.finding(rule)?.level == .critical)
    stuck.established = 0
    #expect(stuck.finding(rule)?.level == .warning)
  }

  @Test func `one address of two is another mechanism, both are not`() throws {
    #expect(connecting(2, probes: [nil, .milliseconds(1)]).finding(rule) == nil)
    let finding = try #require(connecting(2, probes: [nil, nil]).finding(rule))
    #expect(finding.text.hasSuffix("no new connection to 10.0.3.7, 10.0.3.8: no answer within 1 s"))
  }

  @Test func `an address that is probed no more says nothing`() {
    var stuck = connecting(0, probes: [.milliseconds(1), nil])
    #expect(stuck.finding(BadAddress()) != nil)
    stuck.forgotten = Stuck.other
    #expect(stuck.finding(BadAddress()) == nil)
    #expect(stuck.finding(rule) == nil)
  }

  @Test func `nothing known is silent`() {
    #expect(rule.finding(for: dependency(), at: moment) == nil)
    #expect(Stuck.alive.finding(rule) == nil)
  }
}
