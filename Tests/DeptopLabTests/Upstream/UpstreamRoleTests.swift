import DeptopLab
import DeptopTestSupport
import FoundationEssentials
import Testing

@Suite struct UpstreamRoleTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func spec(
    _ service: ServiceModel = ServiceModel(), addresses: [String] = [FreshAddress.next()], style: WireStyle = .lines
  ) -> UpstreamSpec {
    UpstreamSpec(
      name: "orders-db", style: style, addresses: addresses, port: 5432, service: service,
      ledger: directory.file("ledger"))
  }

  private func start(_ spec: UpstreamSpec) async throws -> RunningServer {
    try await RunningServer.start(spec) { input, output in
      try await UpstreamRole.run(input: input, output: output) { SeededGenerator(seed: 9) }
    }
  }

  private func connect(_ spec: UpstreamSpec) async throws -> LoopbackPeer {
    try await LoopbackPeer(spec.addresses[0], port: spec.port)
  }

  private var ledger: [LedgerLine] {
    directory.read("ledger").split(separator: "\n").compactMap { LedgerLine($0) }
  }

  private var served: [LedgerLine.ServedLine] {
    ledger.compactMap { if case .served(let line) = $0 { line } else { nil } }
  }

  /// Waits until pings at an address are answered.
  private func waitForPings(_ address: String) async throws {
    let limit = ContinuousClock.now + .seconds(15)
    while ContinuousClock.now < limit {
      let peer = try await LoopbackPeer(address, port: 5432, patience: .milliseconds(100))
      try await peer.send("P\n")
      if await peer.isAnswered() { return }
    }
    throw TestFailure("no ping is answered")
  }

  @Test func `requests are answered with what was asked for, and every one is in the ledger`() async throws {
    let spec = spec()
    let server = try await start(spec)
    let peer = try await connect(spec)
    let port = peer.port
    try await peer.send("P\n")
    #expect(try await peer.line() == "P ok")
    for number in 0..<20 {
      try await peer.send("Q orders-\(number).1 5 3\nxyz")
      #expect(try await peer.line() == "R orders-\(number).1 ok 5")
      #expect(try await peer.text(5) == ".....")
    }
    peer.end()
    try await waitUntil("the close is in the ledger") {
      ledger.contains { if case .connection(_, _, port, false) = $0 { true } else { false } }
    }
    try await server.end()
    #expect(served.map(\.id) == (0..<20).map { "orders-\($0).1" })
    #expect(served.allSatisfy { $0.outcome == "ok" && $0.received < $0.ended && $0.address == spec.addresses[0] })
    let connections = ledger.compactMap { line -> String? in
      guard case .connection(_, let address, let port, let isOpen) = line else { return nil }
      return "\(address) \(port) \(isOpen)"
    }
    #expect(connections == ["\(spec.addresses[0]) \(port) true", "\(spec.addresses[0]) \(port) false"])
  }

  @Test func `one worker ends one request at a time, in their order`() async throws {
    let spec = spec(.exactly(0.02) { $0.workers = 1 })
    let server = try await start(spec)
    let peer = try await connect(spec)
    try await peer.send((0..<5).map { "Q a-\($0).1 0 0\n" }.joined())
    for number in 0..<5 { #expect(try await peer.line() == "R a-\(number).1 ok 0") }
    try await server.end()
    let ends = served.map(\.ended)
    #expect(served.map(\.id) == (0..<5).map { "a-\($0).1" })
    // Each took its own 20 ms after the one before; timers are never early.
    #expect(zip(ends, ends.dropFirst()).allSatisfy { $1 - $0 >= 19_900 })
  }

  @Test func `addresses have a service each`() async throws {
    let spec = spec(.exactly(0), addresses: [FreshAddress.next(), FreshAddress.next()])
    let server = try await start(spec)
    let good = try await connect(spec)
    try server.tell(UpstreamCommand.service(.exactly(0) { $0.errors = 1 }, address: spec.addresses[1]))
    let bad = try await LoopbackPeer(spec.addresses[1], port: spec.port)
    try await waitUntil("the change holds") {
      try await bad.send("Q try-1.1 0 0\n")
      return try await bad.line() == "R try-1.1 error 0"
    }
    try await good.send("Q web-1.1 0 0\n")
    #expect(try await good.line() == "R web-1.1 ok 0")
    try await server.end()
    #expect(served.filter { $0.address == spec.addresses[0] }.map(\.outcome) == ["ok"])
    #expect(served.last { $0.address == spec.addresses[1] }?.outcome == "error")
  }

  @Test func `a stalled upstream is silent, and answers again what comes later`() async throws {
    let spec = spec(.exactly(0) { $0.isStalled = true })
    let server = try await start(spec)
    let stuck = try await connect(spec)
    try await stuck.send("Q stuck-1.1 0 0\n")
    let other = try await LoopbackPeer(spec.addresses[0], port: spec.port, patience: .milliseconds(100))
    try await other.send("P\n")
    #expect(await !other.isAnswered())
    try server.tell(UpstreamCommand.service(.exactly(0), address: nil))
    try await waitForPings(spec.addresses[0])
    try await stuck.send("Q later-1.1 0 0\n")
    #expect(try await stuck.line() == "R later-1.1 ok 0")
    stuck.end()
    try await waitUntil("what was never answered is in the ledger") {
      served.contains { $0.id == "stuck-1.1" && $0.outcome == "abandoned" }
    }
    try await server.end()
    #expect(served.count == 2)
  }

  @Test func `a refusing upstream closes what is new, and keeps what it has`() async throws {
    let spec = spec(.exactly(0))
    let server = try await start(spec)
    let old = try await connect(spec)
    try await old.send("P\n")
    #expect(try await old.line() == "P ok")
    try server.tell(UpstreamCommand.service(.exactly(0) { $0.isRefusing = true }, address: nil))
    try await waitUntil("new connections are closed") {
      let new = try await connect(spec)
      try await new.send("P\n")
      return try await new.line() == nil
    }
    try await old.send("Q web-1.1 0 0\n")
    #expect(try await old.line() == "R web-1.1 ok 0")
    try await server.end()
  }

  @Test func `its connections close when it is told so, and it takes new ones`() async throws {
    let spec = spec(.exactly(0))
    let server = try await start(spec)
    let peer = try await connect(spec)
    try await peer.send("P\n")
    #expect(try await peer.line() == "P ok")
    try server.tell(UpstreamCommand.closeConnections(address: nil))
    #expect(try await peer.line() == nil)
    try await waitForPings(spec.addresses[0])
    try await server.end()
  }

  @Test func `work for a client that is gone is done`() async throws {
    let spec = spec(.exactly(600) { $0.workers = 1 })
    let server = try await start(spec)
    let (holding, gone, kept) = (try await connect(spec), try await connect(spec), try await connect(spec))
    for (peer, ids) in [(holding, ["hold-1.1"]), (gone, ["gone-1.1", "gone-2.1"]), (kept, ["kept-1.1"])] {
      try await peer.send(ids.map { "Q \($0) 0 0\n" }.joined() + "P\n")
      #expect(try await peer.line() == "P ok")
    }
    gone.end()
    try await waitUntil("the close is in the ledger") {
      ledger.contains { if case .connection(_, _, _, false) = $0 { true } else { false } }
    }
    // A second worker, as the first one is busy for ever.
    try server.tell(UpstreamCommand.service(.exactly(0.05) { $0.workers = 2 }, address: nil))
    #expect(try await kept.line() == "R kept-1.1 ok 0")
    try await server.end()
    #expect(
      served.map { "\($0.id) \($0.outcome)" } == [
        "gone-1.1 abandoned", "gone-2.1 abandoned", "kept-1.1 ok", "hold-1.1 abandoned",
      ])
    // The worker was busy for nobody before it came to the one who waited.
    #expect(served[1].ended - served[0].ended >= 49_900)
    #expect(served[2].ended - served[1].ended >= 49_900)
  }

  @Test func `what is in hand when it ends is in the ledger`() async throws {
    let spec = spec(.exactly(600))
    let server = try await start(spec)
    let peer = try await connect(spec)
    try await peer.send("Q a-1.1 0 0\nP\n")
    #expect(try await peer.line() == "P ok")
    try await server.end()
    #expect(served.map { "\($0.id) \($0.outcome)" } == ["a-1.1 abandoned"])
    #expect(try await peer.line() == nil)
  }

  @Test func `bytes of no request close their connection and nothing else`() async throws {
    let spec = spec(.exactly(0))
    let server = try await start(spec)
    let good = try await connect(spec)
    for garbage in ["HELLO\n", String(repeating: "x", count: 1000), "Q a 0 2000000\n"] {
      let bad = try await connect(spec)
      try await bad.send(garbage)
      #expect(try await bad.line() == nil)
    }
    try await good.send("Q web-1.1 0 0\n")
    #expect(try await good.line() == "R web-1.1 ok 0")
    try await server.end()
  }

  @Test func `an address that is taken is an error in words`() async throws {
    let first = spec()
    let server = try await start(first)
    let error = await #expect(throws: ServerRoleProblem.self) { _ = try await start(first) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("cannot listen on \(first.addresses[0]):5432: "))
    #expect(text.contains("Address already in use"))
    try await server.end()
  }

  @Test(arguments: [
    ("{\"nonsense\":{}}\n", "a line of the input is no UpstreamCommand: "), ("garbage\n", "a line of the input is no "),
    ("{\"closeConnections\":{\"address\":\"10.1.1.1\"}}\n", "10.1.1.1 is not an address of mine"),
  ])
  func `a command that is not understood ends it`(line: String, problem: String) async throws {
    let server = try await start(spec())
    try server.tell(line: Data(line.utf8))
    let error = await #expect(throws: ServerRoleProblem.self) { try await server.end() }
    #expect(error?.description.hasPrefix(problem) == true)
  }

  @Test func `a service that no upstream can have ends it`() async throws {
    let server = try await start(spec())
    try server.tell(UpstreamCommand.service(.exactly(0) { $0.workers = 0 }, address: nil))
    let error = await #expect(throws: ServerRoleProblem.self) { try await server.end() }
    #expect(error?.description == "workers: 0 is less than 1")
  }
}

extension ServiceModel {
  /// Every request takes the same time, seconds.
  static func exactly(_ time: Double, _ change: (inout ServiceModel) -> Void = { _ in }) -> ServiceModel {
    var model = ServiceModel()
    model.serviceTime = time
    model.spread = 0
    change(&model)
    return model
  }
}
