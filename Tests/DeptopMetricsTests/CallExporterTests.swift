import DeptopMetrics
import DeptopModel
import Testing

/// Exporters of calls: text as they write it, and the report that it has to give.
@Suite struct CallExporterTests {
  @Test func `Resilience4j, whose failure rate of -1 is not known`() throws {
    let text = try ExporterText(PackageResources.resilience4j_txt)
    try #require(text.result.observations.map(\.report.name) == ["pay", "quiet"])
    let report = text.result.observations[0].report
    var breaker = ReportedBreaker(name: "pay", state: .open)
    breaker.notPermitted = 9
    breaker.failureRatio = 0.6
    #expect(report.breaker == breaker)
    #expect(
      report.totals
        == CallTotals(
          requests: 110, fates: [.success: 40, .failure: 60, .rejected: 9], timeouts: [.deadline: 5],
          errors: ["retries_exhausted": 12]))
    #expect(text.result.observations[1].report == ClientReport(name: "quiet"))
    #expect(text.result.leftOut == 1)
  }

  @Test func `gRPC in Go`() throws {
    let report = try ExporterText(PackageResources.grpc_go_txt).report()
    #expect(report.name == "pay.v1.Payments")
    #expect(
      report.totals
        == CallTotals(
          requests: 100, fates: [.success: 90, .timeout: 6, .failure: 3, .notRetryable: 1], timeouts: [.deadline: 6],
          errors: ["DeadlineExceeded": 6, "Unavailable": 3, "NotFound": 1]))
    #expect(report.responseTime == (try buckets([0.005, 10], [40, 60, 0])))
  }

  @Test func `Envoy, whose open cx_open is no open breaker`() throws {
    let report = try ExporterText(PackageResources.envoy_txt).report()
    #expect(report.host == "pay.shop.svc.cluster.local")
    #expect(report.port == 8080)
    #expect(report.pool == ReportedPool(active: 4, pending: 1))
    #expect(report.waiting == 2)
    #expect(report.breaker == nil)
    #expect(
      report.totals
        == CallTotals(
          requests: 100, attempts: 110, fates: [.success: 95, .failure: 5], timeouts: [.deadline: 3, .read: 7]))
    #expect(report.responseTime == (try buckets([0.0005, 0.025], [0, 90, 5])))
  }

  @Test func `Istio, of which only the calling side counts`() throws {
    let text = try ExporterText(PackageResources.istio_txt)
    let report = try text.report()
    #expect(text.result.observations[0].client.name == "orders@shop")
    #expect(report.host == "pay.shop.svc.cluster.local")
    #expect(
      report.totals
        == CallTotals(
          requests: 100, fates: [.success: 90, .failure: 2, .timeout: 5, .rejected: 3], timeouts: [.deadline: 5],
          errors: ["UT": 5, "UO": 3]))
    #expect(report.responseTime == (try buckets([0.025], [80, 10])))
    #expect(text.result.leftOut == 1)
  }

  @Test func `Linkerd, outbound only`() throws {
    let text = try ExporterText(PackageResources.linkerd_txt)
    let report = try text.report()
    #expect(report.host == "pay.shop.svc.cluster.local")
    #expect(report.totals == CallTotals(requests: 100, fates: [.success: 96, .failure: 4]))
    #expect(report.responseTime == (try buckets([0.01], [80, 20])))
    #expect(text.result.leftOut == 1)
  }

  @Test func `HAProxy, whose attempts are requests and retries`() throws {
    let report = try ExporterText(PackageResources.haproxy_txt).report()
    #expect(report.name == "pay")
    #expect(report.pool == ReportedPool(active: 7, idle: 1, pending: 3))
    #expect(
      report.totals
        == CallTotals(
          requests: 100, attempts: 107, fates: [.success: 90, .notRetryable: 4, .failure: 6], errors: ["connect": 6]))
  }

  @Test func `OpenTelemetry's HTTP clients`() throws {
    let report = try ExporterText(PackageResources.otel_http_txt).report()
    #expect(report.host == "pay")
    #expect(report.port == 443)
    #expect(report.kind == "http")
    #expect(report.pool == ReportedPool(active: 4, idle: 1))
    #expect(report.waiting == 4)
    #expect(
      report.totals
        == CallTotals(
          requests: 72, fates: [.success: 60, .failure: 5, .notRetryable: 2, .timeout: 5],
          timeouts: [.connect: 2, .read: 3],
          errors: ["500": 5, "404": 2, "ReadTimeout": 3, "ConnectTimeout": 2]))
    #expect(report.responseTime == (try buckets([0.1], [57, 15])))
  }

  @Test func `gRPC's own plugin, whose retries are attempts beyond the calls`() throws {
    let report = try ExporterText(PackageResources.otel_rpc_txt).report()
    #expect(report.host == "pay.shop")
    #expect(report.port == 50_051)
    #expect(
      report.totals
        == CallTotals(
          requests: 100, attempts: 120, fates: [.success: 90, .timeout: 8, .failure: 2], timeouts: [.deadline: 8],
          errors: ["DEADLINE_EXCEEDED": 8, "UNAVAILABLE": 2]))
  }

  @Test func `OpenTelemetry's name lookups are a phase`() throws {
    let report = try ExporterText(PackageResources.otel_dns_txt).report()
    #expect(report.host == "pay.shop")
    #expect(report.phases == [.dns: try buckets([0.01], [9, 3])])
    #expect(report.totals == CallTotals(timeouts: [.dns: 2], errors: ["timeout": 2]))
  }
}
