internal import NIOCore
internal import NIOPosix
internal import Testing

@testable internal import DeptopLab

@Suite struct NameLookupTests {
  private func lookup(_ names: ScriptedNames) throws -> NameLookup {
    let server = try SocketAddress(ipAddress: "127.0.0.1", port: Int(names.port))
    return NameLookup(client: NameClient(server: server, loop: MultiThreadedEventLoopGroup.singleton.next()))
  }

  private func addresses(_ lookup: NameLookup, _ count: Int, _ caching: NameCaching) async throws -> [String] {
    var all: [String] = []
    for _ in 0..<count { all.append(try await lookup.address(of: "search-api.lab", caching: caching, until: nil)) }
    return all
  }

  @Test func `every address of an answer has its turn`() async throws {
    let names = try await ScriptedNames.start(["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    let found = try await addresses(try lookup(names), 6, .timeToLive)
    #expect(Set(found.prefix(3)) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    #expect(found.prefix(3) == found.suffix(3))
    #expect(names.questions == 1)
  }

  @Test(arguments: [(NameCaching.none, 3_600, 3), (.timeToLive, 3_600, 1), (.timeToLive, 0, 3), (.forever, 0, 1)])
  func `an answer is kept as long as it is to be`(caching: NameCaching, timeToLive: Int, questions: Int) async throws {
    let names = try await ScriptedNames.start([])
    names.answer(["10.0.0.1"], timeToLive: UInt32(timeToLive))
    #expect(try await addresses(try lookup(names), 3, caching) == ["10.0.0.1", "10.0.0.1", "10.0.0.1"])
    #expect(names.questions == questions)
  }

  @Test func `what was kept forever is forgotten when it is said`() async throws {
    let names = try await ScriptedNames.start(["10.0.0.1"])
    let lookup = try lookup(names)
    _ = try await addresses(lookup, 1, .forever)
    names.answer(["10.0.0.2"])
    #expect(try await addresses(lookup, 1, .forever) == ["10.0.0.1"])
    lookup.flush()
    #expect(try await addresses(lookup, 1, .forever) == ["10.0.0.2"])
  }

  @Test(arguments: [(2, "SERVFAIL"), (3, "NXDOMAIN"), (0, "no address"), (5, "code 5")])
  func `a name without an address is told with the reason`(code: Int, reason: String) async throws {
    let names = try await ScriptedNames.start([])
    names.answer([], code: UInt8(code))
    let lookup = try lookup(names)
    let failure = await #expect(throws: AttemptFailure.self) { _ = try await addresses(lookup, 1, .none) }
    #expect(failure?.text.contains(reason) == true)
  }

  @Test func `a name server that is silent is asked twice`() async throws {
    let names = try await ScriptedNames.start([])
    names.beSilent()
    let lookup = try lookup(names)
    await #expect(throws: AttemptFailure.limit(.dns)) { _ = try await addresses(lookup, 1, .none) }
    #expect(names.questions == NameClient.tries)
    let end = LabClock.now + 20_000
    await #expect(throws: AttemptFailure.limit(.deadline)) {
      _ = try await lookup.address(of: "search-api.lab", caching: .none, until: end)
    }
  }

  @Test func `an address is not asked for`() async throws {
    let names = try await ScriptedNames.start([])
    #expect(try await lookup(names).address(of: "10.9.8.7", caching: .none, until: nil) == "10.9.8.7")
    #expect(names.questions == 0)
  }

  @Test(arguments: ["", ".", "a..b", String(repeating: "a", count: 64) + ".lab"])
  func `what is no name is not asked for`(name: String) {
    #expect(AddressQuestion(id: 1, name: name).packet == nil)
  }

  @Test func `an answer that is cut or of another question is none`() throws {
    let question = AddressQuestion(id: 7, name: "a.lab")
    var whole = Array(try #require(question.packet).readableBytesView)
    (whole[2], whole[7]) = (0x84, 1)
    whole += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 1]
    #expect(
      question.answer(in: ByteBuffer(bytes: whole)) == AddressAnswer(code: 0, addresses: ["10.0.0.1"], timeToLive: 9))
    for length in whole.indices { #expect(question.answer(in: ByteBuffer(bytes: whole.prefix(length))) == nil) }
    #expect(AddressQuestion(id: 8, name: "a.lab").answer(in: ByteBuffer(bytes: whole)) == nil)
  }
}
