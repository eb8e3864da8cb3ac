import DeptopConnection
import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Testing

@testable import DeptopCollector

@Suite(.serialized, .timeLimit(.minutes(2)))
struct IngestTests {
  private static let good = #"{"dependencies":[{"name":"good","pool":{"active":2,"max":4},"totals":{"requests":1}}]}"#

  /// Sends a request as bytes, and answers everything that comes back until the server closes.
  private func send(_ request: String, to running: RunningCollector) throws -> String {
    let connection = try RawConnection(to: running.ingestPath)
    try connection.send(request)
    return try connection.readToEnd()
  }

  private func put(_ body: String, to path: String = "/v1/agents/a", _ headers: String = "") -> String {
    "PUT \(path) HTTP/1.1\r\nhost: d\r\nconnection: close\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// What the screen shows of the reporter that does nothing wrong.
  private func goodRow(_ running: RunningCollector) async throws -> Dependency? {
    try await running.connection.get(API.snapshot, as: Snapshot.self).dependencies.first { $0.id == "good" }
  }

  @Test func `a report is on the screen, and what of it is wrong is told`() async throws {
    try await RunningCollector.run { running in
      let answer = try send(
        put(#"{"dependencies":[{"name":"good","pool":{"active":2}},{"name":"bad","pool":{"active":-2}}]}"#), to: running
      )
      #expect(answer.hasPrefix("HTTP/1.1 200"))
      #expect(answer.contains(#""accepted":1"#) && answer.contains("pool.active is -2"))
      try await waitUntil("it is on the screen") { try await goodRow(running)?.pools.first?.value.active == 2 }
    }
  }

  private static let hostile: [(String, String, Int)] = [
    ("not JSON", "\u{0}\u{1}\u{2}", 400),
    ("NaN", #"{"dependencies":[{"name":"x","breaker":{"state":"open","failureRatio":NaN}}]}"#, 400),
    ("a number beyond all bounds", #"{"dependencies":[{"name":"x","oldestWaitingSeconds":1e999}]}"#, 400),
    ("a time beyond all bounds", #"{"dependencies":[{"name":"x","oldestWaitingSeconds":1e300}]}"#, 400),
    ("a count beyond 64 bits", #"{"dependencies":[{"name":"x","totals":{"requests":99999999999999999999}}]}"#, 400),
    ("a negative count", #"{"dependencies":[{"name":"x","totals":{"requests":-1}}]}"#, 400),
    ("an unknown state", #"{"dependencies":[{"name":"x","breaker":{"state":"ajar"}}]}"#, 400),
    ("deep nesting", String(repeating: "[", count: 100_000), 400),
    (
      "bounds that do not ascend",
      #"{"dependencies":[{"name":"x","responseTime":{"buckets":{"boundsSeconds":[2,1],"counts":[1,1,1]}}}]}"#, 400
    ),
    (
      "counts that overflow",
      #"{"dependencies":[{"name":"x","responseTime":{"exponential":{"buckets":[[0,18446744073709551615],[1,1]]}}}]}"#,
      400
    ),
  ]

  @Test(arguments: hostile)
  func `what no report can be is refused, and the others go on`(what: String, body: String, status: Int) async throws {
    try await RunningCollector.run { running in
      _ = try send(put(Self.good, to: "/v1/agents/good"), to: running)
      let answer = try send(put(body), to: running)
      #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(what): \(answer.prefix(400))")
      #expect(answer.utf8.count < 4000, "the answer does not repeat what was sent")
      try await waitUntil("the good one is there") { try await goodRow(running)?.pools.first?.value.active == 2 }
    }
  }

  @Test func `names without end, wrong lengths and half requests cost only their sender`() async throws {
    try await RunningCollector.run { running in
      let long = String(repeating: "n", count: 100_000)
      let refused = try send(put(#"{"dependencies":[{"name":"\#(long)"}]}"#), to: running)
      #expect(refused.contains("100000 bytes, and at most 253"))
      let half = try RawConnection(to: running.ingestPath)
      try half.send("PUT /v1/agents/half HTTP/1.1\r\nhost: d\r\ncontent-length: 1000\r\n\r\n{\"depend")
      let tooLong = try send(
        "PUT /v1/agents/b HTTP/1.1\r\nhost: d\r\nconnection: close\r\ncontent-length: 9999999999\r\n\r\n{}", to: running
      )
      #expect(tooLong.hasPrefix("HTTP/1.1 413"), "\(tooLong.prefix(300))")
      let answer = try send(put(Self.good, to: "/v1/agents/good"), to: running)
      #expect(answer.hasPrefix("HTTP/1.1 200"))
      #expect(try half.readToEnd().contains("did not arrive within 10 s"))
    }
  }

  @Test func `a million series are read up to the bound, and a user who sends too much is told when to come back`()
    async throws
  {
    try await RunningCollector.run { running in
      let many = (0...ReportCheck.dependencies).map { #"{"name":"d\#($0)"}"# }.joined(separator: ",")
      let refused = try send(put(#"{"dependencies":[\#(many)]}"#), to: running)
      #expect(refused.hasPrefix("HTTP/1.1 429") && refused.contains("at most 20000"), "\(refused.prefix(300))")
      let padding = String(repeating: " ", count: IngestQuota.largestBody - 200)
      var answers: [String] = []
      for number in 0..<12 {
        answers.append(try send(put(padding + Self.good, to: "/v1/agents/p\(number)"), to: running))
      }
      let last = try #require(answers.first { $0.hasPrefix("HTTP/1.1 429") }, "the quota of bytes is not reached")
      #expect(last.contains("uid 0 hands in too much: try again in"))
    }
  }

  @Test func `a command stream brings commands and signs of life, and needs a report first`() async throws {
    try await RunningCollector.run { running in
      let early = try send("GET /v1/agents/a/commands HTTP/1.1\r\nhost: d\r\nconnection: close\r\n\r\n", to: running)
      #expect(early.hasPrefix("HTTP/1.1 404") && early.contains("PUT a report first"))
      _ = try send(
        put(#"{"dependencies":[{"name":"a","verbs":["breaker"],"breaker":{"state":"closed"}}]}"#), to: running)
      let stream = try RawConnection(to: running.ingestPath)
      try stream.get("/v1/agents/a/commands")
      try await waitUntil("the breaker can be set") {
        try await running.connection.get(API.snapshot, as: Snapshot.self).dependencies.first?.actions
          .contains { $0.verb == .breaker && $0.unavailable == nil } == true
      }
      let request = PlanRequest(verb: .breaker, dependency: "a", scope: .all, breaker: .forcedOpen)
      let plan = try await running.connection.post(API.plans, request, as: Plan.self)
      #expect(plan.clients.map(\.name) == ["a"] && plan.confirmation == .typeName)
      let execute = ExecuteRequest(plan: plan.id, idempotencyKey: "k", reason: "test")
      let action = try await running.connection.post(API.actions, execute, as: ActionStatus.self)
      var seen = ""
      while !seen.contains("forced-open") { seen += String(decoding: try stream.read(), as: UTF8.self) }
      let number = try #require(seen.firstMatch(of: /"number":(\d+)/)).1
      let done = #"{"state":"done"}"#
      let result =
        "POST /v1/agents/a/commands/\(number) HTTP/1.1\r\nhost: d\r\nconnection: close\r\n"
        + "content-length: \(done.utf8.count)\r\n\r\n\(done)"
      #expect(try send(result, to: running).hasPrefix("HTTP/1.1 204"))
      #expect(try send(result, to: running).hasPrefix("HTTP/1.1 409"), "a command ends once")
      _ = try send(
        put(#"{"dependencies":[{"name":"a","verbs":["breaker"],"breaker":{"state":"forced-open"}}]}"#), to: running)
      try await waitUntil("the action is healed") {
        try await running.connection.get("\(API.actions)/\(action.id)", as: ActionStatus.self).verdict?.outcome
          == .healed
      }
    }
  }

  @Test(arguments: [
    ("text/plain", "", 400), ("application/x-protobuf", "content-encoding: br\r\n", 400),
    ("application/x-protobuf", "content-encoding: gzip\r\n", 400), ("application/json", "", 400),
  ])
  func `an OTLP request that cannot be read is refused`(type: String, headers: String, status: Int) async throws {
    try await RunningCollector.run { running in
      let body = "\u{ff}\u{fe}no metrics"
      let request =
        "POST /v1/metrics HTTP/1.1\r\nhost: d\r\nconnection: close\r\ncontent-type: \(type)\r\n\(headers)"
        + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
      let answer = try send(request, to: running)
      #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer.prefix(300))")
    }
  }

  @Test func `OTLP in JSON becomes a row, and what no mapping knows is counted`() async throws {
    try await RunningCollector.run { running in
      let body = #"""
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
        "scopeMetrics":[{"metrics":[
        {"name":"db.client.connection.count","unit":"{connection}","sum":{"aggregationTemporality":2,"dataPoints":[
        {"asInt":"3","timeUnixNano":"1000","attributes":[
        {"key":"db.client.connection.state","value":{"stringValue":"used"}},
        {"key":"db.client.connection.pool.name","value":{"stringValue":"main"}}]}]}},
        {"name":"shop.baskets","unit":"1","gauge":{"dataPoints":[{"asDouble":5,"timeUnixNano":"1000"}]}}]}]}]}
        """#
      let request =
        "POST /v1/metrics HTTP/1.1\r\nhost: d\r\nconnection: close\r\ncontent-type: application/json\r\n"
        + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
      let answer = try send(request, to: running)
      #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
      try await waitUntil("the pool is a row") {
        let snapshot = try await running.connection.get(API.snapshot, as: Snapshot.self)
        return snapshot.dependencies.first { $0.id == "main" }?.pools.first?.value.active == 3
          && snapshot.sources.contains { source in source.remarks.contains { $0.contains("shop.baskets") } }
      }
    }
  }
}
