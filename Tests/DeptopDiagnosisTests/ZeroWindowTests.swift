import DeptopDiagnosis
import DeptopModel
import Testing

struct ZeroWindowTests {
  private let rule = ZeroWindow()

  private func stalled(_ count: Int, for age: Double) -> Stuck {
    var stuck = Stuck.alive
    stuck.conditions.zeroWindow = count
    stuck.conditions.zeroWindowSince = moment - .seconds(age)
    return stuck
  }

  @Test func `a peer that takes no data is told apart, and nothing is offered`() throws {
    let finding = try #require(stalled(1, for: 3).finding(rule))
    #expect(
      finding.text
        == "1 of 4 connections is stalled for {since}: the peer answers but takes no more data (zero window)")
    #expect(finding.textSince == moment - .seconds(3))
    #expect(finding.level == .warning)
    #expect(finding.action == nil)
    #expect(finding.notFound == ["connections on which nothing comes back"])
    #expect(finding.confidence == 0.5)
  }

  @Test(arguments: [(0, 60, false), (1, 2.9, false), (1, 3, true)] as [(Int, Double, Bool)])
  func `it takes 3 s`(count: Int, age: Double, isFound: Bool) {
    #expect((stalled(count, for: age).finding(rule) != nil) == isFound)
  }

  @Test func `half of the connections, or callers that wait, are critical`() {
    #expect(stalled(2, for: 3).finding(rule)?.level == .critical)
    var waiting = stalled(1, for: 3)
    waiting.pools = [PoolReading(client: "orders", active: 4, idle: 0, pending: 1, max: 4)]
    #expect(waiting.finding(rule)?.level == .critical)
  }

  @Test func `dead connections beside it speak against it`() throws {
    var stuck = Stuck()
    (stuck.conditions.zeroWindow, stuck.conditions.zeroWindowSince) = (1, moment - .seconds(3))
    #expect(try #require(stuck.finding(rule)).confidence == 0.2)
  }
}
