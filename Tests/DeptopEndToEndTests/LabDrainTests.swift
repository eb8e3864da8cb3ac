import DeptopLab
import DeptopModel
import DeptopTestSupport
import DeptopWire
import Glibc
import Testing

/// Drains that meet trouble on the way.
@Suite(.lab, .serialized, .timeLimit(.minutes(3))) struct LabDrainTests {
  /// All stays well by itself; the pool of orders has ten connections, the others have four or more.
  private static let quiet = """
    scenario: quiet
    title: Nothing breaks by itself
    dependency: orders-db
    clients: [orders]
    calm_seconds: 600
    prepare: [client orders orders-db pool.minimum=10]
    steps: []
    broken: {caption: It broke., failures: 1}
    repair: {keys: [D], commands: [drain orders-db]}
    healed: {caption: It healed., failures: 0}
    """

  private static let drain = "--scope all --yes --reason drill"

  /// A lab in which all is well, once the pool of a client has so many connections.
  private func lab(_ dependency: String, of client: String, holding count: Int) async throws -> LabUnderTest {
    let lab = try await LabUnderTest.start(Self.quiet)
    try await waitUntil("\(client) holds \(count) connections to \(dependency)", within: .seconds(40)) {
      try await lab.held(dependency, by: client) >= count && lab.phase == .healthy
    }
    return lab
  }

  @Test func `a drain whose reconnects fail stops by itself, says why, and is not repeated`() async throws {
    let lab = try await lab("orders-db", of: "orders", holding: 10)
    let drain = try await lab.start("drain orders-db \(Self.drain)", writingTo: "drain")
    try await waitUntil("two were replaced") { lab.place.read("drain").contains("  2 of 10 replaced") }
    try await lab.fault("router refuse .11")

    #expect(try await drain.exitStatus() == 5)
    // Without the ends of its lines, which may be anywhere in a sentence.
    let output = lab.place.read("drain").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(output.contains("Drain of orders-db aborted after"), "\(output)")
    #expect(output.contains("stopped by itself after"), "\(output)")
    #expect(output.contains("new connections failed (10.90.0.11:5432: connection"), "\(output)")
    #expect(!output.contains(" 10 of 10 replaced"), "\(output)")
    #expect(try await lab.held("orders-db", by: "orders") > 5)
    let entries = try await lab.audit().filter { $0.dependency == "orders-db" }
    #expect(entries.last?.event == .finished)
    #expect(entries.last?.result.contains("stopped by itself") == true, "\(entries)")

    let again = try await lab.deptop("drain orders-db \(Self.drain)")
    #expect(again.status == 4 && again.output.contains("cooling down for another"), "\(again)")
    #expect(try await lab.audit().last?.event == .refused)
    try await lab.end()
  }

  @Test func `a collector that is killed in the middle of a drain closes nothing more, and says how far it got`()
    async throws
  {
    let lab = try await lab("orders-db", of: "orders", holding: 10)
    let drain = try await lab.start("drain orders-db \(Self.drain)", writingTo: "drain")
    try await waitUntil("two were replaced") { lab.place.read("drain").contains("  2 of 10 replaced") }
    let killed = try lab.collector()
    kill(killed, SIGKILL)
    #expect(try await drain.exitStatus() == 3)
    #expect(lab.place.read("drain").contains("deptop: the collector was lost while"), "\(lab.place.read("drain"))")

    try await waitUntil("the collector is back, and its clients too", within: .seconds(40)) {
      guard let pid = try? lab.collector(), pid != killed else { return false }
      return try await lab.holdsIfKnown("orders-db", by: "orders") == 10
    }
    let ports = try await lab.ports("orders-db", of: "orders")
    let entry = try #require(try await lab.audit().last { $0.dependency == "orders-db" })
    #expect(entry.event == .interrupted)
    let result = entry.result
    #expect(result.contains(#/interrupted after: \d+ of 10 done.*; nothing more is closed/#), "\(result)")
    // A step is written down when it begins: what it replaced since is begun, and not yet done.
    let extent = try #require(result.firstMatch(of: #/after: (\d+) of 10 done(?:, (\d+) more begun)?/#))
    let (done, begun) = (Int(extent.output.1) ?? -1, extent.output.2.flatMap { Int($0) } ?? 0)
    #expect((2...8).contains(done + begun), "\(result)")
    let text = try await lab.deptop("audit").output
    #expect(text.contains("interrupted  drain    orders-db  interrupted after: \(done) of 10"), "\(text)")

    // Two paces of the drain that was interrupted.
    let end = ContinuousClock.now + .seconds(3)
    try await waitUntil("three seconds have passed") { ContinuousClock.now >= end }
    #expect(try await lab.ports("orders-db", of: "orders") == ports)
    #expect(try await lab.audit().filter { $0.dependency == "orders-db" }.last?.event == .interrupted)
    try await lab.end()
  }

  @Test func `of two who drain the same dependency one is told who is at it`() async throws {
    let lab = try await lab("search-api", of: "web", holding: 4)
    let first = try await lab.start("drain search-api \(Self.drain)", writingTo: "first")
    let second = try await lab.start("drain search-api \(Self.drain)", writingTo: "second")
    let statuses = [try await first.exitStatus(), try await second.exitStatus()]
    #expect(statuses.sorted() == [0, 4])
    let (done, refused) = statuses[0] == 0 ? ("first", "second") : ("second", "first")
    #expect(lab.place.read(done).contains("DRAINED search-api in"), "\(lab.place.read(done))")
    let told = lab.place.read(refused)
    #expect(told.contains("root (uid 0) has been at it for"), "\(told)")
    #expect(told.contains("drain of search-api") && told.contains("is still running"), "\(told)")
    let events = try await lab.audit().filter { $0.dependency == "search-api" }.map(\.event)
    #expect(events.count { $0 == .started } == 1)
    #expect(events.count { $0 == .refused } == 1)
    #expect(events.last == .finished)
    try await lab.end()
  }

  @Test func `no drain is made where it cannot cure, and it is said what does`() async throws {
    let lab = try await LabUnderTest.start("slow-upstream")
    try await waitUntil("the upstream is slow", within: .seconds(90)) { lab.phase == .brewing }
    let slow = try await lab.refusal(of: "orders-db", "a drain does not make the upstream faster: shed load")
    #expect(slow.contains("drain refused by finding M"), "\(slow)")

    try await waitUntil("it is overloaded by itself", within: .seconds(60)) { lab.phase == .broken }
    let overload = try await lab.refusal(of: "orders-db", "refused by finding M14")
    #expect(overload.contains("it is the waiting work that must go"), "\(overload)")
    let shed = overload.firstMatch(of: #/shed load for at least (\d+) s/#).flatMap { Double($0.output.1) } ?? 0
    let finding = try await lab.deptop("findings").output
    let load = try #require(finding.firstMatch(of: #/\((\d+) waiting \/ (\d+) per s\)/#), "\(finding)").output
    let (waiting, capacity) = (Double(load.1) ?? 0, Double(load.2) ?? 0)
    #expect((40...90).contains(capacity), "4 workers at 48 ms are 83 a second at most: \(finding)")
    // The queue has grown or shrunk a little between the two answers.
    #expect(shed >= 0.7 * waiting / capacity && waiting > 100, "\(overload), \(finding)")
    #expect(try await lab.audit().allSatisfy { $0.event == .refused })
    try await lab.end()
  }
}

extension LabUnderTest {
  /// Waits until a drain is refused in certain words, and answers all of them.
  fileprivate func refusal(of dependency: String, _ words: String) async throws -> String {
    var refusal = ""
    try await waitUntil("a drain is refused: \(words)", within: .seconds(30)) {
      let drain = try await deptop("drain \(dependency) --scope all --dry-run")
      if drain.status == 4 { refusal = drain.output }
      return refusal.contains(words)
    }
    return refusal
  }

  /// The connections that a client says it holds.
  fileprivate func held(_ dependency: String, by client: String) async throws -> Int {
    try await ports(dependency, of: client).count
  }

  /// The same, and nil while the collector does not serve, or has not heard of the client.
  fileprivate func holdsIfKnown(_ dependency: String, by client: String) async throws -> Int? {
    let answer = try await Curl(files.controlSocket).get("\(API.dependencies)/\(dependency)")
    guard answer.status == 200 else { return nil }
    return try await held(dependency, by: client)
  }

  /// The local ports of the connections that a client says it holds; none of a client that is not known.
  fileprivate func ports(_ dependency: String, of client: String) async throws -> Set<UInt16> {
    let client = try await detail(of: dependency).clients.first { $0.client.name == client }
    return Set((client?.report.connections ?? []).map(\.local.port))
  }
}
