import CLinux
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

@Suite("Ended connections")
struct ClosingReaderTests {
  private static let time = WallTime(secondsSinceEpoch: 1_000)

  private func batch(_ bytes: [UInt8]) -> ClosingBatch {
    var batch = ClosingBatch()
    unsafe batch.add(datagram: bytes.span.bytes, in: NamespaceID(9), at: Self.time)
    return batch
  }

  @Test func `a message is read with the last figures of the connection`() throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.message.idiag_state = SocketState.close.rawValue
    socket.message.id.idiag_cookie = (0x89ab_cdef, 0x0123_4567)
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 280))
    var netlink = KernelNetlinkBytes()
    netlink.append(socket, sequence: 0)
    let closed = try #require(batch(netlink.bytes).closed.first)
    #expect(closed.namespace == NamespaceID(9))
    #expect(closed.local.description == "10.0.0.1:40000")
    #expect(closed.remote.description == "10.0.3.7:5432")
    #expect(closed.cookie == 0x0123_4567_89ab_cdef)
    #expect(closed.at == Self.time)
    #expect(closed.info?.lastDataReceivedMilliseconds == 6_000)
    #expect(closed.info?.accounting?.bytesRetransmitted == 1 << 45)
  }

  @Test func `a message without figures is an end all the same`() throws {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4, sequence: 0)
    let batch = batch(netlink.bytes)
    #expect(batch.closed.map(\.info) == [nil])
    #expect(batch.isComplete)
  }

  @Test func `what is not understood makes the batch incomplete and spares what came before`() {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4, sequence: 0)
    netlink.append(type: SOCK_DIAG_BY_FAMILY, body: [1, 2, 3])
    netlink.append(.v4, sequence: 0)
    let damaged = batch(netlink.bytes)
    #expect(damaged.closed.count == 2)
    #expect(!damaged.isComplete)
    let cut = batch(Array(netlink.bytes.dropLast(8)))
    #expect(cut.closed.count == 1)
    #expect(!cut.isComplete)
  }

  @Test func `the end of a connection is heard of with its cookie, also when no sweep has seen it`() async throws {
    var reader = try ClosingReader()
    var memory = ConnectionMemory()
    var diagnostics = SocketDiagnostics()
    let listener = try KernelLoopback.Listener(.v4)
    let seen = try SeenEnd(LoopbackPair(to: listener))
    _ = memory.outbound(in: try diagnostics.sweep(timeout: .seconds(10)), at: .now())
    let cookie = try #require(try seen.cookie())
    let seenLocal = seen.local
    seen.close()
    let short = try SeenEnd(LoopbackPair(to: listener))
    let shortLocal = short.local
    short.close()

    var ended: [ClosedConnection] = []
    try await waitUntil("the kernel tells of both ends") {
      _ = memory.outbound(in: try diagnostics.sweep(timeout: .seconds(10)), at: .now())
      ended += memory.outbound(among: try reader.drain(at: .now()).closed)
      return [seenLocal, shortLocal].allSatisfy { local in ended.contains { $0.local == local } }
    }
    let known = try #require(ended.first { $0.local == seenLocal })
    #expect(known.cookie == cookie)
    #expect(!known.isUnseen)
    #expect(known.remote == (try listener.address))
    #expect(known.info?.bytesReceived == 0)
    #expect(ended.first { $0.local == shortLocal }?.isUnseen == true)
    // The listener's own ends came in.
    #expect(!ended.contains { $0.local.port == listener.port })
  }

  @Test func `a buffer that overran is told`() throws {
    let descriptor = OpenDescriptor(try openReader())
    var reader = try ClosingReader(descriptor, of: .own)
    // The smallest buffer that there is.
    #expect(clinux_diag_prepare(descriptor.number, 1, 1_000_000) == 0)
    let listener = try KernelLoopback.Listener(.v4)
    var isComplete = true
    var rounds = 0
    // Each round ends more sockets than the smallest buffer takes; the kernel sends the messages a moment later.
    while isComplete, rounds < 200 {
      for _ in 0..<50 { try SeenEnd(LoopbackPair(to: listener)).close() }
      isComplete = try reader.drain(at: .now()).isComplete
      rounds += 1
    }
    #expect(!isComplete)
    // And it goes on hearing.
    _ = try reader.drain(at: .now())
  }

  @Test func `a descriptor that is no socket of use is an error`() throws {
    let null = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    #expect(throws: SocketDiagnosticsError.system(.open, errno: ENOTSOCK)) {
      try ClosingReader(OpenDescriptor(null), of: .own)
    }
  }

  private func openReader() throws -> Int32 {
    let number = clinux_diag_open(1, 1_000_000)
    guard number >= 0, clinux_diag_join_closings(number) == 0 else {
      throw KernelLoopback.Failure(call: "open a sock_diag socket", code: -number)
    }
    return number
  }
}

/// A pair whose server resets it, so that both of its sockets are over at once.
private final class SeenEnd {
  private var pair: LoopbackPair?
  let local: SocketAddress

  init(_ pair: LoopbackPair) throws {
    self.pair = pair
    local = pair.local
  }

  func cookie() throws -> UInt64? {
    var diagnostics = SocketDiagnostics()
    let table = try diagnostics.sweep(SocketFilter(side: .local, ports: [local.port]), timeout: .seconds(10))
    return table.connections.first { $0.local == local }?.cookie
  }

  func close() {
    if let pair {
      var reset = linger(l_onoff: 1, l_linger: 0)
      let size = socklen_t(MemoryLayout<linger>.size)
      unsafe setsockopt(pair.server.descriptor.number, SOL_SOCKET, SO_LINGER, &reset, size)
    }
    pair = nil
  }
}
