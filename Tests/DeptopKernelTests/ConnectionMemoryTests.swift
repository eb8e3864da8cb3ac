import DeptopKernel
import DeptopModel
import Testing

@Suite("Connection memory")
struct ConnectionMemoryTests {
  private static let start = WallTime(secondsSinceEpoch: 1_000)

  private func address(_ text: String, _ port: UInt16) throws -> SocketAddress {
    SocketAddress(try #require(IPAddress(text)), port: port)
  }

  private func sample(
    _ cookie: UInt64, local: String = "10.0.0.1", port: UInt16 = 40_000, to remotePort: UInt16 = 5432,
    state: SocketState = .established
  ) throws -> SocketSample {
    SocketSample(
      local: try address(local, port), remote: try address("10.0.3.7", remotePort), state: state, cookie: cookie)
  }

  @Test func `a connection keeps the moment at which it was first seen`() throws {
    var memory = ConnectionMemory()
    let first = memory.outbound(in: SocketTable(connections: [try sample(1)]), at: Self.start)
    #expect(first.map(\.firstSeenAt) == [Self.start])
    #expect(first.map(\.isOlderThanSeen) == [true])

    let later = Self.start + .seconds(1)
    let second = memory.outbound(in: SocketTable(connections: [try sample(2), try sample(1)]), at: later)
    #expect(second.map(\.sample.cookie) == [2, 1])
    #expect(second.map(\.firstSeenAt) == [later, Self.start])
    #expect(second.map(\.isOlderThanSeen) == [false, true])
  }

  @Test func `an empty first sweep is a first sweep`() throws {
    var memory = ConnectionMemory()
    _ = memory.outbound(in: SocketTable(), at: Self.start)
    let second = memory.outbound(in: SocketTable(connections: [try sample(1)]), at: Self.start)
    #expect(second.map(\.isOlderThanSeen) == [false])
  }

  @Test func `a connection to a local address that is listened on came in`() throws {
    var memory = ConnectionMemory()
    let table = SocketTable(
      connections: [try sample(1, port: 8080), try sample(2)],
      listeners: [ListeningSocket(try address("0.0.0.0", 8080))])
    #expect(memory.outbound(in: table, at: Self.start).map(\.sample.cookie) == [2])
  }

  @Test func `a connection that came in stays so when its listener closes`() throws {
    var memory = ConnectionMemory()
    let connections = [try sample(1, port: 8080)]
    let listeners = [ListeningSocket(try address("10.0.0.1", 8080))]
    _ = memory.outbound(in: SocketTable(connections: connections, listeners: listeners), at: Self.start)
    #expect(memory.outbound(in: SocketTable(connections: connections), at: Self.start).isEmpty)
  }

  @Test func `a listener that is seen only in the next sweep corrects the direction`() throws {
    var memory = ConnectionMemory()
    let connections = [try sample(1, port: 8080)]
    #expect(memory.outbound(in: SocketTable(connections: connections), at: Self.start).count == 1)
    let listeners = [ListeningSocket(try address("10.0.0.1", 8080))]
    let next = SocketTable(connections: connections, listeners: listeners)
    #expect(memory.outbound(in: next, at: Self.start).isEmpty)
  }

  @Test func `a connection that was seen being opened is outbound, whatever listens on its port`() throws {
    var memory = ConnectionMemory()
    let listeners = [ListeningSocket(try address("0.0.0.0", 8080))]
    for state in [SocketState.synSent, .established] {
      let table = SocketTable(connections: [try sample(1, port: 8080, state: state)], listeners: listeners)
      #expect(memory.outbound(in: table, at: Self.start).count == 1)
    }
  }

  @Test func `what left the table is forgotten`() throws {
    var memory = ConnectionMemory()
    for round in 0..<100 as Range<UInt64> {
      let table = SocketTable(connections: try (0..<10).map { try sample(round * 10 + $0) })
      _ = memory.outbound(in: table, at: Self.start + .seconds(Int64(round)))
      #expect(memory.count == 10)
    }
    _ = memory.outbound(in: SocketTable(), at: Self.start)
    #expect(memory.count == 0)
  }

  @Test func `a confined sweep forgets its own connections and no others`() throws {
    var memory = ConnectionMemory()
    let first = [try sample(1, to: 443), try sample(2), try sample(3, to: 443), try sample(4)]
    _ = memory.outbound(in: SocketTable(connections: first), at: Self.start)
    let later = Self.start + .seconds(1)
    let part = SocketTable(connections: [try sample(4), try sample(5)])
    #expect(memory.outbound(in: part, confinedTo: [5432], at: later).map(\.firstSeenAt) == [Self.start, later])
    #expect(memory.count == 4)

    // What the confined sweep did not find again is new when it is back.
    let last = later + .seconds(1)
    let whole = [try sample(1, to: 443), try sample(2), try sample(3, to: 443), try sample(5)]
    let swept = memory.outbound(in: SocketTable(connections: whole), at: last)
    #expect(swept.map(\.firstSeenAt) == [Self.start, last, Self.start, later])
    #expect(memory.count == 4)
  }

  private func ended(_ cookie: UInt64, port: UInt16 = 40_000, to remotePort: UInt16 = 5432) throws -> ClosedConnection {
    ClosedConnection(
      namespace: .own, local: try address("10.0.0.1", port), remote: try address("10.0.3.7", remotePort),
      cookie: cookie, at: Self.start, isUnseen: false, info: nil)
  }

  @Test func `of ended connections those count that went out, seen or not`() throws {
    var memory = ConnectionMemory()
    let table = SocketTable(
      connections: [try sample(1), try sample(2, port: 8080)],
      listeners: [ListeningSocket(try address("0.0.0.0", 8080))])
    _ = memory.outbound(in: table, at: Self.start)
    let all = [
      try ended(1), try ended(2, port: 8080), try ended(3), try ended(4, port: 8080), try ended(5, to: 0),
    ]
    let outbound = memory.outbound(among: all)
    #expect(outbound.map(\.cookie) == [1, 3])
    #expect(outbound.map(\.isUnseen) == [false, true])
  }

  @Test func `an end that is told late is still that of a connection that was seen`() throws {
    var memory = ConnectionMemory()
    let listeners = [ListeningSocket(try address("0.0.0.0", 8080))]
    let first = SocketTable(connections: [try sample(1), try sample(2, port: 8080)], listeners: listeners)
    _ = memory.outbound(in: first, at: Self.start)
    for number in 1...2 {
      // However many sweeps are made within a second.
      for part in 0..<5 {
        _ = memory.outbound(in: SocketTable(), at: Self.start + .seconds(number) + .milliseconds(part * 50))
        let outbound = memory.outbound(among: [try ended(1), try ended(2, port: 8080)])
        #expect(outbound.map(\.cookie) == [1])
        #expect(outbound.map(\.isUnseen) == [false])
      }
    }
    _ = memory.outbound(in: SocketTable(), at: Self.start + .seconds(3))
    #expect(memory.outbound(among: [try ended(1)]).map(\.isUnseen) == [true])
  }

  @Test func `each outbound connection has its signals`() throws {
    var memory = ConnectionMemory()
    var connecting = try sample(1, state: .synSent)
    connecting.timerRetransmits = 1
    let swept = memory.outbound(in: SocketTable(connections: [connecting]), at: Self.start)
    #expect(swept.map(\.signals.condition) == [.connectUnanswered])
  }

  @Test(
    arguments: [
      ("10.0.0.1", nil, "10.0.0.1", true),
      ("10.0.0.1", nil, "10.0.0.2", false),
      ("0.0.0.0", nil, "10.0.0.2", true),
      ("0.0.0.0", nil, "2001:db8::1", false),
      ("::", false, "2001:db8::1", true),
      ("::", true, "2001:db8::1", true),
      ("::", false, "10.0.0.1", true),
      ("::", nil, "10.0.0.1", true),
      ("::", true, "10.0.0.1", false),
      ("::ffff:10.0.0.1", false, "10.0.0.1", true),
      ("::1", nil, "2001:db8::1", false),
    ] as [(String, Bool?, String, Bool)])
  func `a listener takes the connections that the system gives it`(
    listener: String, isV6Only: Bool?, local: String, isAccepted: Bool
  ) throws {
    let socket = ListeningSocket(try address(listener, 80), isV6Only: isV6Only)
    let addresses = ListeningAddresses([ListeningSocket(try address("192.0.2.1", 80)), socket])
    #expect(addresses.accept(try address(local, 80)) == isAccepted)
    #expect(!addresses.accept(try address(local, 81)))
    // 64 further, so that it falls on the same bit of another word.
    #expect(!addresses.accept(try address(local, 144)))
  }
}
