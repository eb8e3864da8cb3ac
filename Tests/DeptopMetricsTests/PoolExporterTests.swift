import DeptopMetrics
import DeptopModel
import Testing

/// Exporters of pools: text as they write it, and the report that it has to give.
@Suite struct PoolExporterTests {
  @Test func `HikariCP through Micrometer`() throws {
    let text = try ExporterText(PackageResources.hikaricp_micrometer_txt)
    let report = try text.report()
    #expect(report.name == "orders")
    #expect(report.pool == ReportedPool(active: 7, idle: 3, pending: 2, max: 10))
    #expect(report.totals == CallTotals(timeouts: [.poolAcquire: 4]))
    #expect(report.waitTime == (try buckets([0.001, 0.1], [90, 9, 1])))
    #expect(text.result.observations.first?.client == ClientIdentity(name: "shop", isVerified: false))
    #expect(text.result.rejected == ["a summary has no buckets to make percentiles of": 1])
    #expect(
      text.result.namesNotUnderstood == ["hikaricp_connections_min", "hikaricp_connections_acquire_seconds_max"])
  }

  @Test func `HikariCP's own collector, with nanoseconds`() throws {
    let report = try ExporterText(PackageResources.hikaricp_txt).report()
    #expect(report.pool == ReportedPool(active: 7, idle: 3, pending: 2, max: 12))
    #expect(report.totals?.timeouts == [.poolAcquire: 4])
    #expect(report.waitTime == (try buckets([0.000001, 0.001], [5, 3, 1])))
  }

  @Test func `Go's database-sql`() throws {
    let text = try ExporterText(PackageResources.go_sql_txt)
    #expect(try text.report().name == "orders")
    #expect(try text.report().pool == ReportedPool(active: 5, idle: 3, max: 20))
    #expect(text.result.notUnderstood == 2)
  }

  @Test func `psycopg's pool, whose active connections follow from its size`() throws {
    let report = try ExporterText(PackageResources.psycopg_pool_txt).report()
    #expect(report.name == "psycopg-pool")
    #expect(report.kind == "postgres")
    #expect(report.pool == ReportedPool(active: 4, idle: 2, pending: 3, max: 10))
    #expect(report.totals == CallTotals(timeouts: [.poolAcquire: 5]))
  }

  @Test func `node-postgres`() throws {
    let report = try ExporterText(PackageResources.node_txt).report()
    #expect(report.host == "localhost")
    #expect(report.port == 5432)
    #expect(report.pool == ReportedPool(active: 9, idle: 1, pending: 1, max: 12))
    #expect(report.totals == CallTotals(errors: ["connect": 2]))
  }

  @Test func `go-redis under whatever name the application chose`() throws {
    let report = try ExporterText(PackageResources.redis_txt).report()
    #expect(report.kind == "redis")
    #expect(report.pool == ReportedPool(active: 6, idle: 4))
    #expect(report.totals == CallTotals(timeouts: [.poolAcquire: 3]))
  }

  @Test func `PgBouncer's exporter, whose pools of one database are added up`() throws {
    let report = try ExporterText(PackageResources.pgbouncer_exporter_txt).report()
    #expect(report.name == "orders")
    #expect(report.pool == ReportedPool(active: 7, idle: 4, transitional: 1, pending: 6))
    #expect(report.totals == CallTotals(requests: 12_345))
  }

  @Test func `OpenTelemetry's database clients, current and old names together`() throws {
    let report = try ExporterText(PackageResources.otel_db_txt).report()
    #expect(report.host == "orders-db")
    #expect(report.port == 5432)
    #expect(report.kind == "postgres")
    #expect(report.pool == ReportedPool(active: 5, idle: 3, pending: 2))
    #expect(
      report.totals
        == CallTotals(
          requests: 100, fates: [.success: 90, .timeout: 6, .failure: 4], timeouts: [.poolAcquire: 6],
          errors: ["psycopg_pool.PoolTimeout": 6, "40001": 4]))
    #expect(report.responseTime == (try buckets([0.01], [84, 16])))
    #expect(report.waitTime == (try buckets([0.005], [9, 1])))
  }
}
