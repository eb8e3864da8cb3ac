import DeptopConfiguration
import DeptopControl
import DeptopModel
import Testing

@Suite struct PgBouncerOfferTests {
  private func control() -> PgBouncerControl {
    var dependency = DependencySettings(name: "orders-db", host: "db.lab", port: 5432)
    dependency.pgbouncer = PgBouncerDatabase(instance: "main", database: "appdb")
    return PgBouncerControl(settings: PgBouncerSettings(name: "main"), dependencies: [dependency])
  }

  private func detail(host: String = "db.lab", pool: PoolReading?) -> DependencyDetail {
    var dependency = Dependency(id: "orders-db", kind: nil, host: host, port: 5432, origin: .configured)
    dependency.pools = pool.map { [Reading($0, source: "pgbouncer/main", observedAt: .now())] } ?? []
    return DependencyDetail(dependency: dependency, connections: [])
  }

  private let healthy = PoolReading(client: "pgbouncer/main", active: 1, idle: 1)

  private let noBreaker = ActionOffer(verb: .breaker, unavailable: "PgBouncer has no circuit breaker")

  @Test func `both verbs are offered for a pool that is read and not paused`() {
    #expect(
      control().offers(for: detail(pool: healthy)) == [
        ActionOffer(verb: .drain), ActionOffer(verb: .resolve), noBreaker,
      ])
  }

  @Test func `there is nothing to resolve for an address`() {
    #expect(
      control().offers(for: detail(host: "10.0.0.7", pool: healthy)) == [
        ActionOffer(verb: .drain),
        ActionOffer(verb: .resolve, unavailable: "10.0.0.7 is an address: there is no name to look up"),
        noBreaker,
      ])
  }

  @Test func `a silent PgBouncer is the reason, with its own words`() {
    var detail = detail(pool: healthy)
    detail.dependency.silentSources = [
      SilentSource(source: "pgbouncer/main", since: .now(), reason: "connection refused", nextAttemptAt: nil)
    ]
    #expect(
      control().offers(for: detail).first?.unavailable
        == "pgbouncer \"main\" does not answer: connection refused")
  }

  @Test func `a paused or disabled database is the reason`() {
    var paused = healthy
    paused.isPaused = true
    #expect(control().offers(for: detail(pool: paused)).first?.unavailable?.contains("is paused") == true)
    var disabled = healthy
    disabled.isDisabled = true
    #expect(control().offers(for: detail(pool: disabled)).first?.unavailable?.contains("is disabled") == true)
  }

  @Test func `a database that was never reported is the reason`() {
    #expect(
      control().offers(for: detail(pool: nil)).first?.unavailable
        == "pgbouncer \"main\" has not reported a pool of database \"appdb\"")
  }

  @Test func `a dependency that is none of its databases is not its to act on`() {
    var other = detail(pool: healthy)
    other.dependency.id = "cache"
    #expect(control().dependencies == ["orders-db"])
    #expect(control().offers(for: other).allSatisfy { $0.unavailable == "no PgBouncer is configured for it" })
  }
}
