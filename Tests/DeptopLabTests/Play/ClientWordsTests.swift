import DeptopLab
import Testing

@Suite struct ClientWordsTests {
  @Test func `the fields of a request are changed by themselves`() throws {
    var change = CallChange()
    change.rate = 0
    change.largeEvery = 10
    change.largeRequestBytes = 3000
    change.names = NameCaching.none
    let words = "rate=0 large-every=10 large-request-bytes=3000 names=none"
    #expect(
      try WordsFleet.faults("client orders orders-db \(words)")
        == [.client("orders", dependency: "orders-db", change)])
  }

  @Test(arguments: [("none", NameCaching.none), ("time-to-live", .timeToLive), ("forever", .forever)])
  func `names are kept in three ways`(word: String, caching: NameCaching) throws {
    var change = CallChange()
    change.names = caching
    #expect(
      try WordsFleet.faults("client web search-api names=\(word)")
        == [.client("web", dependency: "search-api", change)])
  }

  /// A word, and what it does to a call.
  struct Edit: Sendable, CustomTestStringConvertible {
    let word: String
    let edit: @Sendable (inout CallSpec) -> Void

    var testDescription: String { word }

    init(_ word: String, _ edit: @escaping @Sendable (inout CallSpec) -> Void) {
      self.word = word
      self.edit = edit
    }
  }

  private static let edits: [Edit] = [
    .init("pool.max=9", { $0.pool.max = 9 }),
    .init("pool.minimum=9", { $0.pool.minimum = 9 }),
    .init("pool.idle-timeout=9", { $0.pool.idleTimeout = 9 }),
    .init("pool.maximum-lifetime=9", { $0.pool.maximumLifetime = 9 }),
    .init("pool.validate-after=9", { $0.pool.validateAfter = 9 }),
    .init("pool.acquire-timeout=9", { $0.pool.acquireTimeout = 9 }),
    .init("pool.acquire-timeout=none", { $0.pool.acquireTimeout = nil }),
    .init("pool.keepalive=9", { $0.pool.keepalive = 9 }),
    .init("pool.leaks=0.9", { $0.pool.leaks = 0.9 }),
    .init("pool.keeps-abandoned-work=true", { $0.pool.keepsAbandonedWork = true }),
    .init("breaker.failure-ratio=0.9", { $0.breaker?.failureRatio = 0.9 }),
    .init("breaker.minimum-calls=9", { $0.breaker?.minimumCalls = 9 }),
    .init("breaker.window=9", { $0.breaker?.window = 9 }),
    .init("breaker.open-for=9", { $0.breaker?.openFor = 9 }),
    .init("breaker.permits=9", { $0.breaker?.permits = 9 }),
    .init("breaker.stuck=true", { $0.breaker?.isStuck = true }),
    .init("retry.attempts=9", { $0.retry.attempts = 9 }),
    .init("retry.layers=9", { $0.retry.layers = 9 }),
    .init("retry.backoff=9", { $0.retry.backoff = 9 }),
    .init("retry.longest-backoff=9", { $0.retry.longestBackoff = 9 }),
    .init("retry.jitter=full", { $0.retry.jitter = .full }),
    .init("retry.budget=0.9", { $0.retry.budget = 0.9 }),
    .init("retry.repeats-sent=false", { $0.retry.repeatsSent = false }),
    .init("limits.connect=9", { $0.limits.connect = 9 }),
    .init("limits.connect=none", { $0.limits.connect = nil }),
    .init("limits.read=9", { $0.limits.read = 9 }),
    .init("limits.deadline=9", { $0.limits.deadline = 9 }),
    .init("limits.deadline=none", { $0.limits.deadline = nil }),
    .init("limits.passes-deadline-on=false", { $0.limits.passesDeadlineOn = false }),
  ]

  @Test(arguments: edits)
  func `a key changes its field and leaves the rest as the client has it`(_ edit: Edit) throws {
    let present = try WordsFleet.call("orders", "orders-db")
    var wanted = present
    edit.edit(&wanted)
    #expect(wanted != present)
    let faults = try WordsFleet.faults("client orders orders-db \(edit.word)")
    let change = try change(of: faults)
    #expect(change.applied(to: present) == wanted)
    #expect(groups(of: change) == [String(edit.word.prefix { $0 != "." })])
  }

  private static let removals: [Edit] = [
    .init("pool.idle-timeout=none", { $0.pool.idleTimeout = nil }),
    .init("pool.maximum-lifetime=none", { $0.pool.maximumLifetime = nil }),
    .init("pool.validate-after=none", { $0.pool.validateAfter = nil }),
    .init("pool.keepalive=none", { $0.pool.keepalive = nil }),
    .init("retry.budget=none", { $0.retry.budget = nil }),
    .init("limits.read=none", { $0.limits.read = nil }),
  ]

  @Test(arguments: removals)
  func `none takes an optional value away`(_ edit: Edit) throws {
    var clients = WordsFleet.clients
    var present = try WordsFleet.call("orders", "orders-db")
    present.pool.idleTimeout = 1
    present.pool.maximumLifetime = 2
    present.pool.validateAfter = 3
    present.pool.keepalive = 4
    present.retry.budget = 0.5
    present.limits.read = 6
    clients[0].dependencies[0] = present
    let words = FaultWords(addressPrefix: "10.90.0.", calls: clients, upstreams: WordsFleet.upstreams)
    var wanted = present
    edit.edit(&wanted)
    let faults = try words.faults(["client", "orders", "orders-db", edit.word])
    #expect(try change(of: faults).applied(to: present) == wanted)
    #expect(wanted != present)
  }

  @Test func `two keys of one part change it together`() throws {
    let faults = try WordsFleet.faults("client orders orders-db retry.attempts=5 retry.layers=2 rate=1")
    var change = CallChange()
    change.rate = 1
    change.retry = try WordsFleet.call("orders", "orders-db").retry
    change.retry?.attempts = 5
    change.retry?.layers = 2
    #expect(faults == [.client("orders", dependency: "orders-db", change)])
  }

  @Test func `a client without a breaker gets the usual one`() throws {
    let faults = try WordsFleet.faults("client web session-cache breaker.permits=7")
    var breaker = BreakerSpec()
    breaker.permits = 7
    #expect(try change(of: faults).breaker == breaker)
  }

  @Test func `each of several clients starts from its own spec`() throws {
    let faults = try WordsFleet.faults("client web-2,reports session-cache pool.leaks=1")
    let expected = try ["web-2", "reports"].map { name in
      var change = CallChange()
      change.pool = try WordsFleet.call(name, "session-cache").pool
      change.pool?.leaks = 1
      return Fault.client(name, dependency: "session-cache", change)
    }
    #expect(faults == expected)
    #expect(try WordsFleet.call("web-2", "session-cache").pool != WordsFleet.call("reports", "session-cache").pool)
  }

  @Test func `all means all that call it`() throws {
    #expect(
      try WordsFleet.faults("client all session-cache drop-connections")
        == ["web", "web-2", "reports"].map { .dropConnections(client: $0, dependency: "session-cache") })
    #expect(
      try WordsFleet.faults("client all payments-api drop-connections")
        == [.dropConnections(client: "orders", dependency: "payments-api")])
    #expect(try WordsFleet.faults("client all session-cache rate=1").count == 3)
  }

  @Test func `a restart takes as long as the client's start-up, or as the words say`() throws {
    #expect(
      try WordsFleet.faults("client orders,reports restart")
        == [.restart(client: "orders", startUp: 0), .restart(client: "reports", startUp: 2.5)])
    #expect(
      try WordsFleet.faults("client all restart start-up=5")
        == WordsFleet.clients.map { .restart(client: $0.name, startUp: 5) })
  }

  private func change(of faults: [Fault]) throws -> CallChange {
    guard faults.count == 1, case .client(_, _, let change) = faults[0] else {
      throw FaultsAreOthers(faults: faults)
    }
    return change
  }

  private func groups(of change: CallChange) -> [String] {
    [
      change.rate.map { _ in "rate" }, change.largeEvery.map { _ in "large-every" },
      change.largeRequestBytes.map { _ in "large-request-bytes" }, change.pool.map { _ in "pool" },
      change.breaker.map { _ in "breaker" }, change.retry.map { _ in "retry" }, change.limits.map { _ in "limits" },
      change.names.map { _ in "names" },
    ].compactMap(\.self)
  }
}

private struct FaultsAreOthers: Error {
  let faults: [Fault]
}
