import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Logging
import Synchronization
import Testing

@testable import DeptopCollector

/// A source for every configured dependency, which a change of any of them touches.
private final class ReplacedSource: Source {
  static let kind = "replaced"
  static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    settings.dependencies.map { ReplacedSource($0.id) }
  }

  let id: SourceID
  let schedule = Schedule(interval: .milliseconds(100), timeout: .seconds(1))
  let dependencies: [DependencyID]

  private init(_ dependency: DependencyID) {
    id = SourceID(rawValue: "replaced/\(dependency)")
    dependencies = [dependency]
  }

  func poll() async throws(SourceError) -> [Observation] {
    dependencies.map { .pool($0, PoolReading(client: "app", active: 1, idle: 0)) }
  }
}

/// A source that no change touches.
private final class KeptSource: Source {
  static let kind = "kept"
  static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] { [KeptSource()] }
  static func isSame(in old: Settings, and new: Settings) -> Bool { true }

  let id: SourceID = "kept"
  let schedule = Schedule(interval: .milliseconds(100), timeout: .seconds(1))
  let dependencies: [DependencyID] = []

  func poll() async throws(SourceError) -> [Observation] { [.connections([])] }
}

@Suite(.timeLimit(.minutes(1)))
struct SourceSupervisorTests {
  @Test func `a reload keeps what it does not touch, and forgets what is gone`() async throws {
    let first = settings("orders@10.0.0.1", "billing@10.0.0.2")
    let store = Store(settings: first, remembered: [:])
    let supervisor = SourceSupervisor(
      store: store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      kinds: [KeptSource.self, ReplacedSource.self])
    let statuses = { store.knowledge.statuses.keys.map(\.rawValue).sorted() }
    supervisor.follow(first)
    let running = Task { await supervisor.run() }
    try await waitUntil("all answer") {
      statuses() == ["kept", "replaced/billing", "replaced/orders"]
        && store.knowledge.statuses.values.allSatisfy { $0.state == .ok }
    }
    let kept = try #require(supervisor.running(KeptSource.self).first)
    let replaced = try #require(supervisor.running(ReplacedSource.self).first)

    let second = settings("orders@10.0.0.9")
    store.adopt(second)
    supervisor.follow(second)
    try await waitUntil("the old source is gone") { statuses() == ["kept", "replaced/orders"] }
    #expect(supervisor.running(KeptSource.self).first === kept)
    #expect(supervisor.running(ReplacedSource.self).allSatisfy { $0 !== replaced })
    try await waitUntil("the new one answers") { store.knowledge.statuses["replaced/orders"]?.state == .ok }
    #expect(store.knowledge.pools.keys.sorted() == ["orders"])

    store.adopt(Settings())
    supervisor.follow(Settings())
    try await waitUntil("only the kept one is left") { statuses() == ["kept"] }
    running.cancel()
    await running.value
  }

  @Test func `a source that was retired cannot bring itself back`() {
    let store = Store(settings: settings("orders@10.0.0.1"), remembered: [:])
    let recorder = SourceRecorder(store: store)
    recorder.record(status("old"), covering: ["orders"])
    recorder.retire("old")
    recorder.record(status("old"), covering: ["orders"])
    recorder.record([.pool("orders", PoolReading(client: "app", active: 1, idle: 0))], from: "old")
    #expect(store.knowledge.statuses.isEmpty && store.knowledge.pools.isEmpty)
  }

  @Test(arguments: SourceRegistry.all.map { $0.kind })
  func `a change that concerns no source touches none`(kind: String) throws {
    let type = try #require(SourceRegistry.all.first { $0.kind == kind })
    var old = settings("orders@db.lab")
    old.pgbouncers = [PgBouncerSettings(name: "main")]
    var new = old
    new.tickInterval = .seconds(2)
    new.environment.label = "PROD"
    new.access.viewers = .named(users: ["root"], groups: [])
    let isSame = type.isSame(in: old, and: new)
    #expect(isSame)
  }

  @Test(arguments: ["dns", "pgbouncer", "probe", "kernel"])
  func `a change of its own settings touches a source`(kind: String) throws {
    let type = try #require(SourceRegistry.all.first { $0.kind == kind })
    let old = settings("orders@db.lab")
    var new = old
    new.dns.resolvers = ["127.0.0.1"]
    new.pgbouncers = [PgBouncerSettings(name: "main")]
    new.probe.interval = .seconds(7)
    new.kernel.interval = .seconds(7)
    let isSame = type.isSame(in: old, and: new)
    #expect(!isSame)
  }
}
