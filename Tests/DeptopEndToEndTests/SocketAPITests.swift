import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.serialized, .servers("postgres", "initdb", "pgbouncer", "psql", "dnsmasq", "curl"), .timeLimit(.minutes(2)))
struct SocketAPITests {
  @Test func `snapshot, stream and detail have the keys and types that were recorded`() async throws {
    let lab = try await PgBouncerLab.start(keeping: 2)
    let client = try await lab.fill(2)
    let daemon = try await DaemonUnderTest.start(lab.configuration(), in: .init(hasHelper: false))
    try await daemon.waitUntilMatched(2)
    try await waitUntil("everything has been read once") {
      let snapshot = try await daemon.snapshot()
      let orders = snapshot.dependencies.first { $0.id == "orders-db" }
      return snapshot.collector.tickDuration != nil && snapshot.namespaces.first?.lastMinute != nil
        && orders?.requests != nil && orders?.connect != nil && orders?.path?.check?.firstByte != nil
    }
    let curl = Curl(daemon.socketPath)
    try await RecordedText("snapshot.txt").check { try JSONShape(try await curl.get("/v1/snapshot").body).text }
    try await RecordedText("dependency.txt").check {
      try JSONShape(try await curl.get("/v1/dependencies/orders-db").body).text
    }
    try await RecordedText("stream-full.txt").check {
      let lines = try await curl.lines("/v1/stream?dependency=orders-db", count: 1)
      return try JSONShape(lines[0]).without(["snapshot."]).text
    }
    try await RecordedText("stream-delta.txt").check {
      let lines = try await curl.lines("/v1/stream?dependency=orders-db", count: 2)
      return try JSONShape(lines[1]).without(["delta.upserted[]", "delta.sources", "delta.namespaces"]).text
    }
    try await client.stop()
    try await lab.stop()
  }

  @Test func `a stream starts with the whole snapshot, and each line continues the one before`() async throws {
    let daemon = try await DaemonUnderTest.start("tick_interval_seconds: 0.2\n")
    let output = try TemporaryDirectory()
    let watch = try await ProductCommand.start(
      ["watch", "--socket", daemon.socketPath], writingTo: "watch", in: output)
    let lines = try await Curl(daemon.socketPath).lines("/v1/stream", count: 6)
    #expect(lines[0].contains("\"type\":\"full\"") && lines[0].contains("\"apiVersion\":1"))
    let bases = lines.dropFirst().map { $0.number(of: "base") }
    let sequences = lines.map { $0.number(of: "sequence") }
    #expect(lines.dropFirst().allSatisfy { $0.contains("\"type\":\"delta\"") })
    #expect(bases == sequences.dropLast(), "\(lines)")
    #expect(zip(sequences, sequences.dropFirst()).allSatisfy { ($0 ?? 0) < ($1 ?? 0) })
    try await waitUntil("deptop watch prints the same kind of lines") {
      output.read("watch").contains("\"type\":\"delta\"")
    }
    #expect(output.read("watch").hasPrefix("{"))
    try await watch.stop()
  }

  @Test func `every answer carries the version, and what is wrong is answered with the reason`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let curl = Curl(daemon.socketPath)
    for path in [
      "/healthz", "/v1/snapshot", "/v1/dependencies", "/v1/findings", "/v1/sources", "/v1/actions", "/v1/audit",
    ] {
      let answer = try await curl.get(path)
      #expect(answer.status == 200 && answer.isVersionedJSON, "\(path): \(answer)")
    }
    let wrong: [(path: String, status: Int, reason: String)] = [
      ("/v1/nothing", 404, "nothing"),
      ("/v1/dependencies/none", 404, "there is no dependency none"),
      ("/v1/plans/p-none", 404, "there is no plan p-none"),
      ("/v1/actions/a-none", 404, "there is no action a-none"),
      ("/v1/actions/a-none/stream", 404, "there is no action a-none"),
      ("/v1/audit?limit=0", 400, "limit=0: expected a number from 1 to 10000"),
      ("/v1/stream?interval_seconds=soon", 400, "interval_seconds=soon: expected a number from 0 to 3600"),
    ]
    for (path, status, reason) in wrong {
      let answer = try await curl.get(path)
      #expect(answer.status == status && answer.body.contains(reason) && answer.isVersionedJSON, "\(path): \(answer)")
    }
    let tooLong = String(repeating: "x", count: 70_000)
    for body in ["", "{", "[]", #"{"verb":"explode","dependency":"x","scope":"all"}"#, tooLong] {
      let answer = try await curl.post("/v1/plans", body)
      #expect(answer.status == 400 && answer.body.contains("\"code\":\"invalid\""), "\(answer)")
    }
    #expect(try await curl.get("/healthz").status == 200)
  }
}

extension Curl.Answer {
  fileprivate var isVersionedJSON: Bool {
    let lines = headers.map { $0.lowercased() }
    return lines.contains("deptop-api-version: 1") && lines.contains("content-type: application/json")
  }
}

extension String {
  /// The first number behind a key of a JSON text.
  fileprivate func number(of key: String) -> Int? {
    guard let place = firstRange(of: "\"\(key)\":") else { return nil }
    return Int(self[place.upperBound...].prefix { $0.isNumber })
  }
}
