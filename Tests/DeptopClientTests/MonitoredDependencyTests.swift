internal import DeptopModel
internal import Glibc
internal import Testing

@testable internal import DeptopClient

@Suite struct MonitoredDependencyTests {
  private let dependency = MonitoredDependency(
    DependencyDescription(name: "orders-db", kind: "postgres", host: "db.test", port: 5432), table: BucketTable())

  private var report: ClientReport { dependency.report(gauges: nil) }

  @Test func `what 8 threads record is what is reported`() {
    let each = 20_000
    let reset = dependency.errorType("connection-reset")
    inThreads(8) { [dependency] number in
      for call in 0..<each {
        let time = UInt64(1_000_000 + number * 1_000 + call)
        switch call % 4 {
        case 0: dependency.record(nanoseconds: time)
        case 1: dependency.record(nanoseconds: time, CallOutcome(.successAfterRetry, attempts: 3))
        case 2: dependency.record(nanoseconds: time, CallOutcome(.failure, errorType: reset, isReset: true))
        default: dependency.record(nanoseconds: time, CallOutcome(.timeout, timeout: .read))
        }
        dependency.recordWait(nanoseconds: 5_000)
        dependency.record(.tls, nanoseconds: 70_000)
      }
    }
    let all = UInt64(8 * each)
    let totals = report.totals
    #expect(totals?.requests == all)
    #expect(totals?.attempts == all / 4 * 6)
    #expect(totals?.fates?[.success] == all / 4)
    #expect(totals?.fates?[.successAfterRetry] == all / 4)
    #expect(totals?.fates?[.rejected] == 0)
    #expect(totals?.timeouts?[.read] == all / 4)
    #expect(totals?.errors == ["connection-reset": all / 4])
    #expect(totals?.resets == all / 4)
    #expect(report.responseTime?.count == all)
    #expect(report.waitTime?.count == all)
    #expect(report.phases?[.tls]?.count == all)
    #expect(report.phases?[.dns] == nil)
  }

  @Test func `quantiles are within 1.1 % of the exact ones`() throws {
    var times: [UInt64] = []
    var state: UInt64 = 7
    for _ in 0..<50_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      times.append(2_000 + (state >> 11) >> (state % 27 + 17))
    }
    for time in times { dependency.record(nanoseconds: time) }
    times.sort()
    for quantile in [0.01, 0.5, 0.9, 0.99, 0.999, 1] {
      let rank = max(1, Int((quantile * Double(times.count)).rounded(.up)))
      let exact = Double(times[rank - 1]) / 1e9
      let reported = try #require(report.responseTime?.quantile(quantile)).value.seconds
      #expect(abs(reported - exact) / exact <= 0.011, "\(quantile): \(reported) instead of \(exact)")
    }
  }

  @Test func `recording allocates nothing`() {
    let failed = dependency.errorType("refused")
    let allocated = AllocationMeter.growth { [dependency] in
      // Not a loop over a range: in a debug build that allocates.
      var call: UInt64 = 0
      while call < 200_000 {
        let token = dependency.begin()
        dependency.end(token, CallOutcome(.failure, attempts: 2, timeout: .connect, errorType: failed))
        dependency.record(nanoseconds: call * 1_000)
        dependency.record(.connect, nanoseconds: call)
        call += 1
      }
    }
    #expect(allocated == 0)
    #expect(report.totals?.requests == 1_200_000)
  }

  @Test func `what is allocated and freed at once is noticed`() {
    let growth = AllocationMeter.growth { withExtendedLifetime(SocketPlace()) {} }
    #expect(growth > 0)
  }

  @Test func `calls in flight and the oldest of them are reported`() throws {
    #expect(report.waiting == nil)
    let first = dependency.begin()
    let second = dependency.begin()
    let third = dependency.begin(tracksAge: false)
    #expect(report.waiting == 3)
    let oldest = try #require(report.oldestWaiting)
    #expect(oldest.wholeNanoseconds <= MonotonicClock.nanoseconds() - first.began)
    dependency.end(first)
    dependency.withdraw(second)
    #expect(report.waiting == 1)
    #expect(report.oldestWaiting == nil)
    dependency.end(third, .failure)
    #expect(report.waiting == 0)
    #expect(report.totals?.requests == 2)
  }

  @Test func `a call that is ended twice does not end another one's age`() {
    let first = dependency.begin()
    dependency.end(first)
    let second = dependency.begin()
    dependency.withdraw(first)
    #expect(report.oldestWaiting != nil)
    dependency.end(second)
    #expect(report.oldestWaiting == nil)
  }

  @Test func `more calls in flight than slots are counted all the same`() {
    let calls = (0..<2_000).map { _ in dependency.begin() }
    #expect(report.waiting == 2_000)
    for call in calls { dependency.end(call) }
    #expect(report.waiting == 0)
    #expect(report.oldestWaiting == nil)
  }

  @Test func `the 33rd kind of error and bad names count as _OTHER`() {
    for number in 0..<40 {
      dependency.record(nanoseconds: 1, CallOutcome(.failure, errorType: dependency.errorType("E\(number)")))
    }
    dependency.record(nanoseconds: 1, CallOutcome(.failure, errorType: dependency.errorType("")))
    let errors = report.totals?.errors ?? [:]
    #expect(errors.count == 33)
    #expect(errors["_OTHER"] == 9)
    #expect(errors["E31"] == 1)
  }

  @Test func `a rejected call has no response time and is not permitted`() {
    dependency.breakerEntered(.open, reason: "half of the calls failed", openWait: .seconds(5))
    dependency.recordRejected()
    #expect(report.totals?.fates?[.rejected] == 1)
    #expect(report.totals?.attempts == 0)
    #expect(report.responseTime == nil)
    #expect(report.breaker?.notPermitted == 1)
    #expect(report.breaker?.openWait == .seconds(5))
  }

  @Test func `transitions are kept in order, the newest 20`() {
    let states: [CircuitState] = [.closed, .open, .halfOpen]
    for number in 0..<40 { dependency.breakerEntered(states[number % 3], reason: "\(number)") }
    let transitions = report.breaker?.transitions ?? []
    #expect(transitions.map(\.reason) == (20..<40).map { "\($0)" })
    #expect(zip(transitions, transitions.dropFirst()).allSatisfy { $0.to == $1.from && $0.at <= $1.at })
  }

  @Test func `a measured call is counted by what it throws`() async throws {
    struct Refused: Error {}
    #expect(dependency.measure { 3 } == 3)
    #expect(throws: Refused.self) {
      try dependency.measure(outcome: { (_: Refused) in CallOutcome(.notRetryable) }) { () throws(Refused) in
        throw Refused()
      }
    }
    #expect(await dependency.measure { await Task { 4 }.value } == 4)
    #expect(report.totals?.fates?[.success] == 2)
    #expect(report.totals?.fates?[.notRetryable] == 1)
    #expect(report.waiting == 0)
  }

  @Test func `connections with an end that is no address are left out`() {
    let good = HeldConnection(
      localAddress: "127.0.0.1", localPort: 40_000, remoteAddress: "::1", remotePort: 5432, isActive: true)
    var bad = good
    bad.remoteAddress = "db.test"
    let report = dependency.report(gauges: PoolGauges(active: 1, idle: 1, connections: [good, bad]))
    #expect(report.pool?.active == 1)
    #expect(report.connections?.map(\.local.port) == [40_000])
  }
}
