import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct KnowledgeTests {
  private let bouncer: SourceID = "pgbouncer/main"

  /// What PgBouncer says of one dependency.
  private func said(of id: DependencyID) -> [Observation] {
    [
      .pool(id, PoolReading(client: "app", active: 1, idle: 2)), .poolConnections(id, [held(local(1), to: end("A"))]),
      .requests(id, RequestReading(rate: 40, upstreamMean: nil, waitMean: nil)),
      .ownerResolution(id, OwnerResolution(host: "db.lab", addresses: [address("A")], remaining: nil)),
    ]
  }

  private func knowledge(_ settings: Settings, covering ids: [DependencyID]) -> Knowledge {
    var knowledge = Knowledge(settings: settings)
    knowledge.record(status(bouncer), covering: ids)
    for id in ids { knowledge.fold(ids.flatMap(said), from: bouncer, at: id == ids[0] ? at(10) : at(11)) }
    return knowledge
  }

  private func isKnown(_ id: DependencyID, in knowledge: Knowledge) -> [Bool] {
    let name = knowledge.configured[id]?.hostName ?? ""
    return [
      !(knowledge.pools[id] ?? [:]).isEmpty, knowledge.poolConnections[id] != nil, knowledge.requests[id] != nil,
      knowledge.names[name]?.resolution.owner != nil,
    ]
  }

  @Test func `what a source leaves out of its next poll is no longer known`() {
    var knowledge = knowledge(settings("orders@db.lab", "billing@other.lab"), covering: ["orders", "billing"])
    #expect(isKnown("orders", in: knowledge) == [true, true, true, true])
    knowledge.fold(said(of: "billing"), from: bouncer, at: at(20))
    #expect(isKnown("orders", in: knowledge) == [false, false, false, false])
    #expect(isKnown("billing", in: knowledge) == [true, true, true, true])
  }

  @Test func `another source's poll takes nothing away`() {
    var knowledge = knowledge(settings("orders@db.lab"), covering: ["orders"])
    knowledge.record(status("dns"), covering: ["orders"])
    knowledge.fold([answer("db.lab", "A")], from: "dns", at: at(20))
    knowledge.fold([], from: "dns", at: at(21))
    #expect(isKnown("orders", in: knowledge) == [true, true, true, true])
    #expect(knowledge.names["db.lab"]?.resolution.addresses == [address("A")])
  }

  @Test func `a source that is taken out takes everything with it that only it said`() {
    var knowledge = knowledge(settings("orders@db.lab"), covering: ["orders"])
    knowledge.forget(bouncer)
    #expect(isKnown("orders", in: knowledge) == [false, false, false, false])
    #expect(knowledge.statuses.isEmpty && knowledge.coverage.isEmpty)
  }

  @Test func `what belongs to nothing that is configured is passed over`() {
    var knowledge = knowledge(settings("orders@db.lab"), covering: ["orders"])
    knowledge.adopt(settings("billing@other.lab"))
    knowledge.fold(
      said(of: "orders") + [answer("db.lab", "A")], from: bouncer, at: at(20))
    #expect(knowledge.names.keys.sorted().isEmpty)
    #expect(knowledge.pools.isEmpty && knowledge.poolConnections.isEmpty && knowledge.requests.isEmpty)
  }

  @Test func `probes of what nobody configured are kept in bounds`() {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1"))
    let many = (0..<Knowledge.probedDependenciesKept + 5).map {
      Observation.connect(DependencyID(rawValue: "10.1.0.1:\($0)"), attempt("A"))
    }
    knowledge.fold(many + [.connect("orders", attempt("A"))], from: "probe", at: at(20))
    #expect(knowledge.connects.count == Knowledge.probedDependenciesKept + 1)
    #expect(knowledge.connects["orders"] != nil)
    knowledge.adopt(settings("billing@other.lab"))
    #expect(knowledge.connects["orders"] == nil && knowledge.connects["10.1.0.1:1"] != nil)
  }

  private func attempt(_ letter: Character, failure: String? = nil) -> ConnectAttempt {
    ConnectAttempt(
      address: end(letter), duration: failure == nil ? .milliseconds(3) : nil, failure: failure)
  }

  @Test func `probes of a dependency that is somewhere else now are dropped`() {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1", "cache@10.0.0.3"))
    knowledge.fold([.connect("orders", attempt("A")), .connect("cache", attempt("C"))], from: "probe", at: at(10))
    var other = settings("orders@10.0.0.2", "cache@10.0.0.3")
    other.environment.label = "PROD"
    knowledge.adopt(other)
    #expect(knowledge.connects.keys.sorted() == ["cache"])
    other.dependencies[1].isProbed = false
    knowledge.adopt(other)
    #expect(knowledge.connects.isEmpty)
  }

  @Test func `failures of a probe are counted beside the times of those that succeed`() throws {
    var knowledge = Knowledge(settings: settings("orders@10.0.0.1"))
    knowledge.fold(
      [.connect("orders", attempt("A")), .connect("orders", attempt("A", failure: "connection refused"))],
      from: "probe", at: at(10))
    let summary = try #require(knowledge.connects["orders"])
    #expect(summary.histogram.count == 1)
    #expect(summary.addresses.map(\.attempts) == [2] && summary.addresses.map(\.failures) == [1])
    #expect(summary.addresses[0].last == nil && summary.addresses[0].lastFailure == "connection refused")
  }

  @Test func `probed addresses of a name that keeps changing are bounded, the latest stay`() throws {
    var knowledge = Knowledge(settings: settings("orders@db.lab"))
    for number in 0..<300 {
      let address = SocketAddress(IPAddress(v4: 0x0b00_0000 + UInt32(number)), port: 5432)
      knowledge.fold(
        [.connect("orders", ConnectAttempt(address: address, duration: .milliseconds(1), failure: nil))],
        from: "probe", at: at(Double(number)))
    }
    let addresses = try #require(knowledge.connects["orders"]).addresses
    #expect(addresses.count == Knowledge.probedAddressesKept)
    #expect(addresses.map(\.lastAt).min() == at(Double(300 - Knowledge.probedAddressesKept)))
  }

  @Test func `only names that are configured are remembered`() {
    let remembered = RememberedAnswers(answers: 1, firstAnsweredAt: at(1), history: [], changes: [])
    let knowledge = Knowledge(
      settings: settings("orders@db.lab"), remembered: ["db.lab": remembered, "old.lab": remembered])
    #expect(knowledge.names.keys.sorted() == ["db.lab"])
  }
}
