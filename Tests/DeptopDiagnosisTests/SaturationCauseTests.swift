import DeptopDiagnosis
import DeptopModel
import Testing

struct SaturationCauseTests {
  private func judged(_ change: (inout Slowed) -> Void) -> Finding? {
    var slowed = Slowed()
    slowed.pool?.oldestWait = .seconds(3)
    change(&slowed)
    return slowed.finding(PoolSaturation())
  }

  @Test func `a slow upstream is told as the cause, and draining is refused`() throws {
    let finding = try #require(judged { _ in })
    #expect(finding.text.hasSuffix("; the cause: slow upstream (M13)"))
    #expect(finding.prohibition?.verbs == [.drain])
    #expect(finding.action == .breaker)
  }

  @Test func `a pool that is too small is told by response times as always, and draining is refused`() throws {
    let finding = try #require(judged { ($0.response, $0.episode) = (.milliseconds(12), nil) })
    #expect(finding.text.hasSuffix("; response times are as always: the pool is too small for the load"))
    #expect(finding.prohibition?.reason.hasPrefix("a drain does not make the pool larger") == true)
    #expect(finding.action == nil)
  }

  @Test func `connections that the application holds are told, and draining all is the action`() throws {
    let finding = try #require(
      judged {
        ($0.response, $0.episode) = (.milliseconds(12), nil)
        $0.sockets = Slowed.sockets(8, idle: 6)
      })
    #expect(finding.text.hasSuffix("; held by the application: 6 of 8 carry nothing in the kernel"))
    #expect(finding.action == .drain && finding.actionLabel == "drain all")
    #expect(finding.prohibition == nil)
  }

  @Test func `idle connections of a client that reports no pool are not held by the one that does`() throws {
    let finding = try #require(
      judged {
        ($0.response, $0.episode) = (.milliseconds(12), nil)
        $0.sockets = Slowed.sockets(14, idle: 7)
      })
    #expect(finding.text.hasSuffix("; response times are as always: the pool is too small for the load"))
    let held = try #require(
      judged {
        ($0.response, $0.episode) = (.milliseconds(12), nil)
        $0.sockets = Slowed.sockets(14, idle: 8)
      })
    #expect(held.text.hasSuffix("; held by the application: 2 of 8 carry nothing in the kernel"))
  }

  @Test func `connections that answer after answer keeps busy are not held, whatever the kernel's times look like`()
    throws
  {
    let finding = try #require(judged { $0.sockets = Slowed.sockets(8, idle: 8) })
    #expect(finding.text.hasSuffix("; the cause: slow upstream (M13)"))
  }

  @Test func `where nothing usual is known no cause is told and nothing refused`() throws {
    let finding = try #require(judged { $0.usual = nil })
    #expect(!finding.text.contains("cause") && finding.prohibition == nil && finding.action == nil)
  }
}
