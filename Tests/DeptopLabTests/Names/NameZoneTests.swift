@testable import DeptopLab
import Testing

@Suite struct NameZoneTests {
  private static func zone() throws -> NameZone {
    try NameZone([
      NameRecord(name: "orders-db.lab", addresses: ["10.90.0.11"], timeToLive: 2),
      NameRecord(name: "Search-API.lab", addresses: ["10.90.0.31", "10.90.0.32", "10.90.0.33"], timeToLive: 70_000),
      NameRecord(name: "empty.lab", addresses: []),
    ])
  }

  private var zone: NameZone

  init() throws {
    zone = try Self.zone()
  }

  private func ask(
    _ zone: inout NameZone, _ query: [UInt8], by transport: NameZone.Transport = .udp
  ) throws -> NamePacket {
    let answer = zone.answer(query, by: transport)
    return NamePacket(bytes: try #require(answer))
  }

  @Test mutating func `a name is answered with its address, its TTL and authority`() throws {
    let query = NamePacket.query("orders-db.lab")
    let answer = try ask(&zone, query)
    #expect(answer.id == 0x1234)
    #expect(answer.isAnswer && answer.isAuthoritative && answer.repeatsRecursion && !answer.isCut)
    #expect(answer.code == 0)
    #expect(answer.question == Array(query[12...]))
    #expect(answer.addresses == ["10.90.0.11"])
    #expect(answer.records.map(\.timeToLive) == [2])
    #expect(!answer.hasExtensions)
  }

  @Test mutating func `the case of a name is repeated and does not matter`() throws {
    let query = NamePacket.query("OrDeRs-dB.LAB", recursive: false)
    let answer = try ask(&zone, query)
    #expect(answer.addresses == ["10.90.0.11"])
    #expect(answer.question == Array(query[12...]))
    #expect(!answer.repeatsRecursion)
  }

  @Test mutating func `several addresses take turns at being the first`() throws {
    let answers = try (0..<4).map { _ in try ask(&zone, NamePacket.query("search-api.lab")) }
    #expect(
      answers.map { $0.addresses.map { $0.suffix(2) } } == [
        ["31", "32", "33"], ["32", "33", "31"], ["33", "31", "32"], ["31", "32", "33"],
      ])
    #expect(answers[0].records.map(\.timeToLive) == [70_000, 70_000, 70_000])
  }

  @Test mutating func `a name without an address of the kind exists all the same`() throws {
    for query in [
      NamePacket.query("orders-db.lab", type: 28), NamePacket.query("empty.lab"),
      NamePacket.query("empty.lab", type: 16),
    ] {
      let answer = try ask(&zone, query)
      #expect(answer.code == 0 && answer.answers == 0 && answer.isAuthoritative)
    }
  }

  @Test mutating func `an unknown name does not exist`() throws {
    for name in ["none.lab", "lab", "a.orders-db.lab", "orders-db", ""] {
      let answer = try ask(&zone, NamePacket.query(name))
      #expect(answer.code == 3 && answer.answers == 0 && answer.isAuthoritative)
    }
  }

  @Test mutating func `an address leads back to its name`() throws {
    let answer = try ask(&zone, NamePacket.query("32.0.90.10.in-addr.arpa", type: 12))
    #expect(answer.records.map(\.type) == [12])
    #expect(answer.records.map(\.data) == [[10] + Array("Search-API".utf8) + [3] + Array("lab".utf8) + [0]])
    #expect(try ask(&zone, NamePacket.query("99.0.90.10.in-addr.arpa", type: 12)).code == 3)
    #expect(try ask(&zone, NamePacket.query("0.90.10.in-addr.arpa", type: 12)).code == 3)
  }

  @Test mutating func `a record replaces the one of the same name`() throws {
    try zone.obey(.record(NameRecord(name: "ORDERS-DB.lab", addresses: ["10.90.0.12"], timeToLive: 1)))
    #expect(try ask(&zone, NamePacket.query("orders-db.lab")).addresses == ["10.90.0.12"])
  }

  @Test mutating func `a server that fails says so, and can be mended`() throws {
    try zone.obey(.fails(true))
    for name in ["orders-db.lab", "none.lab"] {
      let answer = try ask(&zone, NamePacket.query(name))
      #expect(answer.code == 2 && answer.answers == 0 && !answer.isAuthoritative)
    }
    try zone.obey(.fails(false))
    #expect(try ask(&zone, NamePacket.query("orders-db.lab")).code == 0)
  }

  @Test mutating func `a silent server says nothing, and can be mended`() throws {
    try zone.obey(.isSilent(true))
    #expect(zone.answer(NamePacket.query("orders-db.lab"), by: .udp) == nil)
    #expect(zone.answer([1, 2, 3] + [UInt8](repeating: 0, count: 20), by: .tcp) == nil)
    try zone.obey(.isSilent(false))
    #expect(try ask(&zone, NamePacket.query("orders-db.lab")).code == 0)
  }

  @Test mutating func `a query with extensions is answered with some`() throws {
    let answer = try ask(&zone, NamePacket.query("orders-db.lab", payload: 1232))
    #expect(answer.addresses == ["10.90.0.11"])
    #expect(answer.hasExtensions)
    // The root's name, OPT, and 1232 bytes.
    #expect(answer.bytes.suffix(11) == [0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0])
    let unknown = try ask(&zone, NamePacket.query("orders-db.lab", payload: 1232, version: 1))
    #expect(unknown.code == 0 && unknown.answers == 0)
    #expect(unknown.bytes.suffix(11) == [0, 0, 41, 0x04, 0xd0, 1, 0, 0, 0, 0, 0])
  }

  @Test mutating func `an answer that is too large for the asker is cut, and whole over TCP`() throws {
    let many = (1...40).map { "10.91.0.\($0)" }
    try zone.obey(.record(NameRecord(name: "many.lab", addresses: many)))
    let cut = try ask(&zone, NamePacket.query("many.lab"))
    #expect(cut.isCut && cut.answers == 0 && cut.bytes.count <= 512)
    #expect(try ask(&zone, NamePacket.query("many.lab", payload: 1232)).addresses.count == 40)
    let whole = try ask(&zone, NamePacket.query("many.lab"), by: .tcp)
    #expect(!whole.isCut && Set(whole.addresses) == Set(many))
  }

  @Test mutating func `what is no query of one name is told so`() throws {
    var two = NamePacket.query("orders-db.lab")
    two[5] = 2
    #expect(try ask(&zone, two).code == 1)
    #expect(try ask(&zone, NamePacket.query("orders-db.lab").dropLast(3)).code == 1)
    var pointing = NamePacket.query("orders-db.lab")
    pointing[12] = 0xc0
    #expect(try ask(&zone, pointing).code == 1)
    let long = String(repeating: "a", count: 64) + ".lab"
    #expect(try ask(&zone, NamePacket.query(long)).code == 1)
    var update = NamePacket.query("orders-db.lab")
    update[2] |= 5 << 3
    #expect(try ask(&zone, update).code == 4)
    var chaos = NamePacket.query("orders-db.lab")
    chaos[chaos.count - 1] = 3
    #expect(try ask(&zone, chaos).code == 5)
  }

  @Test mutating func `an answer and a crumb are not answered`() throws {
    var answer = NamePacket.query("orders-db.lab")
    answer[2] |= 0x80
    #expect(zone.answer(answer, by: .udp) == nil)
    for count in 0..<12 { #expect(zone.answer([UInt8](repeating: 0, count: count), by: .udp) == nil) }
  }

  @Test func `a record that no server can have is an error in words`() {
    for name in ["", "a..b", ".lab", "lab.", "a b.lab", "ä.lab", String(repeating: "a", count: 64)] {
      #expect(throws: ServerRoleProblem.self) { try NameZone([NameRecord(name: name, addresses: [])]) }
    }
    for address in ["", "10.90.0", "10.90.0.256", "::1", "orders-db.lab"] {
      #expect(throws: ServerRoleProblem.self) { try NameZone([NameRecord(name: "a.lab", addresses: [address])]) }
    }
  }

  @Test mutating func `ten thousand broken packets end no server`() throws {
    var random = SeededGenerator(seed: 53)
    let good = [
      NamePacket.query("search-api.lab", payload: 1232), NamePacket.query("orders-db.lab"),
      NamePacket.query("31.0.90.10.in-addr.arpa", type: 12),
    ]
    var codes: [Int: Int] = [:]
    for _ in 0..<10_000 {
      var packet = good.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        packet[Int.random(in: packet.indices, using: &random)] = .random(in: .min ... .max, using: &random)
      }
      packet.removeLast(
        Int.random(in: 0...8, using: &random) == 0 ? Int.random(in: 1..<packet.count, using: &random) : 0)
      guard let answer = zone.answer(packet, by: .udp) else { continue }
      try #require(answer.count >= 12 && answer.count <= 1232)
      #expect(Array(answer[..<2]) == Array(packet[..<2]) && answer[2] & 0x80 != 0)
      codes[Int(answer[3] & 0xf), default: 0] += 1
    }
    // Every kind of answer was among them.
    #expect([0, 1, 3, 4, 5].allSatisfy { codes[$0, default: 0] > 10 })
    #expect(try ask(&zone, NamePacket.query("orders-db.lab")).addresses == ["10.90.0.11"])
  }
}
