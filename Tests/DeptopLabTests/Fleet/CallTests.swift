internal import DeptopClient
internal import DeptopModel
internal import Testing

@testable internal import DeptopLab

@Suite struct CallTests {
  private struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: [ScriptedUpstream.Behaviour]
    let end: LedgerLine.End
    let attempts: Int
    var change: @Sendable (inout CallSpec) -> Void = { _ in }
  }

  @Test(arguments: [
    Row(testDescription: "answered", script: [.answers], end: .success, attempts: 1),
    Row(testDescription: "an error without retries", script: [.errors], end: .notRetryable, attempts: 1),
    Row(testDescription: "closed without retries", script: [.closes], end: .notRetryable, attempts: 1),
    Row(testDescription: "a second attempt", script: [.errors, .answers], end: .successAfterRetry, attempts: 2) {
      $0.retry.attempts = 3
    },
    Row(testDescription: "all attempts", script: [.errors, .closes, .errors], end: .retriesExhausted, attempts: 3) {
      $0.retry.attempts = 3
    },
    Row(
      testDescription: "27 attempts", script: Array(repeating: .errors, count: 27), end: .retriesExhausted,
      attempts: 27
    ) {
      $0.retry.attempts = 3
      $0.retry.layers = 3
    },
    Row(testDescription: "sent and not to be repeated", script: [.closes], end: .notRetryable, attempts: 1) {
      $0.retry.attempts = 3
      $0.retry.repeatsSent = false
    },
    Row(testDescription: "a read limit without retries", script: [.holds], end: .timeout, attempts: 1) {
      $0.limits.read = 0.3
    },
    Row(
      testDescription: "a read limit, then an answer", script: [.holds, .answers], end: .successAfterRetry, attempts: 2
    ) {
      $0.limits.read = 1
      $0.retry.attempts = 2
    },
  ])
  private func `a request ends as its attempts and the policy say`(_ row: Row) async throws {
    let upstream = try await ScriptedUpstream.start()
    upstream.next(row.script)
    let bench = try StationBench(port: upstream.port) {
      $0.retry.backoff = 0
      row.change(&$0)
    }
    let line = try #require(await bench.call())
    #expect(line.end == row.end)
    #expect(line.attempts == row.attempts)
    #expect(bench.attempts.count == row.attempts)
    let ids = (1...row.attempts).map { "orders-1.\($0)" }
    #expect(await eventually { upstream.ids == ids })
    #expect(line.limit == (row.end == .timeout ? "read" : "-"))
    let totals = try #require(bench.report.totals)
    #expect(totals.requests == 1 && totals.attempts == UInt64(row.attempts))
    #expect(totals.timeouts?[.read] == (row.end == .timeout ? 1 : 0))
    #expect(bench.report.waiting == 0)
  }

  @Test func `nobody listens there`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let port = upstream.port
    try await upstream.stop()
    let bench = try StationBench(port: port) {
      $0.retry.attempts = 2
      $0.retry.backoff = 0
    }
    let line = try #require(await bench.call())
    #expect(line.end == .retriesExhausted && line.attempts == 0)
    #expect(bench.attempts.map(\.outcome) == ["refused", "refused"])
    #expect(bench.attempts.allSatisfy { $0.localPort == 0 && $0.address == "-" })
    #expect(bench.report.totals?.errors == ["connection-failed": 1])
  }

  @Test func `a retry that the budget does not allow is skipped`() async throws {
    let upstream = try await ScriptedUpstream.start()
    upstream.behave(.errors)
    let bench = try StationBench(port: upstream.port) {
      ($0.retry.attempts, $0.retry.backoff, $0.retry.budget) = (2, 0, 0)
    }
    for number in 1...12 { _ = await bench.call("orders-\(number)") }
    // Ten retries are saved up at the start, and none is earned.
    #expect(
      bench.requests.map(\.end) == Array(repeating: .retriesExhausted, count: 10) + [.retrySkipped, .retrySkipped])
    #expect(upstream.ids.count == 22)
  }

  @Test func `an open breaker rejects without an attempt`() async throws {
    let upstream = try await ScriptedUpstream.start()
    upstream.behave(.errors)
    let bench = try StationBench(port: upstream.port) {
      var breaker = BreakerSpec()
      (breaker.minimumCalls, breaker.openFor) = (2, 3_600)
      $0.breaker = breaker
    }
    for number in 1...4 { _ = await bench.call("orders-\(number)") }
    #expect(bench.requests.map(\.end) == [.notRetryable, .notRetryable, .rejected, .rejected])
    #expect(bench.requests.map(\.attempts) == [1, 1, 0, 0])
    let breaker = try #require(bench.report.breaker)
    #expect(breaker.state == .open && breaker.notPermitted == 2 && breaker.failureRatio == 1)
    #expect(bench.report.totals?.fates?[.rejected] == 2)
    // The same breaker goes on with another rate; an operator closes it.
    bench.change { $0.rate = 7 }
    #expect(await bench.call("orders-5")?.end == .rejected)
    upstream.behave(.answers)
    #expect(bench.station.setBreaker(.closed, reason: "it is back"))
    #expect(await bench.call("orders-6")?.end == .success)
    #expect(bench.report.breaker?.transitions?.last?.reason == "it is back")
  }

  @Test func `the deadline bounds the parts, and says so`() async throws {
    let upstream = try await ScriptedUpstream.start()
    upstream.behave(.holds)
    let bench = try StationBench(port: upstream.port) { ($0.limits.read, $0.limits.deadline) = (60, 0.05) }
    let line = try #require(await bench.call())
    #expect(line.end == .timeout && line.limit == "deadline" && line.attempts == 1)
    #expect(bench.report.totals?.timeouts?[.deadline] == 1)
    // The call is not waited for any more: its connection is closed.
    #expect(await eventually { upstream.open == 0 })
    #expect(bench.attempts.map(\.outcome) == ["deadline"])
  }

  @Test func `where the deadline is not handed on the work goes on for nobody`() async throws {
    let upstream = try await ScriptedUpstream.start()
    upstream.next([.closes])
    upstream.behave(.holds)
    // The second attempt comes when the caller has gone.
    let bench = try StationBench(port: upstream.port) {
      ($0.limits.read, $0.limits.deadline, $0.limits.passesDeadlineOn) = (60, 0.05, false)
      ($0.retry.attempts, $0.retry.backoff, $0.retry.jitter) = (2, 0.1, .none)
    }
    async let line = bench.call()
    #expect(await eventually { bench.requests.count == 1 })
    #expect(bench.requests.first?.end == .timeout && bench.requests.first?.limit == "deadline")
    #expect(await eventually { upstream.ids.count == 2 })
    #expect(upstream.open == 1)
    upstream.release()
    #expect(await line?.end == .timeout)
    #expect(bench.requests.count == 1)
    #expect(bench.attempts.map(\.outcome) == ["closed", "late"])
    #expect(bench.report.totals?.late == 1 && bench.report.totals?.requests == 1)
    #expect(bench.pool.gauges.idle == 1)
  }

  @Test func `abandoned work keeps its connection and its place in the queue`() async throws {
    let upstream = try await ScriptedUpstream.start()
    upstream.behave(.holds)
    let bench = try StationBench(port: upstream.port) {
      ($0.pool.max, $0.pool.keepsAbandonedWork, $0.pool.acquireTimeout) = (1, true, 0.05)
      $0.limits.read = 0.05
    }
    #expect(await bench.call("orders-1")?.limit == "read")
    #expect(await bench.call("orders-2")?.limit == "pool-acquire")
    #expect(bench.pool.gauges.active == 1 && bench.pool.gauges.pending == 1)
    #expect(bench.attempts.isEmpty)
    upstream.release()
    // The turn of the one that gave up in the queue: its request is sent for nobody.
    #expect(await eventually { upstream.ids == ["orders-1.1", "orders-2.1"] })
    #expect(bench.pool.gauges.pending == 0)
    upstream.release()
    #expect(await eventually { bench.pool.gauges.idle == 1 })
    #expect(await eventually { bench.attempts.map(\.outcome) == ["late", "late"] })
    #expect(bench.report.totals?.late == 2 && bench.report.totals?.requests == 2)
    #expect(upstream.accepted == 1)
  }

  @Test func `every large request is the one that it should be`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port) { ($0.largeEvery, $0.largeRequestBytes) = (3, 60_000) }
    #expect(
      (1...7).map { _ in bench.station.isLarge(bench.station.spec) } == [false, false, true, false, false, true, false])
    await bench.calls(6)
    #expect(bench.requests.count { $0.end == .success } == 6)
  }

  @Test func `the ledger and what deptop is told agree under faults`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port) {
      ($0.pool.max, $0.pool.acquireTimeout, $0.limits.read, $0.limits.deadline) = (6, 0.3, 0.05, 0.5)
      ($0.retry.attempts, $0.retry.backoff, $0.retry.budget) = (3, 0.01, 0.1)
    }
    let kinds: [ScriptedUpstream.Behaviour] = [.answers, .errors, .answers, .closes, .answers, .holds, .answers]
    for round in 0..<12 {
      upstream.next((0..<40).map { kinds[($0 + round) % kinds.count] })
      bench.change { spec in
        spec.pool.keepsAbandonedWork = round % 3 == 1
        // A breaker that every round begins closed, and that opens at the first failures of some.
        var breaker = BreakerSpec()
        (breaker.minimumCalls, breaker.openFor) = (round % 4 == 3 ? 1 : 1_000, Double(60 + round))
        spec.breaker = breaker
      }
      for batch in 0..<5 { await bench.calls(10, from: round * 50 + batch * 10 + 1) }
      upstream.release()
    }
    let totals = try #require(bench.report.totals)
    let requests = bench.requests
    #expect(requests.count == 600 && Set(requests.map(\.id)).count == 600)
    #expect(totals.requests == 600)
    for end in LedgerLine.End.allCases {
      let fate = try #require(Fate(rawValue: end.rawValue))
      #expect(totals.fates?[fate] == UInt64(requests.count { $0.end == end }), "\(end)")
    }
    for category in TimeoutCategory.allCases {
      #expect(totals.timeouts?[category] == UInt64(requests.count { $0.limit == category.rawValue }), "\(category)")
    }
    #expect(Set(requests.map(\.end)).count >= 4)
    #expect(Set(bench.attempts.map(\.id)).count == bench.attempts.count)
  }
}
