import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct TelemetryTests {
  @Test func `a report is about the configured dependency of its name, then of its endpoint, else about its own`() {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1", "billing@10.0.0.2:99"))
    knowledge.fold(
      [
        observed(report("orders")), observed(report("bills", host: "10.0.0.2", port: 99)),
        observed(report("search", host: "10.0.0.9", port: 80)), observed(report(nil, host: "10.0.0.8", port: 81)),
      ], from: "agent/a", at: at(100))
    #expect(knowledge.telemetry.dependencies.keys.sorted() == ["10.0.0.8:81", "billing", "orders", "search"])
    #expect(knowledge.dependency("search")?.origin == .reported)
    #expect(knowledge.dependency("orders")?.origin == .configured)
  }

  @Test func `sockets to a reported endpoint belong to the dependency that reports it`() {
    var knowledge = Knowledge(settings: Settings())
    knowledge.fold(report("search", host: "10.0.0.1", port: 80), from: "agent/a", at: 100)
    knowledge.fold([.connections([connection(local(1), to: end("A", 80))])], from: "kernel", at: at(101))
    #expect(knowledge.dependency("search")?.sockets?.value.established == 1)
    #expect(knowledge.dependency("10.0.0.1:80") == nil)
  }

  @Test func `connections that a client lists belong to its dependency, with their use`() throws {
    var knowledge = Knowledge(settings: Settings())
    let held = [ReportedConnection(local: local(1), remote: end("A"), isActive: true)]
    knowledge.fold(report { $0.connections = held }, from: "agent/a", at: 100)
    knowledge.fold(
      [.connections([connection(local(1), to: end("A")), connection(local(2), to: end("A"))])], from: "kernel",
      at: at(101))
    let detail = try #require(Assembly(of: knowledge, at: at(102)).detail(of: "orders-db"))
    #expect(detail.connections.map(\.local) == [local(1)])
    #expect(detail.connections.first?.pool?.isActive == true)
    #expect(detail.clients.map(\.client.name) == ["app-1"])
  }

  @Test(arguments: [nil, 1001] as [UInt32?])
  func `nobody claims another user's sockets, neither one by one nor by their endpoint`(uid: UInt32?) throws {
    var knowledge = Knowledge(settings: Settings())
    let claim = report(host: "10.0.0.1", port: 5432) {
      $0.connections = [ReportedConnection(local: local(1), remote: end("A"), isActive: true)]
    }
    knowledge.fold([observed(claim, uid: uid)], from: "agent/a", at: at(100))
    var sockets = [connection(local(1), to: end("A")), connection(local(2), to: end("A"))]
    for index in sockets.indices { sockets[index].sample.uid = 1000 }
    knowledge.fold([.connections(sockets)], from: "kernel", at: at(101))
    #expect(try #require(Assembly(of: knowledge, at: at(102)).detail(of: "orders-db")).connections.isEmpty)
    #expect(knowledge.dependency("10.0.0.1:5432")?.sockets?.value.established == 2)
  }

  @Test func `counts become a window between reports, and the first report alone is none`() {
    var knowledge = Knowledge(settings: Settings())
    knowledge.fold(report { $0.totals = totals(100, failed: 5) }, from: "agent/a", at: 100)
    #expect(knowledge.dependency("orders-db")?.calls == nil)
    knowledge.fold(report { $0.totals = totals(160, failed: 20, attempts: nil) }, from: "agent/a", at: 102)
    let calls = knowledge.dependency("orders-db")?.calls?.value
    #expect(calls?.window == .seconds(2) && calls?.counts.requests == 60)
    #expect(calls?.rate(calls?.counts.requests) == 30 && calls?.errorRatio == 0.25)
    #expect(calls?.retryRatio == nil, "attempts are not counted: that is not zero")
  }

  @Test func `a client that has just begun to count has a window with its first report`() {
    var knowledge = Knowledge(settings: Settings())
    knowledge.fold(report { $0.totals = totals(10) }, since: 95, from: "agent/a", at: 100)
    #expect(knowledge.dependency("orders-db")?.calls?.value.counts.requests == 10)
    #expect(knowledge.dependency("orders-db")?.calls?.value.window == .seconds(5))
  }

  @Test(arguments: [nil, 101.0])
  func `counts that begin anew count from nothing, never backwards`(since: Double?) {
    var knowledge = Knowledge(settings: Settings())
    knowledge.fold(
      report { ($0.totals, $0.responseTime) = (totals(100), times(.milliseconds(1), 100)) },
      since: since.map { _ in 10 },
      from: "agent/a", at: 100)
    knowledge.fold(
      report { ($0.totals, $0.responseTime) = (totals(7), times(.milliseconds(2), 7)) }, since: since, from: "agent/a",
      at: 102)
    let calls = knowledge.dependency("orders-db")?.calls?.value
    #expect(calls?.counts.requests == 7)
    #expect(calls?.responseTime?.count == 7)
  }

  @Test func `a window covers the last ten seconds and forgets what was before`() {
    var knowledge = Knowledge(settings: Settings())
    for second in 0...60 {
      let requests = UInt64(min(second, 30) * 10)
      knowledge.fold(report { $0.totals = totals(requests) }, from: "agent/a", at: 100 + Double(second))
    }
    let calls = knowledge.dependency("orders-db")?.calls?.value
    #expect(calls?.counts.requests == 0)
    #expect((10...12).contains(calls?.window.seconds ?? 0), "\(String(describing: calls?.window))")
  }

  @Test func `with much traffic a window is short, so that a change shows at once`() {
    var knowledge = Knowledge(settings: Settings())
    for second in 0...20 {
      let failed = UInt64(max(0, second - 18) * 500)
      knowledge.fold(
        report { $0.totals = totals(UInt64(second * 500), failed: failed) }, from: "agent/a", at: 100 + Double(second))
    }
    let calls = knowledge.dependency("orders-db")?.calls?.value
    #expect((calls?.window ?? .zero) <= .seconds(4), "\(String(describing: calls?.window))")
    #expect((calls?.errorRatio ?? 0) >= 0.5)
  }

  @Test func `two clients' rates add up, also over windows of different lengths`() {
    var knowledge = Knowledge(settings: Settings())
    for (client, source, step) in [("a", "agent/a", 5.0), ("b", "otlp/b", 20.0)] as [(String, SourceID, Double)] {
      for (count, second) in [(UInt64(0), 100.0), (UInt64(step) * 10, 100 + step)] {
        knowledge.fold(
          report { ($0.totals, $0.responseTime) = (totals(count), times(.milliseconds(3), Int(count))) }, by: client,
          from: source, at: second)
      }
    }
    let calls = knowledge.dependency("orders-db")?.calls?.value
    #expect(calls?.window == .seconds(20) && calls?.counts.requests == 400)
    #expect(calls?.rate(calls?.counts.requests) == 20)
    #expect(calls?.responseTime?.count == 250)
  }

  @Test func `what an exporter says of a client that speaks for itself is not counted once more`() throws {
    var knowledge = Knowledge(settings: Settings())
    for source in ["agent/app", "prometheus/exporter"] as [SourceID] {
      for (count, second) in [(UInt64(0), 100.0), (100, 110)] {
        knowledge.fold(
          report { ($0.totals, $0.pool) = (totals(count), ReportedPool(active: 3, max: 5)) }, from: source, at: second)
      }
    }
    let told = try #require(knowledge.dependency("orders-db"))
    #expect(told.calls?.value.counts.requests == 100 && told.pools.map(\.source) == ["agent/app"])
    #expect(try #require(Assembly(of: knowledge, at: at(111)).detail(of: "orders-db")).clients.count == 2)
    knowledge.forget("agent/app")
    #expect(knowledge.dependency("orders-db")?.pools.map(\.source) == ["prometheus/exporter"])
  }

  @Test func `percentiles of two forms are not mixed, and it is said how many clients are left out`() throws {
    var knowledge = Knowledge(settings: Settings())
    let coarse = try #require(BucketCounts(boundsSeconds: [1], counts: [3, 0]))
    knowledge.fold(
      report { $0.responseTime = times(.milliseconds(3), 10) }, by: "a", since: 99, from: "agent/a", at: 100)
    knowledge.fold(report { $0.responseTime = .buckets(coarse) }, by: "b", since: 99, from: "otlp/b", at: 100)
    let summary = try #require(knowledge.dependency("orders-db")?.calls?.value.responseTime)
    #expect(summary.count == 10 && summary.clientsLeftOut == 1 && !summary.isBucketed)
  }

  @Test func `what a source leaves out is gone, and so is everything of a source that is forgotten`() {
    var knowledge = Knowledge(settings: Settings())
    knowledge.fold(
      [observed(report("a")), observed(report("b", host: "10.0.0.1", port: 80))], from: "agent/a", at: at(100))
    knowledge.fold([observed(report("a"))], from: "agent/a", at: at(101))
    #expect(knowledge.telemetry.dependencies.keys.sorted() == ["a"])
    #expect(knowledge.telemetry.endpoints.isEmpty)
    knowledge.forget("agent/a")
    #expect(knowledge.telemetry.dependencies.isEmpty)
  }

  @Test func `one client of two that is silent makes its row stale, both make the dependency stale`() {
    var knowledge = Knowledge(settings: Settings())
    for (client, source) in [("a", "agent/a"), ("b", "agent/b")] as [(String, SourceID)] {
      knowledge.fold(
        report { $0.pool = ReportedPool(active: 1, idle: 1, pending: 0, max: 4) }, by: client, from: source, at: 100)
    }
    knowledge.record(reporter: status("agent/a", .failing, error: "no report for 9 s"))
    let half = knowledge.dependency("orders-db")
    #expect(half?.level == .ok && half?.silentSources.map(\.source) == ["agent/a"] && half?.pools.count == 2)
    knowledge.record(reporter: status("agent/b", .failing, error: "no report for 9 s"))
    #expect(knowledge.dependency("orders-db")?.level == .stale)
  }

  @Test func `a breaker's changes are kept where the client does not keep them`() {
    var knowledge = Knowledge(settings: Settings())
    for (second, state) in [(100.0, BreakerState.closed), (101, .open), (102, .open), (103, .halfOpen)] {
      knowledge.fold(report { $0.breaker = ReportedBreaker(state: state) }, from: "agent/a", at: second)
    }
    let breaker = knowledge.dependency("orders-db")?.breakers.first?.value
    #expect(breaker?.transitions.map(\.to) == [.open, .halfOpen])
    #expect(breaker?.since == at(103))
  }

  @Test func `new settings keep what still belongs to the same dependency`() {
    var knowledge = Knowledge(settings: Settings())
    knowledge.fold([observed(report("orders")), observed(report("other"))], from: "agent/a", at: at(100))
    knowledge.adopt(settings("orders@10.0.0.1"))
    #expect(knowledge.telemetry.dependencies.keys.sorted() == ["orders", "other"])
  }

  @Test func `a reading that stays the same keeps its moment from digest to digest`() {
    var knowledge = Knowledge(settings: Settings())
    var digests = TelemetryDigests()
    for second in [100.0, 101, 102] {
      knowledge.fold(
        report { ($0.pool, $0.totals) = (ReportedPool(active: 1), totals(5)) }, from: "agent/a", at: second)
      digests.follow(knowledge.telemetry, silent: [])
    }
    #expect(digests.byDependency["orders-db"]?.pools.first?.observedAt == at(100))
    #expect(digests.byDependency["orders-db"]?.calls?.observedAt == at(101))
  }
}
