import DeptopConfiguration
import DeptopControl
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite(
  .serialized, .servers("postgres", "initdb", "pg_isready", "java", nameServer: false), .hikariBridge,
  .timeLimit(.minutes(3)))
struct HikariControlTests {
  private let request = PlanRequest(verb: .drain, dependency: "orders-db", scope: .all)

  /// The error that preparing a request ends in.
  private func refusal(
    _ request: PlanRequest, _ control: HikariControl, _ detail: DependencyDetail
  ) async -> ControlError? {
    do throws(ControlError) {
      _ = try await control.prepare(request, for: detail)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a drain under load replaces every connection and fails no statement`() async throws {
    let lab = try await HikariLab.start()
    let control = HikariControl(settings: lab.bridge.settings, dependencies: [lab.dependency])
    var before = try await lab.bridge.stats()
    try await waitUntil("every connection has served a statement") {
      if before.backends.count < 5 { before = try await lab.bridge.stats() }
      return before.backends.count == 5
    }
    let preparation = try await control.prepare(request, for: try await lab.detail())
    #expect(preparation.targets.count == 5)
    #expect(preparation.targets.allSatisfy { !$0.cookie.isEmpty && $0.remote == lab.postgres.address })
    #expect(preparation.confirmation == .typeName && preparation.drainTimeout == .seconds(30))
    #expect(preparation.texts("cannot").contains { $0.hasPrefix("tell which connections are in use") })
    #expect(!preparation.texts("cannot").contains { $0.hasPrefix("check whose") }, "the process is known")

    let plan = preparation.plan(for: request, destinations: [lab.postgres.address])
    #expect(try await control.obstacle(to: plan) == nil)
    let done = "invoked softEvictConnections of pool \"\(HikariLab.pool)\" by jolokia at http://127.0.0.1:"
    #expect(try await control.execute(plan).hasPrefix(done))
    let planned = Set(plan.targets.map(\.cookie))
    try await waitUntil("the kernel has none of the plan's connections", within: .seconds(30)) {
      let remaining = try await control.remaining(of: plan)
      #expect(remaining.connections <= 5 && remaining.note?.contains("kernel's table") == true)
      return try await lab.detail().connections.allSatisfy { !planned.contains($0.cookie) }
    }
    // What was noted until now may have been served before.
    _ = try await lab.bridge.stats()
    var later = try await lab.bridge.stats()
    try await waitUntil("every new connection has served a statement") {
      later = try await lab.bridge.stats()
      return later.backends.count == 5 && later.statements > before.statements + 200
    }
    #expect(Set(later.backends).isDisjoint(with: before.backends))
    #expect(later.failures == 0, "\(later.lastFailure)")
    #expect(try await lab.detail().connections.count == 5)
    try await lab.stop()
  }

  @Test func `what HikariCP cannot do is refused with the reason`() async throws {
    let lab = try await HikariLab.start(workers: 0)
    var dependency = lab.dependency
    let control = HikariControl(settings: lab.bridge.settings, dependencies: [dependency])
    let detail = try await lab.detail()
    let words: [(PlanRequest, String)] = [
      (PlanRequest(verb: .drain, dependency: "orders-db", scope: .idle), "cannot retire idle connections alone"),
      (PlanRequest(verb: .drain, dependency: "orders-db", scope: .stale), "is on an address that left DNS"),
      (PlanRequest(verb: .resolve, dependency: "orders-db"), "nothing makes a JVM forget its DNS cache"),
      (PlanRequest(verb: .breaker, dependency: "orders-db"), "HikariCP has no circuit breaker"),
      (PlanRequest(verb: .drain, dependency: "other", scope: .all), "no pool of jolokia \"orders\" is configured"),
      (PlanRequest(verb: .drain, dependency: "orders-db", scope: .all, client: "x"), "\"x\" is another client"),
    ]
    for (request, text) in words {
      let reason = await refusal(request, control, detail)
      #expect(reason?.description.contains(text) == true, "\(String(describing: reason))")
    }
    dependency.jolokia?.pool = "mian"
    let mistyped = HikariControl(settings: lab.bridge.settings, dependencies: [dependency])
    #expect(await refusal(request, mistyped, detail)?.description.hasSuffix("has no HikariCP pool \"mian\"") == true)
    try await lab.stop()
  }

  @Test func `without owners a pool's connections are told by their number, or not at all`() async throws {
    let lab = try await HikariLab.start(workers: 0)
    let control = HikariControl(settings: lab.bridge.settings, dependencies: [lab.dependency])
    var detail = try await lab.detail()
    for index in detail.connections.indices { detail.connections[index].owner = nil }
    let preparation = try await control.prepare(request, for: detail)
    #expect(preparation.targets.count == 5 && preparation.confirmation == .key)
    #expect(preparation.texts("closes now") == ["5 idle connections of the pool, all at once"])
    #expect(preparation.texts("cannot").contains { $0.hasPrefix("check whose the connections are") })
    detail.connections.removeLast()
    let reason = await refusal(request, control, detail)?.description
    #expect(reason?.contains("pool \"\(HikariLab.pool)\" holds 5, this host's socket table has 4") == true)
    try await lab.stop()
  }

  @Test func `an address that has just left DNS is waited for, because the JVM may still have it`() async throws {
    let lab = try await HikariLab.start(workers: 0)
    let control = HikariControl(settings: lab.bridge.settings, dependencies: [lab.dependency])
    let stale = PlanRequest(verb: .drain, dependency: "orders-db", scope: .stale)
    let recent = try await lab.detail(leftAt: .now())
    let preparation = try await control.prepare(stale, for: recent)
    #expect(preparation.texts("waits").first?.hasPrefix("30 s first: the JVM's DNS cache") == true)
    let plan = preparation.plan(for: stale, destinations: [])
    let obstacle = try #require(try await control.obstacle(to: plan))
    #expect(obstacle.remaining > .seconds(20) && obstacle.remaining <= .seconds(30))
    let old = try await lab.detail(leftAt: .now() + .seconds(-40))
    #expect(try await control.prepare(stale, for: old).texts("waits").isEmpty)
    #expect(try await control.obstacle(to: plan) == nil)
    try await lab.stop()
  }

  @Test func `the source reads what the pool says`() async throws {
    let lab = try await HikariLab.start(workers: 0)
    let source = JolokiaSource(settings: lab.bridge.settings, dependencies: [lab.dependency])
    var expected = ClientReport(name: "orders-db", host: "db.lab", port: lab.postgres.address.port)
    expected.pool = ReportedPool(active: 0, idle: 5, transitional: 0, pending: 0, max: 5)
    expected.policy = Policy(acquireTimeout: .seconds(5), maximumLifetime: .seconds(600))
    let observations = try await source.poll()
    guard case .client(let observation)? = observations.first, observations.count == 1 else {
      Issue.record("\(observations)")
      return
    }
    #expect(observation.report == expected)
    #expect(observation.client.name == "orders" && observation.countingSince.map { $0 < .now() } == true)
    let unassigned = JolokiaSource(settings: lab.bridge.settings, dependencies: [])
    guard case .client(let other)? = try await unassigned.poll().first else { return }
    #expect(other.report.name == HikariLab.pool && other.report.host == nil && other.report.pool == expected.pool)
    try await lab.stop()
  }
}
