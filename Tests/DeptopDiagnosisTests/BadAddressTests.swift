import DeptopDiagnosis
import DeptopModel
import Testing

struct BadAddressTests {
  private let rule = BadAddress()
  private let third = IPAddress(v4: 0x0a00_0309)

  /// Two addresses, of which the first is dead and fails its probe.
  private var split: Stuck {
    var stuck = Stuck()
    stuck.probes = [(Stuck.address, nil), (Stuck.other, .milliseconds(1))]
    return stuck
  }

  @Test func `the one that does not answer is named, with those that do`() throws {
    let finding = try #require(split.finding(rule))
    #expect(
      finding.text == "1 of 2 addresses does not answer: 10.0.3.7, 2 connections dead for {since}, "
        + "no new connection: no answer within 1 s; 10.0.3.8 answers")
    #expect(finding.textSince == moment - .seconds(4))
    #expect(finding.level == .critical)
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "close dead")
    #expect(finding.confidence == 0.7)
    #expect(finding.notFound == ["a probe of 10.0.3.7 that connects"])
    #expect(split.finding(StaleConnections()) == nil)
    #expect(split.finding(UnansweredConnects()) == nil)
  }

  @Test func `a failing probe alone offers no action, and is a warning where nothing is connected`() throws {
    var stuck = split
    stuck.conditions = SocketConditions()
    let used = try #require(stuck.finding(rule))
    #expect(used.level == .critical)
    #expect(used.action == nil)
    #expect(used.textSince == nil)
    stuck.uses = []
    #expect(stuck.finding(rule)?.level == .warning)
    stuck.failures = 1
    #expect(stuck.finding(rule) == nil)
  }

  @Test func `several that answer are counted`() throws {
    var stuck = split
    stuck.probes.append((third, .milliseconds(1)))
    let text = try #require(stuck.finding(rule)).text
    #expect(text.hasPrefix("1 of 3 addresses does not answer: 10.0.3.7,"))
    #expect(text.hasSuffix("; the 2 others answer"))
  }

  @Test func `one address, several bad ones, and one that is not known of are silent`() {
    var stuck = split
    stuck.probes = [(Stuck.address, nil)]
    #expect(stuck.finding(rule) == nil)
    stuck.probes = [(Stuck.address, nil), (Stuck.other, nil)]
    #expect(stuck.finding(rule) == nil)
    stuck.probes = [(Stuck.address, nil), (Stuck.other, nil), (third, .milliseconds(1))]
    #expect(stuck.finding(rule) == nil)
    stuck.probes = [(Stuck.address, nil), (Stuck.other, .milliseconds(1)), (third, .milliseconds(1))]
    stuck.conditions.deadAddresses = [Stuck.address, third]
    #expect(stuck.finding(rule) == nil)
    #expect(rule.finding(for: dependency(), at: moment) == nil)
  }

  @Test func `a dead address that takes new connections has forgotten the old ones`() {
    var stuck = split
    stuck.probes[0].time = .milliseconds(1)
    #expect(stuck.finding(rule) == nil)
    #expect(stuck.finding(StaleConnections()) != nil)
  }

  @Test func `where nothing probes, busy connections that died tell it, those after a silence do not`() throws {
    var stuck = split
    stuck.probes = []
    stuck.conditions.deadIdleBefore = [.milliseconds(10), .milliseconds(20)]
    stuck.uses = [Stuck.address, Stuck.other].map {
      AddressUse(address: $0, connections: 2, idle: 0, standing: .current)
    }
    #expect(
      try #require(stuck.finding(rule)).text
        == "1 of 2 addresses does not answer: 10.0.3.7, 2 connections dead for {since}; 10.0.3.8 answers")
    stuck.conditions.deadIdleBefore = [.seconds(31), .seconds(31)]
    #expect(stuck.finding(rule) == nil)
  }

  @Test func `an address that left DNS is drift`() {
    var stuck = split
    stuck.uses = [AddressUse(address: Stuck.address, connections: 2, idle: 0, standing: .left, leftAt: moment)]
    #expect(stuck.finding(rule) == nil)
  }
}
