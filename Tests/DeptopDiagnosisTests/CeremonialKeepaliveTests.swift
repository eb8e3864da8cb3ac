import DeptopDiagnosis
import DeptopModel
import Testing

struct CeremonialKeepaliveTests {
  private let rule = CeremonialKeepalive()

  /// Four idle connections whose keepalive comes after two hours, on a path that is declared to forget after 30 s.
  private var late: Stuck {
    var stuck = Stuck.alive
    stuck.conditions.keepaliveOn = 4
    stuck.conditions.keepaliveLongest = .seconds(7200)
    stuck.conditions.idleSince = moment - .seconds(16)
    stuck.path = Stuck.path(declared: 30)
    return stuck
  }

  @Test func `keepalive after two hours on a path that forgets after 30 s is warned about`() throws {
    let finding = try #require(late.finding(rule))
    #expect(
      finding.text == "keepalive after 2 h on a path that forgets after 30 s: an idle connection dies unnoticed")
    #expect(finding.level == .warning)
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "keep alive")
    #expect(finding.evidence.map(\.value).contains("4 with, the longest after 2 h"))
    #expect(finding.evidence.map(\.value).contains("TCP_KEEPIDLE of 10 s or less in the application"))
    #expect(finding.evidence[0].source == "configuration")
  }

  @Test func `no keepalive at all is told as such`() throws {
    var stuck = late
    stuck.conditions.keepaliveOff = 1
    let finding = try #require(stuck.finding(rule))
    #expect(finding.text.hasPrefix("no keepalive on a path that forgets after 30 s:"))
    #expect(finding.evidence[1].value == "1 without keepalive, 4 with, the longest after 2 h")
  }

  @Test(arguments: [(24.0, false), (24.1, true), (10, false)])
  func `keepalive within four fifths of the path's idle timeout is silent`(longest: Double, isFound: Bool) {
    var stuck = late
    stuck.conditions.keepaliveLongest = .seconds(longest)
    #expect((stuck.finding(rule) != nil) == isFound)
  }

  @Test(arguments: [(15.0, nil, false), (15.1, nil, true), (1, 16, true), (1, 15, false)] as [(Double, Double?, Bool)])
  func `it takes a silence of half of the path's idle timeout`(idle: Double, survived: Double?, isFound: Bool) {
    var stuck = late
    stuck.conditions.idleSince = moment - .seconds(idle)
    stuck.path = Stuck.path(survived: survived, declared: 30)
    #expect((stuck.finding(rule) != nil) == isFound)
  }

  @Test func `a path of which nothing is known, and connections that tell no keepalive, are silent`() {
    var stuck = late
    stuck.path = nil
    #expect(stuck.finding(rule) == nil)
    stuck.path = Stuck.path(survived: 100)
    #expect(stuck.finding(rule) == nil)
    stuck = late
    (stuck.conditions.keepaliveOn, stuck.conditions.keepaliveLongest) = (0, nil)
    #expect(stuck.finding(rule) == nil)
  }

  @Test func `a timeout that was learned is an upper bound`() throws {
    var stuck = late
    stuck.path = Stuck.path(failed: 31)
    let finding = try #require(stuck.finding(rule))
    #expect(finding.text.hasPrefix("keepalive after 2 h on a path that forgets after 31 s at most:"))
    #expect(finding.evidence[0].source == "kernel")
  }

  @Test func `dead connections and resets make it critical`() throws {
    var stuck = late
    let conditions = Stuck().conditions
    (stuck.conditions.dead, stuck.conditions.deadSince) = (conditions.dead, conditions.deadSince)
    (stuck.conditions.deadIdleBefore, stuck.conditions.deadAddresses) = ([.seconds(31)], [Stuck.address])
    let finding = try #require(stuck.finding(rule))
    #expect(finding.level == .critical)
    #expect(finding.evidence.contains { $0.reading == "seen already (M01)" && $0.value == "2 of 4" })
    var reset = late.dependency
    reset.closings = ClosingSummary(closed: 3, resetAfterIdle: 3)
    #expect(rule.finding(for: reset, at: moment)?.level == .critical)
  }

  @Test func `a longer silence that was survived speaks against it`() throws {
    var stuck = late
    #expect(try #require(stuck.finding(rule)).confidence == 0.5)
    stuck.path = Stuck.path(survived: 31, declared: 30)
    #expect(try #require(stuck.finding(rule)).confidence == 0.2)
  }
}
