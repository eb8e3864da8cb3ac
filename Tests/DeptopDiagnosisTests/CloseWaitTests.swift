import DeptopDiagnosis
import DeptopModel
import Testing

struct CloseWaitTests {
  private let rule = CloseWait()

  private func left(_ count: Int, for age: Double, of established: Int = 20) -> Stuck {
    var stuck = Stuck.alive
    stuck.established = established
    stuck.conditions.peerClosed = count
    stuck.conditions.peerClosedSince = moment - .seconds(age)
    stuck.clients = [ClientConnections(owner: SocketOwner(pid: 812, process: "orders"), connections: 25)]
    return stuck
  }

  @Test func `connections that only the peer closed are told with their holder`() throws {
    let finding = try #require(left(5, for: 60).finding(rule))
    #expect(finding.text == "5 connections closed by the peer and not by orders (pid 812), the oldest for {since}")
    #expect(finding.textSince == moment - .seconds(60))
    #expect(finding.level == .warning)
    #expect(finding.action == nil)
    #expect(finding.evidence.map(\.value) == ["5 of 20", "25"])
  }

  @Test(arguments: [(4, 600, false), (5, 59.9, false), (5, 60, true)] as [(Int, Double, Bool)])
  func `it takes five, and a minute`(count: Int, age: Double, isFound: Bool) {
    #expect((left(count, for: age).finding(rule) != nil) == isFound)
  }

  @Test func `none is silent`() {
    #expect(Stuck.alive.finding(rule) == nil)
    #expect(rule.finding(for: dependency(), at: moment) == nil)
  }

  @Test func `closing them is offered after five minutes`() throws {
    #expect(try #require(left(5, for: 299).finding(rule)).action == nil)
    let old = try #require(left(5, for: 300).finding(rule))
    #expect(old.action == .repair)
    #expect(old.actionLabel == "close these")
  }

  @Test func `half of the connections, or callers that wait, are critical`() {
    #expect(left(10, for: 60).finding(rule)?.level == .critical)
    #expect(left(9, for: 60).finding(rule)?.level == .warning)
    var waiting = left(5, for: 60)
    waiting.pools = [PoolReading(client: "orders", active: 20, idle: 0, pending: 1, max: 20)]
    #expect(waiting.finding(rule)?.level == .critical)
  }

  @Test func `several holders are counted, an unknown one is not named`() throws {
    var stuck = left(5, for: 60)
    stuck.clients.append(ClientConnections(owner: nil, connections: 1))
    #expect(try #require(stuck.finding(rule)).text.contains("not by one of 2 clients"))
    stuck.clients = [ClientConnections(owner: nil, connections: 1)]
    #expect(try #require(stuck.finding(rule)).text.contains("not by the application"))
  }
}
