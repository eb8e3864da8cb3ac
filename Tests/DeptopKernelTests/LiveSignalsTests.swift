import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// Signals of connections that the kernel really has.
@Suite("Signals of live sockets")
struct LiveSignalsTests {
  @Test func `a request that is not answered waits, and its reply is timed`() async throws {
    let pair = try LoopbackPair()
    var sweeps = PairSweeps(pair)
    #expect(try sweeps.next().condition == .idle)
    try pair.client.write(100)
    try await waitUntil("the request waits") {
      let signals = try sweeps.next()
      return signals.condition == .waiting && signals.lasting ?? .zero > .milliseconds(40)
    }
    try pair.server.write(10)
    var reply: Duration?
    try await waitUntil("the reply is seen") {
      reply = try sweeps.next().lastReply
      return reply != nil
    }
    #expect(reply ?? .zero > .milliseconds(30))
    #expect(try sweeps.next().lastReply == nil)
  }

  @Test func `a peer that does not read closes its window`() async throws {
    let pair = try LoopbackPair()
    var sweeps = PairSweeps(pair)
    try pair.client.fill()
    try await waitUntil("the window is closed") { try sweeps.next().condition == .zeroWindow }
    try await waitUntil("its age grows") { try sweeps.next().lasting ?? .zero > .milliseconds(30) }
  }

  @Test func `a peer that closes is told with its age`() async throws {
    let pair = try LoopbackPair()
    var sweeps = PairSweeps(pair)
    try pair.server.endSending()
    try await waitUntil("the peer has closed") { try sweeps.next().condition == .peerClosed }
    #expect(try #require(try sweeps.next().lasting) < .seconds(15))
  }

  @Test func `keepalive that the test sets is estimated`() throws {
    let pair = try LoopbackPair()
    var sweeps = PairSweeps(pair)
    #expect(try sweeps.next().keepalive == .off)
    for idle in [7_200, 77] as [Int32] {
      try pair.client.keepAlive(after: idle)
      guard case .on(let estimate) = try sweeps.next().keepalive else {
        Issue.record("keepalive is on and was not seen")
        return
      }
      #expect(estimate <= .seconds(Int(idle)) + .seconds(1) && estimate > .seconds(Int(idle)) - .seconds(2))
    }
  }

  @Test func `what a connection has sent and received is accounted for`() throws {
    let pair = try LoopbackPair()
    try pair.client.write(1_000)
    let sample = try #require(try PairSweeps(pair).table().connections.first { $0.local == pair.local })
    let info = try #require(sample.info)
    #expect(info.rtoMicroseconds > 0)
    #expect(info.accounting?.bytesSent == 1_000)
    #expect(info.accounting?.sendWindow ?? 0 > 0)
  }
}

/// The sweeps of one connection's own end.
struct PairSweeps {
  private let pair: LoopbackPair
  private var memory = ConnectionMemory()

  init(_ pair: LoopbackPair) {
    self.pair = pair
  }

  func table() throws -> DeptopKernel.SocketTable {
    var diagnostics = SocketDiagnostics()
    return try diagnostics.sweep(SocketFilter(side: .local, ports: [pair.local.port]), timeout: .seconds(10))
  }

  mutating func next() throws -> SocketSignals {
    let swept = memory.outbound(in: try table(), at: .now())
    return try #require(swept.first { $0.sample.local == pair.local }).signals
  }
}
