import DeptopConfiguration
import DeptopMetrics
import DeptopModel
import Testing

@Suite struct MappingEngineTests {
  private let sender = ClientIdentity(name: "sender", pid: 7, uid: 1000)

  /// Maps with a mapping of these rules, for dependencies by the label `d`.
  private func map(_ points: [MetricPoint], rules: String) throws -> MappingResult {
    let text = "mapping: test\ndependency: {name: d, address: a}\nmetrics:\n\(rules)\n"
    let engine = MappingEngine([try MappingFile.parse(Array(text.utf8), path: "test.yaml")])
    var state = StreamState()
    return engine.map(points, defaultClient: sender, state: &state, now: WallTime(secondsSinceEpoch: 0))
  }

  private func gauge(_ name: String, _ value: Double, _ labels: [String: String] = ["d": "db"]) -> MetricPoint {
    MetricPoint(name: name, attributes: labels, value: .gauge(value))
  }

  @Test func `what no mapping names is counted with its name`() throws {
    let result = try map(
      [gauge("x\u{1B}", 1), gauge("y", 1), gauge("y", 2), gauge("m", 3)], rules: "  - {name: m, to: pool.active}")
    #expect(result.notUnderstood == 3)
    #expect(result.namesNotUnderstood == ["x\\u{1b}", "y"])
    #expect(result.understood == 1)
  }

  @Test func `names may be open at either end`() throws {
    let rules = "  - {name: \"app_*\", to: pool.active}\n  - {name: \"*_idle\", to: pool.idle}"
    let result = try map([gauge("app_used", 3), gauge("x_idle", 4)], rules: rules)
    #expect(result.observations.first?.report.pool == ReportedPool(active: 3, idle: 4))
  }

  @Test func `a point that names no dependency is refused with the reason`() throws {
    let result = try map([gauge("m", 1, [:])], rules: "  - {name: m, to: pool.active}")
    #expect(result.rejected == ["the labels name no dependency": 1])
    #expect(result.observations.isEmpty)
  }

  @Test(arguments: [
    (nil, "a metric has no unit"), ("furlong", "the unit \"furlong\" is not known"),
    ("1", "a duration's unit is none of time"),
  ])
  func `a duration without a unit of time is refused`(unit: String?, reason: String) throws {
    let value = MetricValue.histogram(ExplicitHistogram(bounds: [1], counts: [1, 0]), .cumulative)
    let result = try map(
      [MetricPoint(name: "m", unit: unit, attributes: ["d": "db"], value: value)],
      rules: "  - {name: m, to: latency.response}")
    #expect(result.rejected == [reason: 1])
  }

  @Test(arguments: [("s", 5.0), ("ms", 0.005), ("us", 0.000005), ("µs", 0.000005), ("ns", 0.000000005), ("seconds", 5)])
  func `the metric's unit counts before the mapping's`(unit: String, bound: Double) throws {
    let value = MetricValue.histogram(ExplicitHistogram(bounds: [5], counts: [1, 0]), .cumulative)
    let result = try map(
      [MetricPoint(name: "m", unit: unit, attributes: ["d": "db"], value: value)],
      rules: "  - {name: m, to: latency.response, unit: min}")
    #expect(result.observations.first?.report.responseTime == (try buckets([bound], [1, 0])))
  }

  @Test func `a number stands for a breaker's state by the table`() throws {
    let rules = "  - {name: m, to: breaker.state, states: {0: closed, 1: open, 2: half-open}}"
    #expect(try map([gauge("m", 2)], rules: rules).observations.first?.report.breaker?.state == .halfOpen)
    #expect(
      try map([gauge("m", 9)], rules: rules).rejected == ["a breaker's state is a number without meaning": 1])
  }

  @Test func `the client is who the resource says, and verified only with the sender's own pid`() throws {
    var point = gauge("m", 1)
    point.resource = ["service.name": "orders", "service.instance.id": "627cc493-f310-47de-96bd-71410b7dec09"]
    let rules = "  - {name: m, to: pool.active}"
    #expect(
      try map([point], rules: rules).observations.first?.client
        == ClientIdentity(name: "orders@627cc493", isVerified: false))
    point.resource["process.pid"] = "7"
    #expect(
      try map([point], rules: rules).observations.first?.client
        == ClientIdentity(name: "orders@627cc493", pid: 7, uid: 1000))
    point.resource = ["service.name": "unknown_service:python"]
    #expect(try map([point], rules: rules).observations.first?.client == sender)
  }

  @Test(arguments: [
    (MetricValue.gauge(.infinity), "pool.active", "a gauge is infinite"),
    (.counter(-1, .cumulative), "calls.requests", "a count is not from 0 to 2^53"),
    (.counter(.nan, .cumulative), "calls.requests", "a count is not from 0 to 2^53"),
    (.gauge(1), "latency.response", "a distribution needs a histogram, not a number"),
    (
      .histogram(ExplicitHistogram(bounds: [], counts: [1]), .delta), "pool.active",
      "a gauge needs a number, not a histogram"
    ),
    (
      .histogram(ExplicitHistogram(bounds: [2, 1], counts: [1, 1, 1]), .delta), "latency.response",
      "a histogram's bounds are not finite and ascending, one fewer than its counts"
    ),
    (
      .histogram(ExplicitHistogram(bounds: [], counts: [.max]), .delta), "latency.response",
      "a histogram counts more than 2^53"
    ),
    (
      .exponential(ExponentialHistogram(scale: -4, offset: 0, counts: [1]), .delta), "latency.response",
      "an exponential histogram's scale is coarser than -3"
    ),
  ])
  func `a value that does not fit is refused with the reason`(
    value: MetricValue, target: String, reason: String
  ) throws {
    let result = try map(
      [MetricPoint(name: "m", unit: "s", attributes: ["d": "db"], value: value)],
      rules: "  - {name: m, to: \(target)}")
    #expect(result.rejected == [reason: 1])
    #expect(result.understood == 0)
  }

  @Test(arguments: [
    ("postgresql+psycopg://127.0.0.1:15432/appdb", "127.0.0.1", 15432, "postgres"),
    ("jdbc:mysql://app:secret@orders:3306/app?x=1", "orders", 3306, "mysql"),
    ("redis://[2001:db8::1]:6379/0", "2001:db8::1", 6379, "redis"), ("orders-db:5432/app", "orders-db", 5432, nil),
    ("dns:///pay.svc:50051", "pay.svc", 50051, nil), ("dns://10.0.0.2/pay.svc:443", "pay.svc", 443, nil),
    ("ipv4:10.1.2.3:80", "10.1.2.3", 80, nil), ("outbound|8080|v1|pay.svc", "pay.svc", 8080, nil),
  ])
  func `an address is read in the form in which it is written`(
    text: String, host: String, port: UInt16, kind: String?
  ) throws {
    let result = try map([gauge("m", 1, ["a": text])], rules: "  - {name: m, to: pool.active}")
    let report = try #require(result.observations.first?.report)
    #expect(report.host == host)
    #expect(report.port == port)
    #expect(report.name == nil)
    #expect(report.kind?.rawValue == kind)
  }

  @Test(arguments: [
    ("HikariPool-1", "HikariPool-1"), ("xds:///pay", "pay"), ("postgres://u:secret@/app", "postgres:///app"),
    ("host:99999", "host:99999"), ("postgres://u:secret@a:1,b:2/app?password=x", "postgres://a:1,b:2/app"),
  ])
  func `an address that is no endpoint is a name without a password`(text: String, name: String) throws {
    let result = try map([gauge("m", 1, ["a": text])], rules: "  - {name: m, to: pool.active}")
    #expect(result.observations.first?.report.name == name)
    #expect(result.observations.first?.report.host == nil)
  }
}
