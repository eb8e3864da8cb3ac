import DeptopConfiguration
import DeptopConnection
import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import ServiceLifecycle
import Testing

@testable import DeptopCollector

/// A body that is whatever a test wants.
private struct Anything: Encodable {
  var fields: [String: String]

  func encode(to encoder: any Encoder) throws { try fields.encode(to: encoder) }
}

@Suite(.timeLimit(.minutes(1)))
struct RoutesTests {
  @Test func `everything that is read is answered as JSON with the version`() async throws {
    try await RunningCollector.run(.quick([DependencySettings(name: "orders", host: "10.0.0.1", port: 5432)])) {
      running in
      let snapshot = try await running.connection.get(API.snapshot, as: Snapshot.self)
      #expect(snapshot.dependencies.contains { $0.id == "orders" })
      #expect(snapshot.collector.tickInterval == .milliseconds(100))
      let dependencies = try await running.connection.get(API.dependencies, as: [Dependency].self)
      #expect(dependencies.map(\.id) == dependencies.map(\.id).sorted())
      #expect(try await running.connection.get(API.findings, as: [Finding].self).isEmpty)
      try await waitUntil("the kernel's table is read") {
        let sources = try await running.connection.get(API.sources, as: [SourceStatus].self)
        return sources.map(\.id) == ["kernel", "names"] && sources.first?.state == .ok
      }
      #expect(try await running.connection.get(API.actions, as: [ActionStatus].self).isEmpty)
      #expect(try await running.connection.get(API.audit, as: [AuditEntry].self).isEmpty)
      let raw = try RawConnection(to: running.socketPath)
      try raw.send("GET /healthz HTTP/1.1\r\nhost: d\r\nconnection: close\r\n\r\n")
      let answer = try raw.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(answer.lowercased().contains("content-type: application/json\r\n"))
      #expect(answer.lowercased().contains("\(API.versionHeader): \(API.version)\r\n"))
    }
  }

  @Test func `a dependency's detail is found by its name, however it is spelled`() async throws {
    let listener = try LoopbackListener(try #require(IPAddress("::1")))
    try listener.fill()
    try await RunningCollector.run { running in
      let path = "\(API.dependencies)/\(PercentEncoding.encode(listener.address.description))"
      try await waitUntil("the connection is seen") {
        try await running.connection.get(API.dependencies, as: [Dependency].self)
          .contains { $0.id.rawValue == listener.address.description }
      }
      let detail = try await running.connection.get(path, as: DependencyDetail.self)
      #expect(detail.connections.map(\.remote) == [listener.address])
    }
  }

  @Test(arguments: [
    ("\(API.dependencies)/nobody", Refusal.Code.notFound), ("\(API.dependencies)/%ff", .invalid),
    ("\(API.actions)/a-none", .notFound), ("\(API.actions)/a-none/stream", .notFound),
    ("\(API.plans)/p-none", .notFound), ("\(API.audit)?limit=0", .invalid), ("\(API.audit)?limit=many", .invalid),
    ("\(API.audit)?limit=10001", .invalid), ("\(API.stream)?interval_seconds=soon", .invalid),
    ("\(API.stream)?interval_seconds=-1", .invalid), ("\(API.stream)?interval_seconds=nan", .invalid),
    ("\(API.stream)?interval_seconds=3601", .invalid),
  ])
  func `what does not exist or makes no sense is refused with the reason`(
    path: String, code: Refusal.Code
  ) async throws {
    try await RunningCollector.run { running in
      let refusal = try await running.refusal { connection throws(CollectorError) in
        try await connection.lines(path) { _ in }
      }
      #expect(refusal?.code == code && refusal?.message.isEmpty == false)
    }
  }

  @Test(arguments: [
    ["verb": "explode", "dependency": "orders", "scope": "all"], ["dependency": "orders"], [:],
    ["verb": "drain", "dependency": String(repeating: "x", count: 2000), "scope": "all"],
    ["verb": "drain", "dependency": "orders", "scope": "all", "reason": String(repeating: "x", count: 70_000)],
  ])
  func `a body that is no request is refused`(fields: [String: String]) async throws {
    try await RunningCollector.run { running in
      let refusal = try await running.refusal { connection throws(CollectorError) in
        _ = try await connection.post(API.plans, Anything(fields: fields), as: Plan.self)
      }
      #expect(refusal?.code == .invalid)
      #expect(try await running.connection.get(API.audit, as: [AuditEntry].self).isEmpty)
    }
  }

  @Test func `what is not JSON at all, and a path that is none, get an answer and cost nothing else`() async throws {
    try await RunningCollector.run { running in
      for (request, status) in [
        ("POST /v1/plans HTTP/1.1\r\nhost: d\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello", "400"),
        ("GET /v2/nothing HTTP/1.1\r\nhost: d\r\nconnection: close\r\n\r\n", "404"),
        ("PUT /v1/snapshot HTTP/1.1\r\nhost: d\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", "404"),
        ("BREW / HTTP/1.1\r\nhost: d\r\nconnection: close\r\n\r\n", "400"), ("complete nonsense\r\n\r\n", "400"),
      ] {
        let raw = try RawConnection(to: running.socketPath)
        try raw.send(request)
        #expect(try raw.readToEnd().hasPrefix("HTTP/1.1 \(status)"), "\(request)")
      }
      #expect(try await running.connection.get(API.health, as: Health.self).status == "ok")
    }
  }

  @Test func `a plan where nothing can act is refused, and that is recorded`() async throws {
    try await RunningCollector.run(.quick([DependencySettings(name: "orders", host: "10.0.0.1", port: 5432)])) {
      running in
      for (dependency, code) in [("orders", Refusal.Code.refused), ("nobody", .notFound)] {
        let request = PlanRequest(verb: .drain, dependency: DependencyID(rawValue: dependency), reason: "test")
        let refusal = try await running.refusal { connection throws(CollectorError) in
          _ = try await connection.post(API.plans, request, as: Plan.self)
        }
        #expect(refusal?.code == code)
      }
      let entries = try await running.connection.get(API.audit, as: [AuditEntry].self)
      #expect(entries.map(\.event) == [.refused, .refused] && entries.map(\.dependency) == ["orders", "nobody"])
      let filtered = try await running.connection.get("\(API.audit)?dependency=orders", as: [AuditEntry].self)
      #expect(filtered.map(\.dependency) == ["orders"])
      let snapshot = try await running.connection.get(API.snapshot, as: Snapshot.self)
      let orders = try #require(snapshot.dependencies.first { $0.id == "orders" })
      #expect(orders.actions.count == ActionVerb.allCases.count && orders.actions.allSatisfy { $0.unavailable != nil })
    }
  }
}

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
  @Test func `a stream begins whole, and each line leads to the next`() async throws {
    try await RunningCollector.run(.quick([DependencySettings(name: "orders", host: "10.0.0.1", port: 5432)])) {
      running in
      let lines = try await running.lines(6)
      var snapshot = try #require(lines[0].full)
      for line in lines.dropFirst() {
        let delta = try #require(line.delta)
        snapshot = try #require(snapshot.applying(delta))
        #expect(snapshot.sequence == line.sequence)
      }
      #expect(snapshot.dependencies.contains { $0.id == "orders" })
    }
  }

  @Test func `a reader that does not read gets one difference over the gap`() async throws {
    // One snapshot of them is several times what a socket's buffers hold.
    let many = (0..<1000).map { DependencySettings(name: "d\($0)", host: "10.0.0.1", port: UInt16(1 + $0)) }
    try await RunningCollector.run(.quick(many)) { running in
      let reader = try RawConnection(to: running.socketPath)
      try reader.get(API.stream)
      try await waitUntil("the stream is open") { running.collector.feed.subscriberCount == 1 }
      let opened = try #require(running.collector.feed.latest).sequence
      try await waitUntil("many ticks have passed") { (running.collector.feed.latest?.sequence ?? 0) > opened + 30 }
      let passed = try #require(running.collector.feed.latest).sequence
      var text: [UInt8] = []
      var sequences: [UInt64] = []
      var largest = 0
      while (sequences.last ?? 0) < passed {
        text += try reader.read()
        while let feed = text.firstIndex(of: 10) {
          let line = text[..<feed]
          // The rest is the head of the answer and the lengths of its chunks.
          if line.first == UInt8(ascii: "{") {
            largest = max(largest, line.count)
            sequences.append(try WireCoding().decode(StreamLine.self, from: Data(line)).sequence)
          }
          text = Array(text[(feed + 1)...])
        }
      }
      // What fits into the buffers on the way, and then one line over the ticks that were not read.
      #expect(largest > 1 << 19, "\(largest) bytes may fit into the buffers")
      #expect(sequences.count { $0 < passed } <= 3, "\(sequences)")
      #expect(sequences[0] < opened + 3)
    }
  }

  @Test func `the interval that a reader asks for is kept`() async throws {
    try await RunningCollector.run { running in
      let sequences = try await running.lines(3, of: API.stream + "?interval_seconds=1").map(\.sequence)
      #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $1 - $0 > 2 }, "\(sequences)")
    }
  }

  @Test func `only the dependencies that were asked for are sent`() async throws {
    let many = ["orders", "a b", "[::1]:7"].map { DependencySettings(name: $0, host: "10.0.0.1", port: 5432) }
    try await RunningCollector.run(.quick(many)) { running in
      let names = ["a b", "[::1]:7"].map { "dependency=" + PercentEncoding.encode($0) }.joined(separator: "&")
      let lines = try await running.lines(3, of: "\(API.stream)?\(names)")
      #expect(lines[0].full?.dependencies.map(\.id) == ["[::1]:7", "a b"])
      #expect(lines.dropFirst().allSatisfy { $0.delta?.upserted.contains { $0.id == "orders" } == false })
    }
  }

  @Test func `a reader that goes away between two lines is let go of`() async throws {
    try await RunningCollector.run { running in
      do {
        let reader = try RawConnection(to: running.socketPath)
        try reader.get(API.stream + "?interval_seconds=3600")
        _ = try reader.read()
        try await waitUntil("it is subscribed") { running.collector.feed.subscriberCount == 1 }
      }
      try await waitUntil("it is forgotten") { running.collector.feed.subscriberCount == 0 }
    }
  }

  @Test func `a shutdown ends streams in order and removes the socket`() async throws {
    var socketPath = ""
    try await RunningCollector.run { running in
      socketPath = running.socketPath
      var lines = 0
      try await running.connection.lines(API.stream) { _ in
        lines += 1
        if lines == 2 { await running.group.triggerGracefulShutdown() }
      }
      #expect(lines >= 2)
    }
    do throws(CollectorError) {
      _ = try await CollectorConnection(socketPath: socketPath).get(API.health, as: Health.self)
      Issue.record("it still answers")
    } catch {
      #expect("\(error)".contains("no collector answers"))
    }
  }

  @Test func `a shutdown does not wait for a reader that does not read`() async throws {
    let many = (0..<4000).map { DependencySettings(name: "d\($0)", host: "10.0.0.1", port: UInt16(1 + $0)) }
    var reader: RawConnection?
    try await RunningCollector.run(.quick(many)) { running in
      reader = try RawConnection(to: running.socketPath)
      try reader?.get(API.stream)
      try await waitUntil("the stream is open") { running.collector.feed.subscriberCount == 1 }
      let opened = running.collector.feed.latest?.sequence ?? 0
      try await waitUntil("it is full") { (running.collector.feed.latest?.sequence ?? 0) > opened + 5 }
    }
    withExtendedLifetime(reader) {}
  }
}
