import DeptopDiagnosis
import DeptopModel
import Testing

struct PoolSaturationTests {
  private var full = PoolReading(client: "orders@web-17", active: 20, idle: 0, pending: 14, max: 20)

  private func dependency(
    _ pools: [PoolReading], wait: Duration? = nil, service: Duration? = nil, counts: CallTotals = .none,
    policy: Policy? = nil
  ) -> Dependency {
    var made = DeptopDiagnosisTests.dependency()
    made.pools = pools.map { Reading(reported: $0) }
    made.policy = policy
    if wait != nil || service != nil || counts != .none {
      made.calls = Reading(
        reported: CallReading(
          window: .seconds(10), counts: counts, responseTime: service.flatMap { .all($0) },
          waitTime: wait.flatMap { .all($0) }))
    }
    return made
  }

  private func judged(_ dependency: Dependency) -> Finding? {
    PoolSaturation().finding(for: dependency, at: moment)
  }

  @Test func `a full pool with waiting callers names client, numbers, wait and share`() throws {
    let finding = try #require(judged(dependency([full], wait: .seconds(4), service: .milliseconds(800))))
    #expect(
      finding.text
        == "pool exhaustion: 20 of 20 connections of orders@web-17 in use and 14 callers waiting, 4 s at p99; "
        + "waiting is 83 % of a call's time")
    #expect(finding.level == .critical)
    #expect(finding.confidence == 0.7)
    #expect(finding.notFound == ["idle connections in the pool"])
    #expect(finding.action == nil)
  }

  @Test func `the caller at the head of the queue tells how long it waits`() throws {
    var pool = full
    pool.oldestWait = .seconds(3)
    let finding = try #require(judged(dependency([pool])))
    #expect(finding.text.hasSuffix("14 callers waiting, the first for 3 s"))
    #expect(finding.textSince == nil, "the queue's head is another caller each time: its wait does not grow by itself")
    #expect(finding.level == .warning)
  }

  @Test func `one full pool among many is found and named`() throws {
    let calm = (1...99).map { PoolReading(client: "calm-\($0)", active: 2, idle: 18, pending: 0, max: 20) }
    let finding = try #require(judged(dependency(calm + [full], wait: .microseconds(5), service: .milliseconds(5))))
    #expect(finding.text.hasPrefix("pool exhaustion at 1 of 100 clients: 20 of 20 connections of orders@web-17"))
    #expect(finding.confidence == 0.5)
  }

  @Test func `the pool with most callers waiting is told of`() throws {
    var worse = full
    (worse.client, worse.pending) = ("orders@web-18", 15)
    let finding = try #require(judged(dependency([full, worse])))
    #expect(finding.text.hasPrefix("pool exhaustion at 2 of 2 clients: 20 of 20 connections of orders@web-18"))
  }

  @Test(arguments: [(19, 1, true), (18, 1, false), (20, 0, false)])
  func `it takes 95 % in use and a caller that waits`(active: Int, pending: Int, isFound: Bool) {
    var pool = full
    (pool.active, pool.pending) = (active, pending)
    #expect((judged(dependency([pool])) != nil) == isFound)
  }

  @Test(arguments: [(5, 1, false), (12, 1, true), (90, 500, false), (110, 500, true)])
  func `it takes 10 ms and a fifth of the response time`(wait: Int, service: Int, isFound: Bool) {
    let found = judged(dependency([full], wait: .milliseconds(wait), service: .milliseconds(service)))
    #expect((found != nil) == isFound)
  }

  @Test func `a stall in which nobody is served shows at the head of the queue`() {
    var pool = full
    pool.oldestWait = .seconds(7)
    #expect(judged(dependency([pool], wait: .microseconds(1), service: .milliseconds(5))) != nil)
  }

  @Test func `a pool that is paused, disabled, without limit or not counting is silent`() {
    var pools = [PoolReading](repeating: full, count: 5)
    pools[0].isPaused = true
    pools[1].isDisabled = true
    pools[2].max = nil
    pools[3].pending = nil
    pools[4].max = 0
    for pool in pools { #expect(judged(dependency([pool], wait: .seconds(1))) == nil) }
  }

  @Test func `connections that are being checked are not in use`() {
    let stale = PoolReading(client: "pgbouncer main", active: 0, idle: 0, transitional: 20, pending: 14, max: 20)
    #expect(judged(dependency([stale], wait: .seconds(7))) == nil)
  }

  @Test func `a pool of one counts only when waiting dominates`() {
    let one = PoolReading(client: "cron", active: 1, idle: 0, pending: 1, max: 1)
    #expect(judged(dependency([one], wait: .milliseconds(40), service: .milliseconds(50))) == nil)
    #expect(judged(dependency([one], wait: .milliseconds(60), service: .milliseconds(50))) != nil)
  }

  @Test func `callers that gave up, or waited for as long as they may, make it critical`() {
    let calm = dependency([full], wait: .milliseconds(30), service: .milliseconds(90))
    #expect(judged(calm)?.level == .warning)
    let timeouts = CallTotals(timeouts: [.poolAcquire: 1])
    let gaveUp = dependency([full], wait: .milliseconds(30), service: .milliseconds(90), counts: timeouts)
    #expect(judged(gaveUp)?.level == .critical)
    var limited = calm
    limited.policy = Policy(deadline: .milliseconds(25))
    #expect(judged(limited)?.level == .critical)
  }

  @Test func `idle connections in the pool or in the kernel speak against it`() throws {
    var pool = full
    (pool.active, pool.max, pool.idle) = (99, 100, 1)
    #expect(try #require(judged(dependency([pool]))).confidence == 0.2)
    var held = dependency([full])
    held.sockets = Reading(
      reported: SocketSummary(
        established: 20, connecting: 0, closing: 0, idle: 5, oldestSince: nil, isOldestOlder: false, rttMedian: nil,
        retransmits: 0, clients: [], addresses: []))
    let found = try #require(judged(held))
    #expect(found.confidence == 0.2)
    #expect(found.evidence.contains { $0.reading.contains("kernel") && $0.value == "5 of 20" })
    held.sockets?.value.idle = 4
    #expect(try #require(judged(held)).notFound.contains("connections that carry nothing in the kernel"))
  }

  @Test func `a proxy's mean times stand in where no calls are reported`() throws {
    var proxied = dependency([full])
    proxied.requests = Reading(
      reported: RequestReading(rate: 20, upstreamMean: .milliseconds(200), waitMean: .milliseconds(800)))
    let finding = try #require(judged(proxied))
    #expect(finding.text.hasSuffix("14 callers waiting; waiting is 80 % of a call's time"))
    #expect(finding.level == .critical)
  }

  @Test func `dead connections are told as the cause, with the action that fits them`() throws {
    var stuck = Stuck()
    stuck.pools = [full]
    let finding = try #require(judged(stuck.dependency))
    #expect(
      finding.text
        == "pool exhaustion: 20 of 20 connections of orders@web-17 in use and 14 callers waiting; "
        + "the cause: 2 of 4 connections are dead (M01)")
    #expect(finding.action == .repair)
    #expect(finding.actionLabel == "prove & keep alive")
    #expect(finding.evidence.contains { $0.value == "2 of 4" && $0.source == "kernel" })
    stuck.conditions.deadIdleBefore = [.milliseconds(10), .milliseconds(20)]
    let unexplained = try #require(judged(stuck.dependency))
    #expect(unexplained.text.hasSuffix("; the cause: 2 of 4 connections are dead"))
    #expect(unexplained.action == nil)
  }
}
