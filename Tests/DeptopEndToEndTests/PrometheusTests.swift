import DeptopModel
import DeptopTestSupport
import Testing

/// Real exporters' text and a real Prometheus.
@Suite(
  .serialized, .servers("haproxy", "prometheus", "curl", nameServer: false), .pythonPackages, .timeLimit(.minutes(3)))
struct PrometheusTests {
  @Test func `HAProxy's own exporter, scraped and asked of a real Prometheus, tells what HAProxy counted`() async throws
  {
    let web = try await PythonService.start("web_server")
    let haproxy = try await HAProxyLab.start(before: try await web.firstLine())
    let prometheus = try await PrometheusServer.start(scraping: haproxy.metrics)
    let daemon = try await DaemonUnderTest.start(
      """
      sources:
        prometheus:
          - {name: proxy, url: "http://127.0.0.1:\(haproxy.metrics)/metrics", interval_seconds: 0.5}
          - {name: server, server: "http://127.0.0.1:\(prometheus.port)", query: '{job="haproxy"}', interval_seconds: 0.5}

      """)
    try await daemon.waitForClients(2, of: "orders")
    try await haproxy.request("/after/0", times: 12)
    try await haproxy.request("/error", times: 5)
    try await waitUntil("both say what HAProxy counted", within: .seconds(40)) {
      let clients = try await daemon.detail(of: "orders").clients
      return clients.count == 2
        && clients.allSatisfy { client in
          let fates = client.report.totals?.fates
          return fates?[.success] == 12 && fates?[.failure] == 5 && client.report.totals?.requests == 17
        }
    }
    let detail = try await daemon.detail(of: "orders")
    #expect(detail.dependency.pools.allSatisfy { $0.value.max == nil }, "HAProxy gives no limit here")
    let offers = detail.dependency.actions
    #expect(offers.allSatisfy { $0.unavailable != nil }, "metrics can only be read: \(offers)")
    try await haproxy.stop()
    try await waitUntil("the scrape says why it fails") {
      try await daemon.snapshot().sources.contains { $0.id == "prometheus/proxy" && $0.state == .failing }
    }
    try await prometheus.stop()
    try await web.stop()
  }

  @Test func `a wrong line costs that line alone, and is counted where the operator looks`() async throws {
    let pages = try TemporaryDirectory()
    try pages.write(OddLines.page, to: "metrics")
    let port = try FreePort.tcp(on: [try #require(IPAddress("127.0.0.1"))])
    let server = try await ChildProcess.start(
      ChildProcess.Command(
        [PythonService.interpreter, "-m", "http.server", "--bind", "127.0.0.1", "--directory", pages.path, "\(port)"],
        outputPath: pages.file("log")))
    let daemon = try await DaemonUnderTest.start(
      """
      sources: {prometheus: [{name: odd, url: "http://127.0.0.1:\(port)/metrics", interval_seconds: 0.5}]}

      """)
    try await daemon.waitForClients(1, of: "stock")
    let pool = try #require(try await daemon.detail(of: "stock").dependency.pools.first?.value)
    #expect(pool.active == 3 && pool.idle == 2 && pool.max == 8)
    let source = try #require(try await daemon.snapshot().sources.first { $0.id == "prometheus/odd" })
    #expect(source.remarks.contains { $0.hasPrefix("\(OddLines.wrong) wrong lines (line ") }, "\(source.remarks)")
    let sources = try await ProductCommand.deptop(["status", "--json", "--socket", daemon.socketPath])
    #expect(sources.output.contains("wrong lines"))
    try await server.stop()
  }
}

/// The lines of a page that exporters and scrapers do not agree on, around a pool of Go's database/sql.
private enum OddLines {
  /// Lines that are none in any reading.
  static let wrong = 6
  static let page = """
    # HELP go_sql_in_use_connections Connections in use.
    # TYPE go_sql_in_use_connections gauge
    go_sql_in_use_connections{db_name="stock",} 3
      go_sql_idle_connections{db_name="stock"}\t2
    go_sql_max_open_connections{db_name="stock"} 8 1700000000000
    weird nan
    w2 +Inf\u{20}\u{20}
    # a comment
    #
    w{a="x"}1
    label{a="\\\\ \\" \\n \\q"} 1
    {"quoted.name",a="1"} 1
    hex 0x1p3
    under_score 1_000
    single{a='1'} 1
    dotted.name 1
    1st 1
    leading{,a="1"} 1
    """
}

extension DaemonUnderTest {
  /// Waits until so many clients report a dependency.
  func waitForClients(_ count: Int, of dependency: String) async throws {
    try await waitUntil("\(count) clients report \(dependency)", within: .seconds(40)) {
      let ids = try await snapshot().dependencies.map(\.id.rawValue)
      guard ids.contains(dependency) else { return false }
      return try await detail(of: dependency).clients.count == count
    }
  }
}

/// A real Prometheus that scrapes one exporter.
private final class PrometheusServer: Sendable {
  let port: UInt16
  private let place: TemporaryDirectory
  private let process: ChildProcess

  private init(port: UInt16, place: TemporaryDirectory, process: ChildProcess) {
    self.port = port
    self.place = place
    self.process = process
  }

  static func start(scraping metrics: UInt16) async throws -> PrometheusServer {
    guard let loopback = IPAddress("127.0.0.1") else { throw TestFailure("no loopback address") }
    let place = try TemporaryDirectory()
    let port = try FreePort.tcp(on: [loopback])
    try place.write(
      """
      global: {scrape_interval: 1s}
      scrape_configs:
        - job_name: haproxy
          static_configs: [{targets: ["127.0.0.1:\(metrics)"]}]

      """, to: "prometheus.yml")
    let process = try await ChildProcess.start(
      ChildProcess.Command(
        [
          try Program.required("prometheus"), "--config.file=\(place.file("prometheus.yml"))",
          "--storage.tsdb.path=\(place.file("data"))", "--web.listen-address=127.0.0.1:\(port)",
        ], outputPath: place.file("log")))
    return PrometheusServer(port: port, place: place, process: process)
  }

  func stop() async throws {
    try await process.stop()
  }
}
