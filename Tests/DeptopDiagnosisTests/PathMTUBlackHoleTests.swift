import DeptopDiagnosis
import DeptopModel
import Testing

struct PathMTUBlackHoleTests {
  private let rule = PathMTUBlackHole()

  /// One connection of four that sends whole segments again, without a silence before.
  private var stuck: Stuck {
    var stuck = Stuck()
    stuck.conditions.dead = 1
    stuck.conditions.deadIdleBefore = [.milliseconds(300)]
    stuck.conditions.deadMeanRetransmit = 1448
    return stuck
  }

  @Test func `whole segments without an answer are told with their size`() throws {
    let finding = try #require(stuck.finding(rule))
    #expect(
      finding.text == "1 of 4 connections is stuck for {since}: segments of 1448 B get no answer; small packets pass: "
        + "path-MTU black hole")
    #expect(finding.textSince == moment - .seconds(4))
    #expect(finding.level == .critical)
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "unstick")
    #expect(finding.confidence == 0.6)
    #expect(finding.notFound == ["a silence that explains it"])
    #expect(finding.evidence.map(\.value).contains("1448 B"))
  }

  @Test func `the path check names the size and the tunnel`() throws {
    var stuck = stuck
    stuck.path = Stuck.path(largest: 1400, lost: 1401, overlay: "a VPN", at: moment - .seconds(600))
    let finding = try #require(stuck.finding(rule))
    #expect(
      finding.text == "1 of 4 connections is stuck for {since}: segments of 1448 B get no answer; "
        + "the path takes packets of 1400 B at most (a VPN)")
    #expect(finding.confidence == 0.7)
    #expect(finding.evidence.contains { $0.value == "1400 B, as in a VPN" && $0.source == "probe" })
    stuck.conditions.deadIdleBefore = [.seconds(400)]
    #expect(stuck.finding(rule) != nil, "what the check has seen outweighs the silence")
    #expect(stuck.finding(StaleConnections()) == nil)
  }

  @Test func `a declared size is believed`() throws {
    var stuck = stuck
    stuck.path = NetworkPath()
    stuck.path?.declaredMTU = 1450
    #expect(try #require(stuck.finding(rule)).text.hasSuffix("the path takes packets of 1450 B at most"))
    stuck.path?.declaredMTU = 1500
    #expect(try #require(stuck.finding(rule)).text.hasSuffix("path-MTU black hole"))
  }

  @Test(
    arguments: [(1500, nil, 1, false), (1520, 1521, 1, false), (1500, nil, -5, true), (1500, 1501, 1, true)]
      as [(Int, Int?, Int, Bool)])
  func `full packets that passed since refute it`(largest: Int, lost: Int?, after: Int, isFound: Bool) {
    var stuck = stuck
    stuck.path = Stuck.path(largest: largest, lost: lost, at: moment - .seconds(4) + .seconds(after))
    #expect((stuck.finding(rule) != nil) == isFound)
  }

  @Test(arguments: [(1303, false), (1304, true), (nil, false)] as [(Int?, Bool)])
  func `it takes nine tenths of a segment`(mean: Int?, isFound: Bool) {
    var stuck = stuck
    stuck.conditions.deadMeanRetransmit = mean
    #expect((stuck.finding(rule) != nil) == isFound)
  }

  @Test func `no segment size, no dead connection, and addresses where nothing passes are silent`() {
    var stuck = stuck
    stuck.conditions.deadSegmentSize = nil
    #expect(stuck.finding(rule) == nil)
    stuck.conditions.deadSegmentSize = 0
    #expect(stuck.finding(rule) == nil)
    #expect(Stuck.alive.finding(rule) == nil)
    stuck = self.stuck
    stuck.probes = [(Stuck.address, nil)]
    #expect(stuck.finding(rule) == nil)
  }

  @Test func `without a probe it does not claim that small packets pass`() throws {
    var stuck = stuck
    stuck.probes = []
    #expect(try #require(stuck.finding(rule)).text.contains("small packets may pass"))
  }

  @Test func `a silence that was survived before counts against it, and the check against that`() throws {
    var stuck = stuck
    stuck.conditions.deadIdleBefore = [.seconds(31)]
    stuck.path = Stuck.path(survived: 40)
    #expect(try #require(stuck.finding(rule)).confidence == 0.3)
  }

  @Test func `sizes of any magnitude are told`() {
    var stuck = stuck
    (stuck.conditions.deadSegmentSize, stuck.conditions.deadMeanRetransmit) = (.max, .max)
    stuck.path = Stuck.path(largest: 1400, lost: 1401)
    #expect(stuck.finding(rule) != nil)
  }
}
