import DeptopBlocking
import DeptopLab
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Glibc
import Testing

@Suite struct NameServerRoleTests {
  private static let port: UInt16 = 5353
  private let address = FreshAddress.next()

  private func start() async throws -> RunningServer {
    let spec = NameServerSpec(
      address: address, port: Self.port,
      records: [NameRecord(name: "orders-db.lab", addresses: ["10.90.0.11", "10.90.0.12"], timeToLive: 7)])
    return try await RunningServer.start(spec) { input, output in
      try await NameServerRole.run(input: input, output: output)
    }
  }

  private func askDatagram(_ query: [UInt8]) async throws -> NamePacket {
    let peer = try await LoopbackPeer(address, port: Self.port, type: SOCK_DGRAM)
    try await peer.send(query)
    return NamePacket(bytes: try await peer.receive())
  }

  @Test func `a resolver library gets addresses, TTL and names`() async throws {
    let server = try await start()
    let resolver = SocketAddress(try #require(IPAddress(address)), port: Self.port)
    let replies = await BlockingThread().run { () -> [UInt32: DNSConversation.Reply] in
      guard let conversation = DNSConversation(timeout: .seconds(15)) else { return [:] }
      let orders = IPAddress(v4: 0x0a5a_000b)
      guard conversation.ask(1, for: "orders-db.lab", of: resolver, family: .v4),
        conversation.ask(2, for: "orders-db.lab", of: resolver, family: .v6),
        conversation.ask(3, for: "none.lab", of: resolver, family: .v4),
        conversation.askNames(4, of: orders, resolver: resolver)
      else { return [:] }
      var replies: [UInt32: DNSConversation.Reply] = [:]
      let interrupt = Interrupt()
      let deadline = MonotonicTime.now() + .seconds(20)
      while let reply = conversation.next(until: deadline, interrupt: interrupt) { replies[reply.question] = reply }
      return replies
    }
    guard case .addresses(let found, let ttl) = replies[1]?.reply else {
      Issue.record("no addresses: \(replies)")
      return
    }
    #expect(Set(found.map(\.description)) == ["10.90.0.11", "10.90.0.12"])
    #expect(ttl == .seconds(7))
    #expect(replies[2]?.reply == .noAddress)
    #expect(replies[3]?.reply == .noSuchName)
    #expect(replies[4]?.names == ["orders-db.lab"])
    try await server.end()
  }

  @Test func `questions over TCP are answered one after the other, however they are cut`() async throws {
    let server = try await start()
    let peer = try await LoopbackPeer(address, port: Self.port)
    let queries = [NamePacket.query("orders-db.lab", id: 1), NamePacket.query("none.lab", id: 2)]
    let stream = queries.flatMap { query -> [UInt8] in [0, UInt8(query.count)] + query }
    for byte in stream { try await peer.send([byte]) }
    for (id, code) in [(1, 0), (2, 3)] {
      let length = try await peer.bytes(2)
      let answer = NamePacket(bytes: try await peer.bytes(Int(length[0]) << 8 | Int(length[1])))
      #expect(answer.id == id && answer.code == code)
    }
    try await server.end()
  }

  @Test func `a record changes, and a failure comes and goes, while it serves`() async throws {
    let server = try await start()
    try server.tell(NameCommand.record(NameRecord(name: "orders-db.lab", addresses: ["10.90.0.99"])))
    try await waitUntil("the new address is answered") {
      try await askDatagram(NamePacket.query("orders-db.lab")).addresses == ["10.90.0.99"]
    }
    try server.tell(NameCommand.fails(true))
    try await waitUntil("it fails") { try await askDatagram(NamePacket.query("orders-db.lab")).code == 2 }
    try server.tell(NameCommand.fails(false))
    try await waitUntil("it is mended") { try await askDatagram(NamePacket.query("orders-db.lab")).code == 0 }
    try await server.end()
  }

  @Test func `garbage on both sockets ends nothing`() async throws {
    let server = try await start()
    var random = SeededGenerator(seed: 7)
    let stream = try await LoopbackPeer(address, port: Self.port)
    let datagrams = try await LoopbackPeer(address, port: Self.port, type: SOCK_DGRAM)
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 1...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      try await stream.send(bytes)
      try await datagrams.send(bytes)
    }
    try await waitUntil("it still answers") {
      try await askDatagram(NamePacket.query("orders-db.lab")).addresses.count == 2
    }
    try await server.end()
  }

  @Test func `a bad record or an address that is taken ends it in words`() async throws {
    let server = try await start()
    let error = await #expect(throws: ServerRoleProblem.self) { _ = try await start() }
    #expect(error?.description.hasPrefix("cannot listen on \(address):5353: ") == true)
    try server.tell(NameCommand.record(NameRecord(name: "a.lab", addresses: ["10.90.0.300"])))
    let ended = await #expect(throws: ServerRoleProblem.self) { try await server.end() }
    #expect(ended?.description == "10.90.0.300 is no IPv4 address")
  }
}
