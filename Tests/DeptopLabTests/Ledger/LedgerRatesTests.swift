import DeptopLab
import Testing

@Suite struct LedgerRatesTests {
  private var tally = LedgerTally()

  // MARK: - Attempts

  @Test mutating func `attempts are counted by outcome, and lost ones are those that were cut off`() throws {
    let outcomes = ["ok", "error", "reset", "closed", "closed", "late", "refused", "unresolved", "read", "ok"]
    for (number, outcome) in outcomes.enumerated() {
      try attempt("web-2-\(number).1", at: 5, outcome)
      try request("web-2-\(number)", to: "search-api", at: 6)
    }
    #expect(
      tally.attempts(client: "web-2", dependency: "search-api", from: 5, to: 6)
        == ["ok": 2, "error": 1, "reset": 1, "closed": 2, "late": 1, "refused": 1, "unresolved": 1, "read": 1])
    #expect(tally.lostInFlight(client: "web-2", dependency: "search-api", from: 5, to: 6) == 3)
    #expect(tally.lostInFlight(client: nil, dependency: nil, from: 5, to: 6) == 3)
    #expect(tally.lostInFlight(client: "web", dependency: nil, from: 5, to: 6) == 0)
    #expect(tally.lostInFlight(client: "web-2", dependency: "session-cache", from: 5, to: 6) == 0)
    #expect(tally.lostInFlight(client: nil, dependency: nil, from: 6, to: 7) == 0)
    #expect(tally.lostInFlight(client: nil, dependency: nil, from: 0, to: 5) == 0)
  }

  @Test mutating func `an attempt counts for its dependency once its request has ended`() throws {
    try attempt("web-1.1", at: 5, "reset")
    try attempt("web-1.2", at: 7, "ok")
    #expect(tally.attempts(client: "web", dependency: nil, from: 0, to: 9) == ["reset": 1, "ok": 1])
    #expect(tally.attempts(client: "web", dependency: "search-api", from: 0, to: 9) == [:])
    try request("web-1", to: "search-api", at: 8)
    #expect(tally.attempts(client: "web", dependency: "search-api", from: 0, to: 9) == ["reset": 1, "ok": 1])
    #expect(tally.attempts(client: "web", dependency: "session-cache", from: 0, to: 9) == [:])
  }

  @Test mutating func `a late attempt counts although its request has ended`() throws {
    try request("web-1", to: "search-api", at: 5)
    try attempt("web-1.1", at: 8, "late")
    #expect(tally.attempts(client: "web", dependency: "search-api", from: 6, to: 9) == ["late": 1])
  }

  @Test mutating func `requests of several clients may have one number`() throws {
    for (client, dependency) in [("web", "search-api"), ("orders", "orders-db"), ("web-2", "session-cache")] {
      try attempt("\(client)-1.1", at: 5, client)
      try request("\(client)-1", to: dependency, at: 6)
    }
    #expect(tally.attempts(client: nil, dependency: "orders-db", from: 0, to: 9) == ["orders": 1])
    #expect(tally.attempts(client: nil, dependency: "session-cache", from: 0, to: 9) == ["web-2": 1])
    #expect(tally.attempts(client: "web", dependency: "orders-db", from: 0, to: 9) == [:])
    #expect(tally.attempts(client: nil, dependency: nil, from: 0, to: 9) == ["orders": 1, "web": 1, "web-2": 1])
  }

  // MARK: - Upstreams

  @Test mutating func `an upstream's work is counted at one address and at all`() throws {
    try served("search-api", ".31", at: 5, "ok")
    try served("search-api", ".32", at: 5, "abandoned")
    try served("search-api", ".32", at: 6, "ok")
    try served("orders-db", ".11", at: 5, "full")
    #expect(tally.served(upstream: "search-api", from: 5, to: 7) == ["ok": 2, "abandoned": 1])
    #expect(tally.served(upstream: "search-api", address: ".32", from: 5, to: 6) == ["abandoned": 1])
    #expect(tally.served(upstream: nil, from: 5, to: 6) == ["ok": 1, "abandoned": 1, "full": 1])
    #expect(tally.served(upstream: nil, address: ".11", from: 0, to: 9) == ["full": 1])
    #expect(tally.served(upstream: "orders-db", address: ".32", from: 0, to: 9) == [:])
  }

  @Test mutating func `only connections that open are new ones`() throws {
    for (time, isOpen) in [(10, true), (20, true), (20, false), (30, true), (40, false)] as [(Int64, Bool)] {
      try connection("search-api", ".31", at: time, isOpen)
    }
    try connection("orders-db", ".11", at: 20, true)
    #expect(tally.count(of: .connections(upstream: "search-api", address: nil), from: 10, to: 30) == 2)
    #expect(tally.count(of: .connections(upstream: "search-api", address: ".31"), from: 10, to: 31) == 3)
    #expect(tally.count(of: .connections(upstream: nil, address: nil), from: 20, to: 21) == 2)
    #expect(tally.count(of: .connections(upstream: nil, address: ".99"), from: 0, to: 99) == 0)
  }

  // MARK: - Rates

  @Test mutating func `a rate is for each second of its window`() throws {
    for time: Int64 in 0..<30 { try served("orders-db", ".11", at: time * 100_000, "ok") }
    let stream = LedgerTally.Stream.served(upstream: "orders-db", address: nil)
    #expect(tally.rate(of: stream, from: 0, to: 3_000_000) == 10)
    #expect(tally.rate(of: stream, from: 0, to: 6_000_000) == 5)
    #expect(tally.rate(of: stream, from: 500_000, to: 1_000_000) == 10)
    #expect(tally.rate(of: stream, from: 0, to: 0) == nil)
    #expect(tally.rate(of: stream, from: 1, to: 0) == nil)
    #expect(tally.rate(of: .served(upstream: "a", address: nil), from: 0, to: 1_000_000) == 0)
  }

  @Test mutating func `every kind of event has its own stream`() throws {
    try request("web-1", to: "search-api", at: 10)
    for number in 1...2 { try attempt("web-1.\(number)", at: 10, "ok") }
    for _ in 0..<3 { try served("search-api", ".31", at: 10, "ok") }
    for _ in 0..<4 { try connection("search-api", ".31", at: 10, true) }
    let streams: [LedgerTally.Stream] = [
      .requests(client: "web", dependency: "search-api"), .attempts(client: "web", dependency: "search-api"),
      .served(upstream: "search-api", address: ".31"), .connections(upstream: "search-api", address: ".31"),
    ]
    #expect(streams.map { tally.count(of: $0, from: 10, to: 11) } == [1, 2, 3, 4])
    #expect(streams.map { tally.count(of: $0, from: 11, to: 12) } == [0, 0, 0, 0])
    let others: [LedgerTally.Stream] = [
      .requests(client: "web", dependency: "a"), .attempts(client: "web", dependency: "a"),
      .served(upstream: "search-api", address: ".32"), .connections(upstream: "a", address: ".31"),
      .requests(client: "a", dependency: nil), .attempts(client: "a", dependency: nil),
    ]
    #expect(others.map { tally.count(of: $0, from: 10, to: 11) } == [0, 0, 0, 0, 0, 0])
  }

  @Test mutating func `the highest rate is found wherever it lies`() throws {
    for time: Int64 in [100_000, 1_900_000, 2_000_000, 2_050_000, 2_800_000, 2_900_000, 5_000_000] {
      try connection("a", time % 100_000 == 0 ? ".1" : ".2", at: time, true)
    }
    let stream = LedgerTally.Stream.connections(upstream: "a", address: nil)
    // 1.9 s up to, and without, 2.9 s.
    #expect(tally.highestRate(of: stream, over: 1, from: 0, to: 10_000_000) == 4)
    #expect(tally.highestRate(of: stream, over: 1.000001, from: 0, to: 10_000_000) == 5_000_000.0 / 1_000_001)
    #expect(tally.highestRate(of: stream, over: 0.1, from: 0, to: 10_000_000) == 20)
    #expect(tally.highestRate(of: stream, over: 2, from: 0, to: 10_000_000) == 2.5)
    #expect(tally.highestRate(of: stream, over: 1, from: 2_000_000, to: 3_000_000) == 4)
    #expect(tally.highestRate(of: stream, over: 1, from: 2_000_000, to: 3_000_001) == 4)
    #expect(tally.highestRate(of: stream, over: 1, from: 4_000_000, to: 5_000_000) == 0)
    #expect(
      tally.highestRate(of: .connections(upstream: nil, address: ".2"), over: 1, from: 0, to: 10_000_000) == 1)
  }

  @Test mutating func `the highest rate of lines at one moment is all of them`() throws {
    for _ in 0..<7 { try served("a", ".1", at: 500, "ok") }
    let stream = LedgerTally.Stream.served(upstream: nil, address: nil)
    #expect(tally.highestRate(of: stream, over: 0.000001, from: 0, to: 1_000) == 7_000_000)
    #expect(tally.highestRate(of: stream, over: 0.5, from: 0, to: 500_000) == 14)
  }

  @Test mutating func `a shorter window that does not fit, or is none, has no rate`() throws {
    try served("a", ".1", at: 500, "ok")
    let stream = LedgerTally.Stream.served(upstream: nil, address: nil)
    #expect(tally.highestRate(of: stream, over: 1, from: 0, to: 999_999) == nil)
    #expect(tally.highestRate(of: stream, over: 1, from: 0, to: 1_000_000) == 1)
    for seconds in [0, -1, .nan, .infinity, 1e-9] {
      #expect(tally.highestRate(of: stream, over: seconds, from: 0, to: 1_000_000) == nil)
    }
    #expect(LedgerTally().highestRate(of: stream, over: 1, from: .min, to: .max) == 0)
    try served("a", ".1", at: 2_000_000_000, "ok")
    #expect(tally.highestRate(of: stream, over: 1, from: 0, to: 1_500_000_000) == nil)
  }

  @Test mutating func `old lines of every kind are forgotten`() throws {
    try request("web-1", to: "search-api", at: 10)
    try attempt("web-1.1", at: 10, "ok")
    try served("a", ".1", at: 10, "ok")
    try connection("a", ".1", at: 10, true)
    #expect(tally.remembered == 4)
    try served("b", ".1", at: 2_000_000_000, "ok")
    #expect(tally.remembered == 1)
    try attempt("web-1.2", at: 2_000_000_000, "late")
    let from: Int64 = 1_100_000_000
    #expect(tally.served(upstream: nil, from: from, to: 3_000_000_000) == ["ok": 1])
    // What its request called is forgotten too.
    #expect(tally.attempts(client: "web", dependency: "search-api", from: from, to: 3_000_000_000) == [:])
    #expect(tally.attempts(client: "web", dependency: nil, from: from, to: 3_000_000_000) == ["late": 1])
    #expect(tally.count(of: .connections(upstream: nil, address: nil), from: 10, to: 11) == nil)
  }

  // MARK: - Lines

  private mutating func request(_ id: String, to dependency: String, at ended: Int64) throws(LedgerProblem) {
    try tally.add(
      .request(
        .init(id: id, dependency: dependency, began: 0, ended: ended, end: .success, attempts: 1, limit: "-")),
      of: "client")
  }

  private mutating func attempt(_ id: String, at ended: Int64, _ outcome: String) throws(LedgerProblem) {
    try tally.add(
      .attempt(.init(id: id, began: 0, ended: ended, localPort: 1, address: "-", outcome: outcome)), of: "client")
  }

  private mutating func served(
    _ upstream: String, _ address: String, at ended: Int64, _ outcome: String
  ) throws(LedgerProblem) {
    try tally.add(
      .served(.init(id: "web-1.1", address: address, received: 0, ended: ended, outcome: outcome)), of: upstream)
  }

  private mutating func connection(
    _ upstream: String, _ address: String, at time: Int64, _ isOpen: Bool
  ) throws(LedgerProblem) {
    try tally.add(.connection(at: time, address: address, peerPort: 40000, isOpen: isOpen), of: upstream)
  }
}
