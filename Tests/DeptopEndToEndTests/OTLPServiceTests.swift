import DeptopModel
import DeptopTestSupport
import FoundationEssentials
import Testing

/// A Python service with the unmodified OpenTelemetry SDK, held against what it counts itself.
@Suite(.serialized, .servers("postgres", "initdb", "curl", nameServer: false), .pythonPackages, .timeLimit(.minutes(3)))
struct OTLPServiceTests {
  @Test func `what the SDK exports is what the service itself counts`() async throws {
    let loopback = try #require(IPAddress("127.0.0.1"))
    let postgres = try await PostgresServer.start(
      on: SocketAddress(loopback, port: try FreePort.tcp(on: [loopback])))
    let web = try await PythonService.start("web_server")
    let webPort = try await web.firstLine()
    let ingest = try FreePort.tcp(on: [loopback])
    let daemon = try await DaemonUnderTest.start("ingest: {port: \(ingest)}\n")
    let database = "postgresql+psycopg://postgres@\(postgres.address)/postgres"
    let service = try await PythonService.start(
      "orders_service",
      ["http://127.0.0.1:\(ingest)/v1/metrics", database, "http://127.0.0.1:\(webPort)"],
      environment: ["OTEL_SEMCONV_STABILITY_OPT_IN=http"])
    _ = try await service.firstLine()

    try await compareGauges(daemon, service, of: "\(postgres.address)")
    try await service.stop()
    let own = try Told(try #require(service.lines.last))
    try await compareCounts(daemon, own, of: "127.0.0.1:\(webPort)")
    try await web.stop()
    try await postgres.stop()
  }

  /// In the last second of a step of three, four times: what is held now, on the screen and in the service.
  private func compareGauges(_ daemon: DaemonUnderTest, _ service: PythonService, of name: String) async throws {
    var compared: Set<Int> = []
    try await waitUntil("four steps are compared", within: .seconds(60)) {
      let time = WallTime.now().secondsSinceEpoch
      let step = Int(time / 3)
      let phase = time - Double(step) * 3
      guard !compared.contains(step), (2.3...2.9).contains(phase), service.lines.count > 3 else { return false }
      let own = try Told(try #require(service.lines.last))
      guard own.at > Double(step) * 3 + 1 else { return false }
      let detail = try await daemon.detail(of: name)
      let pool = try #require(detail.dependency.pools.first?.value)
      #expect(pool.active == own.used && pool.idle == own.idle, "\(pool), the service itself \(own)")
      #expect(pool.pending == nil && pool.max == nil, "the SDK reports neither: unknown is not zero")
      compared.insert(step)
      return compared.count == 4
    }
  }

  private func compareCounts(_ daemon: DaemonUnderTest, _ own: Told, of name: String) async throws {
    try await waitUntil("the last export has arrived") {
      try await daemon.detail(of: name).clients.first?.report.totals?.requests == own.requests
    }
    let client = try #require(try await daemon.detail(of: name).clients.first)
    #expect(client.client.name.contains("orders"))
    let totals = try #require(client.report.totals)
    let failed = totals.fates?.filter { !$0.key.isSuccess }.values.reduce(0, +)
    #expect(own.requests > 100 && own.errors > 5 && own.timeouts > 0, "\(own)")
    #expect(failed == own.errors && totals.timeouts?[.read] == own.timeouts, "\(totals), the service itself \(own)")
    guard case .exponential(let histogram) = client.report.responseTime else {
      Issue.record("not an exponential histogram: \(String(describing: client.report.responseTime))")
      return
    }
    for quantile in [0.5, 0.99] {
      let exact = own.durations[Int((quantile * Double(own.durations.count)).rounded(.up)) - 1]
      let answered = try #require(histogram.quantile(quantile))
      let distance = abs(Int(histogram.index(of: answered)) - Int(histogram.index(of: .seconds(exact))))
      #expect(distance <= 1, "p\(quantile * 100): \(answered), the service itself \(exact) s")
    }
  }
}

/// One line that the service told of its own counts.
private struct Told: Decodable {
  var at: Double
  var requests: UInt64
  var errors: UInt64
  var timeouts: UInt64
  var used: Int
  var idle: Int
  /// Ascending, seconds; only in the last line.
  var durations: [Double]

  private enum CodingKeys: CodingKey {
    case at, requests, errors, timeouts, used, idle, durations
  }

  init(_ line: String) throws {
    self = try JSONDecoder().decode(Told.self, from: Data(line.utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    at = try container.decode(Double.self, forKey: .at)
    requests = try container.decode(UInt64.self, forKey: .requests)
    errors = try container.decode(UInt64.self, forKey: .errors)
    timeouts = try container.decode(UInt64.self, forKey: .timeouts)
    used = try container.decode(Int.self, forKey: .used)
    idle = try container.decodeIfPresent(Int.self, forKey: .idle) ?? 0
    durations = try container.decodeIfPresent([Double].self, forKey: .durations) ?? []
  }
}
