import DeptopMetrics
import DeptopModel
import Testing

/// Points as deployed SDKs send them over OTLP, and the reports that they have to give.
@Suite struct OpenTelemetryPointTests {
  private func map(_ points: [MetricPoint]) throws -> MappingResult {
    let engine = MappingEngine(try BuiltInMappings.load())
    var state = StreamState()
    return engine.map(
      points, defaultClient: ClientIdentity(name: "sender"), state: &state, now: WallTime(secondsSinceEpoch: 0))
  }

  @Test func `SQLAlchemy names its pool by a URL and its metric by the old name`() throws {
    let points = [("used", 3.0), ("idle", 2)].map { (state, value) in
      MetricPoint(
        name: "db.client.connections.usage", unit: "connections",
        attributes: ["pool.name": "postgresql+psycopg://127.0.0.1:15432/appdb", "state": state],
        value: .upDown(value, .cumulative), resource: ["service.name": "orders"])
    }
    let observation = try #require(try map(points).observations.first)
    #expect(observation.client == ClientIdentity(name: "orders", isVerified: false))
    #expect(observation.report.host == "127.0.0.1")
    #expect(observation.report.port == 15_432)
    #expect(observation.report.kind == "postgres")
    #expect(observation.report.pool == ReportedPool(active: 3, idle: 2))
  }

  @Test func `the Java agent without opt-in sends milliseconds, which the unit says`() throws {
    let labels = ["pool.name": "HikariPool-1"]
    let wait = MetricPoint(
      name: "db.client.connections.wait_time", unit: "ms", attributes: labels,
      value: .histogram(ExplicitHistogram(bounds: [5, 10], counts: [7, 2, 1]), .cumulative))
    let pending = MetricPoint(
      name: "db.client.connections.pending_requests", unit: "{requests}", attributes: labels, value: .gauge(4))
    let report = try #require(try map([wait, pending]).observations.first?.report)
    #expect(report.name == "HikariPool-1")
    #expect(report.waitTime == (try buckets([0.005, 0.01], [7, 2, 1])))
    #expect(report.pool == ReportedPool(pending: 4))
  }

  @Test func `requests without opt-in counts a failure as a request without a status`() throws {
    func duration(_ labels: [String: String], _ count: UInt64) -> MetricPoint {
      MetricPoint(
        name: "http.client.duration", unit: "ms",
        attributes: labels.merging(["net.peer.name": "pay", "net.peer.port": "80"]) { $1 },
        value: .histogram(ExplicitHistogram(bounds: [100], counts: [count, 0]), .cumulative))
    }
    let points = [duration(["http.status_code": "200"], 8), duration(["http.status_code": "503"], 1), duration([:], 2)]
    let report = try #require(try map(points).observations.first?.report)
    #expect(report.host == "pay")
    #expect(report.totals == CallTotals(requests: 11, fates: [.success: 8, .failure: 3], errors: ["503": 1]))
    #expect(report.responseTime == (try buckets([0.1], [11, 0])))
  }

  @Test func `an old RPC metric has numeric codes`() throws {
    let points = [("0", 9), ("4", 1)].map { (code, count) in
      MetricPoint(
        name: "rpc.client.duration", unit: "ms",
        attributes: ["rpc.service": "pay.v1.Payments", "rpc.grpc.status_code": code],
        value: .exponential(ExponentialHistogram(scale: 0, offset: 0, counts: [UInt64(count)]), .delta))
    }
    let report = try #require(try map(points).observations.first?.report)
    #expect(report.name == "pay.v1.Payments")
    #expect(report.totals?.fates == [.success: 9, .timeout: 1])
    #expect(report.totals?.timeouts == [.deadline: 1])
    #expect(report.responseTime?.count == 10)
  }
}
