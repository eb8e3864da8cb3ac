import DeptopDiagnosis
import DeptopModel
import Testing

struct StaleConnectionsTests {
  private let rule = StaleConnections()
  private var stuck = Stuck()

  @Test func `two of four that died after a silence are told with it, and that a new connection succeeds`() throws {
    let finding = try #require(stuck.finding(rule))
    #expect(
      finding.text == "2 of 4 connections are dead: silent {since} after 31 s idle; a new connection succeeds")
    #expect(finding.textSince == moment - .seconds(4))
    #expect(finding.level == .critical)
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "prove & keep alive")
    #expect(finding.confidence == 0.7)
    #expect(
      finding.evidence.map(\.value) == ["2 of 4", "31 s", "succeeds in 1 ms", "31 s"])
    #expect(finding.notFound == ["whole segments sent again", "a probe of these addresses that fails"])
  }

  @Test func `it opens at its second tick and ends 60 s after the last`() {
    var diagnosis = Diagnosis(rules: [StaleConnections.self])
    let states = (0..<2).map { diagnosis.findings(for: [stuck.dependency], at: moment + .seconds($0)).map(\.state) }
    #expect(states == [[.pending], [.open]])
    let healed = Stuck.alive.dependency
    #expect(diagnosis.findings(for: [healed], at: moment + .seconds(2)).map(\.state) == [.clearing])
    #expect(diagnosis.findings(for: [healed], at: moment + .seconds(61)).map(\.state) == [.clearing])
    #expect(diagnosis.findings(for: [healed], at: moment + .seconds(62)).isEmpty)
  }

  @Test func `no dead connection is silent`() {
    #expect(Stuck.alive.finding(rule) == nil)
    #expect(rule.finding(for: dependency(), at: moment) == nil)
  }

  @Test(
    arguments: [([4.9], false), ([5], true), ([0.5, 1], false), ([0.5, 31], true)] as [([Double], Bool)])
  func `it takes 5 s of silence before`(idle: [Double], isFound: Bool) {
    var stuck = stuck
    stuck.conditions.dead = idle.count
    stuck.conditions.deadIdleBefore = idle.map { .seconds($0) }
    #expect((stuck.finding(rule) != nil) == isFound)
  }

  @Test func `those that were busy before are not counted`() throws {
    var stuck = stuck
    stuck.conditions.dead = 3
    stuck.conditions.deadIdleBefore = [.milliseconds(200), .seconds(31), .seconds(44)]
    let text = try #require(stuck.finding(rule)).text
    #expect(text.hasPrefix("2 of 4 connections are dead: silent {since} after 31 to 44 s idle;"))
  }

  @Test func `a silence that was not seen is left out, and takes a new connection that succeeds`() throws {
    var stuck = stuck
    stuck.conditions.deadIdleBefore = []
    let finding = try #require(stuck.finding(rule))
    #expect(finding.text == "2 of 4 connections are dead: silent {since}; a new connection succeeds")
    #expect(finding.confidence == 0.6)
    stuck.probes = []
    #expect(stuck.finding(rule) == nil)
  }

  @Test(arguments: [(4, 1, Level.warning), (4, 2, .critical), (1, 1, .critical), (0, 1, .critical)])
  func `half of the connections are critical`(established: Int, dead: Int, level: Level) {
    var stuck = stuck
    (stuck.established, stuck.conditions.dead) = (established, dead)
    stuck.conditions.deadIdleBefore = [.seconds(31)]
    #expect(stuck.finding(rule)?.level == level)
  }

  @Test func `callers that wait make it critical, and a pool that checks its connections is told`() throws {
    var stuck = stuck
    stuck.established = 10
    stuck.pools = [PoolReading(client: "pgbouncer main", active: 0, idle: 0, transitional: 4, pending: 6, max: 4)]
    let finding = try #require(stuck.finding(rule))
    #expect(finding.level == .critical)
    #expect(finding.text.hasSuffix("a new connection succeeds; 6 callers waiting"))
    #expect(finding.evidence.contains { $0.reading.hasSuffix("being opened or checked") && $0.value == "4 of 4" })
    stuck.pools[0].isPaused = true
    #expect(stuck.finding(rule)?.level == .warning)
  }

  @Test func `a probe that fails is another mechanism`() {
    var stuck = stuck
    stuck.probes = [(Stuck.address, nil)]
    #expect(stuck.finding(rule) == nil)
  }

  @Test func `a probe of another address says nothing`() throws {
    var stuck = stuck
    stuck.probes = [(Stuck.other, .milliseconds(1))]
    #expect(try #require(stuck.finding(rule)).text.contains("whether a new connection succeeds is not known"))
  }

  @Test func `one address of two that fails its probe speaks against it`() throws {
    var stuck = stuck
    stuck.conditions.deadAddresses = [Stuck.address, Stuck.other]
    stuck.probes = [(Stuck.address, .milliseconds(1)), (Stuck.other, nil)]
    let finding = try #require(stuck.finding(rule))
    #expect(finding.confidence == 0.4)
    #expect(finding.evidence.contains { $0.reading == "probe of 10.0.3.8" && $0.value == "no answer within 1 s" })
  }

  @Test func `a probe from before is told as such, and one from long before does not count`() throws {
    var stuck = stuck
    stuck.probedAt = moment - .seconds(16)
    let finding = try #require(stuck.finding(rule))
    #expect(finding.text.hasSuffix("; a new connection succeeded 12 s before the first stuck send"))
    #expect(finding.confidence == 0.6)
    stuck.probedAt = moment - .seconds(65)
    #expect(try #require(stuck.finding(rule)).text.hasSuffix("is not known"))
  }

  @Test func `a connection that a client opened since proves it without a probe`() throws {
    var stuck = stuck
    stuck.probes = []
    stuck.uses = [
      AddressUse(
        address: Stuck.address, connections: 4, idle: 0, standing: .current, newestSince: moment - .seconds(3))
    ]
    let finding = try #require(stuck.finding(rule))
    #expect(finding.text.hasSuffix("; a new connection succeeds"))
    #expect(finding.evidence.contains { $0.value == "opened by a client" && $0.source == "kernel" })
  }

  @Test(arguments: [(19.0, false), (20, true)])
  func `where nothing tried, it takes 20 s of silence`(idle: Double, isFound: Bool) {
    var stuck = stuck
    stuck.probes = []
    stuck.conditions.deadIdleBefore = [.seconds(idle), .seconds(31)]
    #expect((stuck.finding(rule) != nil) == isFound)
  }

  @Test func `where nothing tried and the address left DNS, the drift is told instead`() throws {
    var stuck = stuck
    stuck.probes = []
    stuck.uses = [
      AddressUse(
        address: Stuck.address, connections: 4, idle: 0, standing: .left, leftAt: moment - .seconds(300))
    ]
    var drifted = stuck.dependency
    var resolution = Resolution(name: "db.lab")
    (resolution.addresses, resolution.ttl, resolution.answers) = ([Stuck.other], .seconds(5), 60)
    var history = AddressHistory(address: Stuck.address, firstSeenAt: moment, lastSeenAt: moment)
    (history.leftAt, history.absences) = (moment - .seconds(300), 60)
    resolution.history = [history]
    drifted.resolution = resolution
    #expect(rule.finding(for: drifted, at: moment) == nil)
    let drift = try #require(DNSDrift().finding(for: drifted, at: moment))
    #expect(drift.evidence.contains { $0.reading.hasSuffix("nothing comes back") && $0.value == "10.0.3.7" })
    drifted.resolution = nil
    #expect(rule.finding(for: drifted, at: moment) != nil)
  }

  @Test(
    arguments: [
      (1303, [1], nil, nil), (1303, [31], nil, "M01"), (1304, [1], nil, "M17"), (1448, [31], nil, "M01"),
      (1448, [31], 40, "M17"), (1448, [], nil, "M17"),
    ] as [(Int, [Double], Double?, RuleID?)])
  func `whole segments sent again take a silence that explains them`(
    mean: Int, idle: [Double], survived: Double?, found: RuleID?
  ) {
    var stuck = stuck
    stuck.conditions.dead = 1
    stuck.conditions.deadMeanRetransmit = mean
    stuck.conditions.deadIdleBefore = idle.map { .seconds($0) }
    stuck.path = Stuck.path(survived: survived)
    #expect((stuck.finding(rule) ?? stuck.finding(PathMTUBlackHole()))?.rule == found)
    #expect(stuck.finding(rule) == nil || stuck.finding(PathMTUBlackHole()) == nil)
  }

  @Test func `whole segments after a silence, and silences that others survived, speak against it`() throws {
    var stuck = stuck
    stuck.conditions.deadMeanRetransmit = 1448
    #expect(try #require(stuck.finding(rule)).confidence == 0.4)
    stuck.conditions.deadMeanRetransmit = 100
    stuck.path = Stuck.path(survived: 40)
    let finding = try #require(stuck.finding(rule))
    #expect(finding.confidence == 0.4)
    #expect(finding.evidence.last?.value == "40 s")
  }

  @Test(
    arguments: [
      (238, 246, "after 238 to 246 s, as an Azure load balancer or NAT gateway does (240 s)"),
      (340, 350, "after 340 to 350 s, as an AWS NAT gateway or NLB does (350 s)"),
      (25, 31, "after 25 to 31 s"), (50, 400, "after 50 to 400 s"), (nil, 246, "after 246 s at most"),
    ] as [(Double?, Double, String)])
  func `the path's idle timeout is told as far as it is known`(
    survived: Double?, failed: Double, words: String
  ) throws {
    var stuck = stuck
    stuck.conditions.deadIdleBefore = [.seconds(failed)]
    stuck.path = Stuck.path(survived: survived, failed: failed)
    let finding = try #require(stuck.finding(rule))
    #expect(finding.text.hasSuffix("; the path forgets " + words))
    #expect(finding.evidence.contains { $0.value == words })
  }

  @Test func `silences that contradict each other bound nothing`() throws {
    var stuck = stuck
    stuck.path = Stuck.path(survived: 31, failed: 31)
    #expect(try #require(stuck.finding(rule)).text.hasSuffix("a new connection succeeds"))
  }
}
