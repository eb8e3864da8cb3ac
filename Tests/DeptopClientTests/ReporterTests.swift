internal import DeptopModel
internal import DeptopWire
internal import Glibc
internal import Testing

@testable internal import DeptopClient

@Suite struct ReporterTests {
  private let place = SocketPlace()

  @Test func `a report carries the client, the dependency and what was recorded`() throws {
    let collector = ScriptedCollector(path: place.path)
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let orders = reporter.registerOrders()
    orders.setPoolGauges { PoolGauges(active: 1, idle: 2, max: 8) }
    orders.onCommand(.drain) { _, _ in .done() }
    for _ in 0..<5 { orders.record(.milliseconds(3)) }
    let request = try #require(
      collector.request { $0.report?.dependencies.first?.totals?.requests == 5 })
    #expect(request.path == "/v1/agents/" + PercentEncoding.encode(reporter.identifier))
    #expect(!request.path.dropFirst("/v1/agents/".count).contains("/"))
    let report = try #require(request.report)
    #expect(report.client == "shop/orders")
    #expect(report.countingSince != nil)
    let dependency = try #require(report.dependencies.first)
    #expect(dependency.name == "orders-db")
    #expect(dependency.host == "db.test")
    #expect(dependency.pool == ReportedPool(active: 1, idle: 2, max: 8))
    #expect(dependency.verbs == [.drain])
    #expect(dependency.responseTime?.count == 5)
    #expect(eventually { reporter.isReporting })
    reporter.remove(orders)
    #expect(collector.request { $0.report?.dependencies.isEmpty == true } != nil)
  }

  @Test func `a collector that comes late gets everything`() throws {
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let orders = reporter.registerOrders()
    orders.record(nanoseconds: 1_000_000)
    #expect(eventually { reporter.lastProblem?.kind == .unreachable })
    #expect(!reporter.isReporting)
    let collector = ScriptedCollector(path: place.path)
    defer { collector.stop() }
    #expect(collector.request { $0.report?.dependencies.first?.totals?.requests == 1 } != nil)
  }

  @Test func `counts go on over a restart of the collector`() throws {
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let orders = reporter.registerOrders()
    orders.record(nanoseconds: 1_000_000)
    let first = ScriptedCollector(path: place.path)
    let before = try #require(first.request { $0.report?.dependencies.first?.totals?.requests == 1 }?.report)
    first.stop()
    orders.record(nanoseconds: 1_000_000)
    let second = ScriptedCollector(path: place.path)
    defer { second.stop() }
    let after = try #require(second.request { $0.report?.dependencies.first?.totals?.requests == 2 }?.report)
    #expect(after.countingSince == before.countingSince)
  }

  @Test(arguments: [403, 413, 429, 500])
  func `a refusal is kept with its status and reason`(status: Int) throws {
    let collector = ScriptedCollector(path: place.path) { _ in .http(status, "slow down") }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    #expect(eventually { reporter.lastProblem != nil })
    #expect(reporter.lastProblem?.kind == .refused(status: status))
    #expect(reporter.lastProblem?.description.hasSuffix("with \(status): slow down") == true)
    #expect(!reporter.isReporting)
  }

  @Test func `a dependency that was not taken is a problem of a report that was`() {
    let receipt = #"{"accepted":0,"refused":[{"dependency":"orders-db","reason":"no port"}],"staleAfterSeconds":1e300}"#
    let collector = ScriptedCollector(path: place.path) { _ in .http(200, receipt) }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    #expect(eventually { reporter.lastProblem?.description.contains("orders-db: no port") == true })
    #expect(eventually { reporter.isReporting })
  }

  @Test func `a gauge that hangs is left out, and the others are not`() throws {
    let collector = ScriptedCollector(path: place.path)
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let hanging = reporter.registerOrders()
    let quick = reporter.register(DependencyDescription(name: "cache", host: "cache.test", port: 6379))
    let release = Wakeup()
    defer { release.set() }
    hanging.setPoolGauges {
      release.wait(for: .seconds(30))
      return nil
    }
    quick.setPoolGauges { PoolGauges(active: 4) }
    let report = try #require(collector.request { $0.report?.dependencies.last?.pool?.active == 4 }?.report)
    #expect(report.dependencies.first?.pool == nil)
  }

  @Test func `shutdown ends both threads promptly, and again does nothing`() {
    let collector = ScriptedCollector(path: place.path) { request in
      request.method == "GET" ? .commands([]) : .http()
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    reporter.registerOrders().onCommand(.resolve) { _, _ in .done() }
    #expect(collector.request { $0.method == "GET" } != nil)
    let start = MonotonicClock.nanoseconds()
    reporter.shutdown()
    reporter.shutdown()
    #expect(MonotonicClock.nanoseconds() - start < 900_000_000)
    let sent = collector.requests.count
    collector.stop()
    #expect(collector.requests.count == sent)
    #expect(!reporter.isReporting)
  }

  @Test func `a reporter that is released ends its threads`() throws {
    let collector = ScriptedCollector(path: place.path)
    defer { collector.stop() }
    weak let gone: MonitoredDependency?
    do {
      let reporter = Reporter(to: place.path)
      let orders = reporter.registerOrders()
      gone = orders
      #expect(collector.request { $0.method == "PUT" } != nil)
    }
    #expect(eventually { gone == nil })
  }
}
