import DeptopDiagnosis
import DeptopModel
import Testing

struct SlowUpstreamTests {
  private func judged(_ change: (inout Slowed) -> Void = { _ in }) -> Finding? {
    var slowed = Slowed()
    change(&slowed)
    return slowed.finding(SlowUpstream())
  }

  @Test func `it tells how slow, the order, and that a drain does not help`() throws {
    let finding = try #require(judged())
    #expect(
      finding.text == "slow upstream: p50 517 ms, 43 × its usual; the pool filled 3 s later; calls fail for {since}")
    #expect(finding.textSince == moment - .seconds(15))
    #expect(finding.level == .critical)
    #expect(finding.confidence == 0.8)
    #expect(
      finding.prohibition
        == Prohibition(
          verbs: [.drain],
          reason: "a drain does not make the upstream faster: shed load (B open), shorten time limits"))
    #expect(finding.action == .breaker && finding.actionLabel == "open / shed")
    #expect(
      finding.evidence.contains { $0.reading == "order" && $0.value == "slow, full after 3 s, failing after 5 s" })
    #expect(finding.notFound.contains("a pool that was full before"))
  }

  @Test(arguments: [(23, false), (25, true)])
  func `it takes twice the usual time`(milliseconds: Int, isFound: Bool) {
    #expect((judged { $0.response = .milliseconds(milliseconds) } != nil) == isFound)
  }

  @Test func `a slow tail alone is told as such`() throws {
    let finding = try #require(
      judged {
        $0.response = .milliseconds(80)
        $0.usual?.p50 = .milliseconds(70)
      })
    #expect(finding.text.hasPrefix("slow upstream: p95 80 ms, 2.7 × its usual"))
  }

  @Test func `slow answers that hurt nobody are silent`() {
    let found = judged {
      $0.pool = PoolReading(client: "orders", active: 3, idle: 5, pending: 0, max: 8)
      $0.counts = CallTotals(requests: 300, fates: [.success: 300])
    }
    #expect(found == nil)
  }

  @Test func `callers that wait at a pool with room left are a warning`() {
    let found = judged {
      $0.pool = PoolReading(client: "orders", active: 3, idle: 0, pending: 2, max: 8)
      $0.counts = CallTotals(requests: 300, fates: [.success: 300])
    }
    #expect(found?.level == .warning)
  }

  @Test func `without a usual response time nothing is slow`() {
    #expect(judged { $0.usual = nil } == nil)
    #expect(judged { $0.usual = UsualCalls(requests: 30) } == nil)
  }

  @Test func `times of microseconds hurt nobody`() {
    let found = judged {
      $0.response = .microseconds(900)
      $0.usual = UsualCalls(p50: .microseconds(100), p95: .microseconds(200))
    }
    #expect(found == nil)
  }

  @Test func `little health seen before makes it less sure, and is told`() throws {
    let finding = try #require(judged { $0.usual?.isYoung = true })
    #expect(finding.confidence == 0.5)
    #expect(finding.evidence.contains { $0.value == "less than a minute" })
  }

  @Test func `a pool that was full before speaks against it`() throws {
    let finding = try #require(judged { $0.episode?.saturatedSince = moment - .seconds(40) })
    #expect(finding.evidence.contains { $0.reading == "the pool was full before" && $0.value == "20 s" })
    #expect(finding.confidence == 0.4)
    #expect(!finding.text.contains("filled"))
  }

  @Test func `replies that the kernel sees come in time speak against it, once they are of the episode alone`() throws {
    let fast = Slowed.sockets(8, replies: .milliseconds(12))
    let early = try #require(judged { $0.sockets = fast })
    let late = try #require(
      judged {
        $0.sockets = fast
        $0.episode?.slowSince = moment - .seconds(90)
      })
    #expect(early.confidence == 0.8)
    #expect(late.evidence.contains { $0.reading == "replies as the kernel sees them" })
    #expect(late.confidence == 0.5)
  }

  @Test func `many more answers than usual speak against it`() throws {
    let finding = try #require(judged { $0.answers = 500 })
    #expect(finding.evidence.contains { $0.reading == "answers" && $0.value == "50 /s, usually 30 /s" })
  }

  @Test func `where nothing is answered the oldest request tells`() throws {
    let finding = try #require(judged { ($0.response, $0.waiting, $0.oldestWaiting) = (nil, 8, .seconds(6)) })
    #expect(finding.text.hasPrefix("slow upstream: oldest request 6 s, 200 × its usual"))
    #expect(judged { $0.response = nil } == nil, "nothing is known of times now")
  }

  @Test func `one request that waits beside others that are answered in time is not a slow upstream`() {
    #expect(judged { ($0.response, $0.waiting, $0.oldestWaiting) = (.milliseconds(12), 1, .seconds(60)) } == nil)
  }

  @Test(arguments: [(1, 8, false), (3, 8, false), (4, 8, true), (1, 1, false)])
  func `where nobody reports, half of the connections must wait for a reply`(
    waiting: Int, established: Int, isFound: Bool
  ) {
    let found = judged {
      ($0.hasCalls, $0.pool, $0.episode) = (false, nil, nil)
      $0.usual = UsualCalls(p50: .milliseconds(50), p95: .milliseconds(50), isEstimated: true)
      $0.sockets = Slowed.sockets(established, waiting: waiting)
    }
    #expect((found != nil) == isFound)
    if let found { #expect(found.text == "slow upstream: oldest reply 3 s, 60 × its usual" && found.level == .warning) }
  }

  @Test func `a dead path is not slow: that is the finding`() {
    var dead = Slowed()
    dead.sockets = Stuck().dependency.sockets?.value
    var dependency = dead.dependency
    dependency.connect = Stuck().dependency.connect
    #expect(StaleConnections().finding(for: dependency, at: moment) != nil)
    #expect(SlowUpstream().finding(for: dependency, at: moment) == nil)
    #expect(PoolSaturation().finding(for: dependency, at: moment)?.prohibition == nil)
  }

  @Test func `a bad address is not slow`() {
    var stuck = Stuck()
    stuck.probes = [(Stuck.address, nil), (Stuck.other, .milliseconds(1))]
    var dependency = Slowed().dependency
    (dependency.sockets, dependency.connect) = (stuck.dependency.sockets, stuck.dependency.connect)
    #expect(BadAddress().finding(for: dependency, at: moment) != nil)
    #expect(SlowUpstream().finding(for: dependency, at: moment) == nil)
  }

  @Test func `connections to an address that left DNS are not slow`() {
    var dependency = Slowed().dependency
    var resolution = Resolution(name: "db.lab")
    resolution.addresses = [Stuck.other]
    (resolution.ttl, resolution.answers) = (.seconds(5), 100)
    resolution.firstAnsweredAt = moment - .seconds(1000)
    resolution.history = [
      AddressHistory(
        address: Stuck.address, firstSeenAt: moment - .seconds(1000), lastSeenAt: moment - .seconds(300),
        leftAt: moment - .seconds(290), absences: 50)
    ]
    dependency.resolution = resolution
    var sockets = Slowed.sockets(8, waiting: 8)
    sockets.addresses = [
      AddressUse(
        address: Stuck.address, connections: 8, idle: 0, standing: .left, leftAt: moment - .seconds(290),
        newestSince: moment - .seconds(900))
    ]
    dependency.sockets = Reading(sockets, source: "kernel", observedAt: moment)
    #expect(DNSDrift().finding(for: dependency, at: moment)?.level == .critical)
    #expect(SlowUpstream().finding(for: dependency, at: moment) == nil)
  }

  @Test func `no breaker that can be opened is no action`() {
    #expect(judged { $0.states = [.closed] }?.action == nil)
  }
}
