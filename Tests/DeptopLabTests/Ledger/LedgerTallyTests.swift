import DeptopLab
import Testing

@Suite struct LedgerTallyTests {
  private var tally = LedgerTally()

  @Test mutating func `requests are counted by their ends, of each client and dependency`() throws {
    for (index, end) in LedgerLine.End.allCases.enumerated() {
      for number in 0...index { try request("web-\(index)\(number)", at: 100, end) }
    }
    try request("orders-1", to: "orders-db", at: 100, .failure)
    let counts = try #require(tally.counts(client: "web", dependency: "search-api", from: 0, to: 101))
    for (index, end) in LedgerLine.End.allCases.enumerated() { #expect(counts[end] == index + 1) }
    #expect(counts.total == 36)
    #expect(counts.succeeded == 3)
    #expect(counts.failed == 33)
    #expect(counts.failureShare == 33.0 / 36)
    #expect(tally.counts(client: nil, dependency: nil, from: 0, to: 101)?.total == 37)
    #expect(tally.counts(client: "orders", dependency: nil, from: 0, to: 101)?[.failure] == 1)
    #expect(tally.counts(client: nil, dependency: "orders-db", from: 0, to: 101)?.total == 1)
    #expect(tally.counts(client: "orders", dependency: "search-api", from: 0, to: 101) == EndCounts())
    #expect(tally.counts(client: "nobody", dependency: nil, from: 0, to: 101)?.total == 0)
  }

  @Test mutating func `a client's name may have hyphens and digits`() throws {
    try request("web-17", at: 1)
    try request("web-2-17", at: 1)
    try request("web-2-18", at: 1)
    #expect(total("web", 0, 9) == 1)
    #expect(total("web-2", 0, 9) == 2)
    #expect(total("web-2-17", 0, 9) == 0)
  }

  @Test mutating func `a request belongs to the window in which it ended`() throws {
    try request("web-1", at: 1_000, began: 10)
    #expect(total("web", 1_000, 1_001) == 1)
    #expect(total("web", 999, 1_000) == 0)
    #expect(total("web", 1_001, 2_000) == 0)
    #expect(total("web", 0, 999) == 0)
    #expect(total("web", 1_000, 1_000) == 0)
  }

  @Test mutating func `a window that ends before it begins has no answer`() throws {
    try request("web-1", at: 1_000)
    #expect(total("web", 1_001, 1_000) == nil)
    #expect(tally.attempts(client: nil, dependency: nil, from: 2, to: 1) == nil)
    #expect(tally.served(upstream: nil, from: 2, to: 1) == nil)
  }

  @Test mutating func `lines may come in another order than they happened`() throws {
    for time: Int64 in [50, 10, 40, 30, 20, 30] { try request("web-\(time)", at: time) }
    #expect(total("web", 10, 51) == 6)
    #expect(total("web", 20, 40) == 3)
    #expect(total("web", 30, 31) == 2)
    #expect(total("web", 41, 50) == 0)
  }

  @Test mutating func `failures are counted by the limit that ended them`() throws {
    for (number, limit) in ["read", "read", "deadline", "pool-acquire", "dns", "connect"].enumerated() {
      try request("web-\(number)", at: 5, .timeout, limit: limit)
    }
    try request("web-9", at: 5, .failure)
    try request("web-10", at: 6, .timeout, limit: "read")
    let counts = try #require(tally.counts(client: "web", dependency: nil, from: 0, to: 6))
    #expect(counts.byLimit == ["read": 2, "deadline": 1, "pool-acquire": 1, "dns": 1, "connect": 1])
    #expect(counts[.timeout] == 6)
    #expect(counts.byEnd == [.timeout: 6, .failure: 1])
  }

  @Test mutating func `sent attempts are added up`() throws {
    try request("web-1", at: 5, .successAfterRetry, attempts: 3)
    try request("web-2", at: 5, .rejected, attempts: 0)
    try request("web-3", at: 5, attempts: 1)
    #expect(tally.counts(client: nil, dependency: nil, from: 5, to: 6)?.attempts == 4)
  }

  @Test func `nothing has no share and no time`() throws {
    let counts = try #require(tally.counts(client: nil, dependency: nil, from: 0, to: 10))
    #expect(counts.failureShare == nil)
    #expect(counts.total == 0)
    let times = try #require(tally.successTimes(client: nil, dependency: nil, from: 0, to: 10))
    #expect(times.count == 0)
    #expect(times.mean == nil)
    #expect(times.percentile(0.5) == nil)
  }

  // MARK: - Times

  @Test mutating func `only successes have times, of the window that is asked for`() throws {
    let took: [Int64] = [10_000, 40_000, 20_000, 30_000]
    for (number, time) in took.enumerated() {
      try request("web-\(number)", at: 1_000_000, number == 1 ? .successAfterRetry : .success, began: 1_000_000 - time)
    }
    try request("web-5", at: 1_000_000, .failure, began: 0)
    try request("web-6", at: 1_000_001, began: 0)
    let times = try #require(tally.successTimes(client: "web", dependency: "search-api", from: 0, to: 1_000_001))
    #expect(times.count == 4)
    #expect(times.mean == 0.025)
    #expect(times.percentile(0) == 0.01)
    #expect(times.percentile(0.25) == 0.01)
    #expect(times.percentile(0.251) == 0.02)
    #expect(times.percentile(0.5) == 0.02)
    #expect(times.percentile(0.75) == 0.03)
    #expect(times.percentile(0.99) == 0.04)
    #expect(times.percentile(1) == 0.04)
    for share in [-0.1, 1.1, .nan, .infinity] { #expect(times.percentile(share) == nil) }
    #expect(tally.successTimes(client: "orders", dependency: nil, from: 0, to: 1_000_001)?.count == 0)
  }

  // MARK: - Health

  @Test mutating func `healthy is enough requests and few enough failures`() throws {
    for number: Int64 in 0..<10 {
      try request("web-\(number)", at: 1_000_000 + number * 100_000, number < 2 ? .timeout : .success)
    }
    #expect(isHealthy(over: 1, at: 2_000_000, requests: 10, failures: 0.2) == true)
    #expect(isHealthy(over: 1, at: 2_000_000, requests: 11, failures: 0.2) == false)
    #expect(isHealthy(over: 1, at: 2_000_000, requests: 10, failures: 0.19) == false)
    // The failures are at 1.0 and 1.1 s.
    #expect(isHealthy(over: 0.9, at: 2_000_000, requests: 9, failures: 0.12) == true)
    #expect(isHealthy(over: 0.8, at: 2_000_000, requests: 8, failures: 0) == true)
    #expect(isHealthy(over: 0.8, at: 1_900_000, requests: 8, failures: 0) == false)
    #expect(isHealthy(over: 0.8, at: 2_000_000, requests: 9, failures: 0) == false)
  }

  @Test mutating func `nothing is not healthy, and what is forgotten is not known`() throws {
    #expect(isHealthy(over: 1, at: 2_000_000, requests: 0, failures: 1) == false)
    try request("orders-1", to: "orders-db", at: 1_500_000)
    #expect(isHealthy(over: 1, at: 2_000_000, requests: 1, failures: 1) == false)
    try request("web-1", at: 2_000_000_000)
    #expect(isHealthy(over: 1, at: 1_100_000_000, requests: 0, failures: 1) == nil)
    #expect(isHealthy(over: 1, at: 1_101_000_000, requests: 0, failures: 1) == false)
    for seconds in [-1, .nan, .infinity, 901] {
      #expect(isHealthy(over: seconds, at: 2_000_000_001, requests: 0, failures: 1) == nil)
    }
    #expect(isHealthy(over: 899, at: 2_000_000_001, requests: 1, failures: 0) == true)
  }

  private func isHealthy(over seconds: Double, at now: Int64, requests: Int, failures: Double) -> Bool? {
    tally.isHealthy(
      client: "web", dependency: "search-api", over: seconds, at: now, requests: requests, failures: failures)
  }

  // MARK: - Memory

  @Test mutating func `15 minutes are kept, and before them nothing is known`() throws {
    try request("web-1", at: 1_000_000)
    try request("web-2", at: 901_000_000)
    #expect(tally.newest == 901_000_000)
    #expect(total("web", 1_000_000, 901_000_001) == 2)
    #expect(total("web", 999_999, 901_000_001) == nil)
    try request("web-3", at: 901_000_001)
    #expect(total("web", 1_000_000, 901_000_002) == nil)
    #expect(total("web", 1_000_001, 901_000_002) == 2)
    #expect(tally.successTimes(client: nil, dependency: nil, from: 1_000_000, to: 2_000_000) == nil)
    #expect(tally.attempts(client: nil, dependency: nil, from: 1_000_000, to: 2_000_000) == nil)
    #expect(tally.lostInFlight(client: nil, dependency: nil, from: 1_000_000, to: 2_000_000) == nil)
    #expect(tally.served(upstream: nil, from: 1_000_000, to: 2_000_000) == nil)
    #expect(tally.count(of: .served(upstream: nil, address: nil), from: 1_000_000, to: 2_000_000) == nil)
  }

  @Test mutating func `a line that is too old changes nothing`() throws {
    try request("web-1", at: 2_000_000_000)
    try request("web-2", at: 1_099_999_999)
    try request("web-3", at: 1_100_000_000)
    #expect(total("web", 1_100_000_000, 2_000_000_001) == 2)
    #expect(tally.newest == 2_000_000_000)
    #expect(tally.remembered == 2)
    try request("web-4", at: 1_500_000_000)
    #expect(tally.newest == 2_000_000_000)
    #expect(total("web", 1_100_000_000, 2_000_000_001) == 3)
  }

  @Test mutating func `what is remembered stays right while old lines are forgotten`() throws {
    // 40 minutes, ten requests a second in turn of two clients, every fifth of them failing.
    for step: Int64 in 0..<24_000 {
      let name = step % 2 == 0 ? "web" : "orders"
      try request("\(name)-\(step)", at: step * 100_000, step % 5 == 0 ? .failure : .success)
      try attempt("\(name)-\(step).1", at: step * 100_000, step % 5 == 0 ? "reset" : "ok")
    }
    let newest: Int64 = 23_999 * 100_000
    let from = newest - LedgerTally.span
    #expect(total(nil, from, newest + 1) == 9001)
    #expect(total(nil, from - 1, newest + 1) == nil)
    #expect(total("web", newest - 10_000_000, newest) == 50)
    #expect(tally.counts(client: nil, dependency: nil, from: newest - 100_000_000, to: newest)?.failed == 200)
    #expect(
      tally.attempts(client: "orders", dependency: "search-api", from: newest - 100_000_000, to: newest)
        == ["ok": 400, "reset": 100])
    #expect(tally.lostInFlight(client: nil, dependency: nil, from: from, to: newest + 1) == 1800)
    // Twice ten lines a second.
    #expect((18_000...18_202).contains(tally.remembered))
  }

  // MARK: - Lines that make no sense

  @Test(arguments: ["web", "web-", "-17", "17", "", "web-x", "web-1x", "web-+1", "web-١", "web-99999999999999999999"])
  mutating func `a request's id has a client and a number`(id: String) throws {
    let problem = "the ledger of web: \"\(id)\" is no id of the lab"
    #expect(self.problem(.request(Self.line(id, to: "a", at: 5))) == problem)
    #expect(total(nil, 0, 10) == 0)
    #expect(tally.newest == nil)
  }

  @Test(arguments: ["web-1", "web-1.", "web-1.x", "web.1", ".1", "web-.1", "web-1.-1"])
  mutating func `an attempt's id has a number of its own too`(id: String) throws {
    let line = LedgerLine.attempt(
      .init(id: id, began: 1, ended: 2, localPort: 0, address: "-", outcome: "ok"))
    #expect(problem(line) == "the ledger of web: \"\(id)\" is no id of the lab")
    #expect(tally.attempts(client: nil, dependency: nil, from: 0, to: 10) == [:])
  }

  @Test mutating func `nothing ends before it begins`() {
    let lines: [LedgerLine] = [
      .request(Self.line("web-1", to: "a", at: 5, began: 6)),
      .attempt(.init(id: "web-1.1", began: 6, ended: 5, localPort: 0, address: "-", outcome: "ok")),
      .served(.init(id: "web-1.1", address: "10.90.0.11", received: 6, ended: 5, outcome: "ok")),
      .request(Self.line("web-1", to: "a", at: 5, began: -1)),
      .connection(at: -1, address: "10.90.0.11", peerPort: 1, isOpen: true),
    ]
    for line in lines {
      let text = line.text.split(separator: "\t").joined(separator: " ")
      #expect(problem(line) == "the ledger of web: \"\(text)\" ends before it begins")
    }
    #expect(tally.newest == nil)
  }

  @Test mutating func `an upstream takes whatever id it is sent`() throws {
    try tally.add(
      .served(.init(id: "curl", address: "10.90.0.11", received: 5, ended: 5, outcome: "ok")), of: "orders-db")
    #expect(tally.served(upstream: "orders-db", from: 5, to: 6) == ["ok": 1])
  }

  // MARK: - Lines

  private mutating func problem(_ line: LedgerLine) -> String? {
    do throws(LedgerProblem) {
      try tally.add(line, of: "web")
      return nil
    } catch {
      return error.description
    }
  }

  private func total(_ client: String?, _ from: Int64, _ to: Int64) -> Int? {
    tally.counts(client: client, dependency: nil, from: from, to: to)?.total
  }

  private mutating func request(
    _ id: String, to dependency: String = "search-api", at ended: Int64, _ end: LedgerLine.End = .success,
    began: Int64? = nil, attempts: Int = 1, limit: String = "-"
  ) throws(LedgerProblem) {
    var line = Self.line(id, to: dependency, at: ended, began: began)
    line.end = end
    line.attempts = attempts
    line.limit = limit
    try tally.add(.request(line), of: "web")
  }

  private static func line(
    _ id: String, to dependency: String, at ended: Int64, began: Int64? = nil
  ) -> LedgerLine.RequestLine {
    LedgerLine.RequestLine(
      id: id, dependency: dependency, began: began ?? ended, ended: ended, end: .success, attempts: 1, limit: "-")
  }

  private mutating func attempt(_ id: String, at ended: Int64, _ outcome: String) throws(LedgerProblem) {
    try tally.add(
      .attempt(.init(id: id, began: 0, ended: ended, localPort: 1, address: "10.90.0.31", outcome: outcome)), of: "web")
  }
}
