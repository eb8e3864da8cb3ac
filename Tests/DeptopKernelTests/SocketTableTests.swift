import CLinux
import DeptopKernel
import DeptopModel
import Glibc
import Testing

@Suite("Socket table messages")
struct SocketTableTests {
  private func parse(_ netlink: KernelNetlinkBytes) throws -> SocketTable {
    try parse(bytes: netlink.bytes).table
  }

  private func parse(
    bytes: [UInt8]
  ) throws -> (table: SocketTable, progress: SocketTable.DumpProgress, wasInterrupted: Bool) {
    var table = SocketTable()
    var wasInterrupted = false
    let progress = try unsafe table.add(
      datagram: bytes.span.bytes, sequence: KernelNetlinkBytes.sequence, wasInterrupted: &wasInterrupted)
    return (table, progress, wasInterrupted)
  }

  @Test func `a connection is read field by field`() throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.message.idiag_state = SocketState.closeWait.rawValue
    socket.message.idiag_timer = SocketTimer.zeroWindowProbe.rawValue
    socket.message.idiag_retrans = 3
    socket.message.idiag_expires = 1_234
    socket.message.id.idiag_cookie = (0x89ab_cdef, 0x0123_4567)
    socket.message.idiag_rqueue = 11
    socket.message.idiag_wqueue = 12
    socket.message.idiag_uid = 1000
    socket.message.idiag_inode = 424_242
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 280))
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)

    let connection = try #require(try parse(netlink).connections.first)

    #expect(connection.local.description == "10.0.0.1:40000")
    #expect(connection.remote.description == "10.0.3.7:5432")
    #expect(connection.state == .closeWait)
    #expect(connection.timer == .zeroWindowProbe)
    #expect(connection.timerRetransmits == 3)
    #expect(connection.timerExpires == 1_234)
    #expect(connection.namespace == .own)
    #expect(connection.cookie == 0x0123_4567_89ab_cdef)
    #expect(connection.receiveQueue == 11)
    #expect(connection.sendQueue == 12)
    #expect(connection.uid == 1000)
    #expect(connection.inode == 424_242)
    let info = try #require(connection.info)
    #expect(info.rttMicroseconds == 1234)
    #expect(info.rttVarianceMicroseconds == 99)
    #expect(info.lastDataSentMilliseconds == 5_000)
    #expect(info.lastDataReceivedMilliseconds == 6_000)
    #expect(info.lastAckReceivedMilliseconds == 7_000)
    #expect(info.unacknowledged == 2)
    #expect(info.backoff == 3)
    #expect(info.totalRetransmits == 17)
    #expect(info.pathMTU == 1500)
    #expect(info.sendMSS == 1448)
    #expect(info.bytesAcknowledged == 1 << 40)
    #expect(info.bytesReceived == 1 << 41)
    #expect(info.notSentBytes == 4321)
    #expect(info.rtoMicroseconds == 408_000)
    #expect(info.receiveMSS == 536)
    let accounting = try #require(info.accounting)
    #expect(accounting.dataSegmentsIn == 52)
    #expect(accounting.outOfOrder == 6)
    #expect(accounting.sendWindow == 65_535)
    #expect(accounting.busyMicroseconds == 1 << 42)
    #expect(accounting.windowLimitedMicroseconds == 1 << 43)
    #expect(accounting.bytesSent == 1 << 44)
    #expect(accounting.bytesRetransmitted == 1 << 45)
  }

  @Test(arguments: [148, 160, 192, 224, 232, 240, 248, 280])
  func `every length of tcp_info that has all the fields is read alike`(length: Int) throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: length))
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)
    let info = try #require(try parse(netlink).connections.first?.info)
    #expect(info.notSentBytes == 4321)
    #expect(info.totalRetransmits == 17)
    // Linux 5.4 was the first to tell all of it.
    #expect((info.accounting != nil) == (length >= 232))
  }

  @Test func `the sockets of another namespace say so`() throws {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4)
    var table = SocketTable(namespace: NamespaceID(77))
    var wasInterrupted = false
    _ = try unsafe table.add(
      datagram: netlink.bytes.span.bytes, sequence: KernelNetlinkBytes.sequence, wasInterrupted: &wasInterrupted)
    #expect(table.connections.map(\.namespace) == [NamespaceID(77)])
  }

  @Test(arguments: [0, 4, 104, 136, 147])
  func `a tcp_info that lacks a field is unknown rather than zero`(length: Int) throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: length))
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)
    let connection = try #require(try parse(netlink).connections.first)
    #expect(connection.info == nil)
  }

  @Test func `a connection without attributes has no info`() throws {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4)
    let connection = try #require(try parse(netlink).connections.first)
    #expect(connection.info == nil)
  }

  @Test func `attributes that are not known, and flags in the type, are passed over`() throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.append(attribute: 21, [1, 2, 3, 4, 5, 6, 7, 8])
    socket.append(attribute: 8, [3])
    socket.append(attribute: INET_DIAG_INFO | 0x8000, KernelNetlinkBytes.tcpInfo(length: 232))
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)
    let connection = try #require(try parse(netlink).connections.first)
    #expect(connection.info?.rttMicroseconds == 1234)
  }

  @Test func `an IPv4 address mapped into IPv6 is the IPv4 address`() throws {
    let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    var netlink = KernelNetlinkBytes()
    netlink.append(
      .init(
        family: AF_INET6, source: mapped + [127, 0, 0, 1], sourcePort: 1, destination: mapped + [10, 0, 3, 7],
        destinationPort: 5432))
    let connection = try #require(try parse(netlink).connections.first)
    #expect(connection.local == SocketAddress(IPAddress(v4: 0x7f00_0001), port: 1))
    #expect(connection.remote.description == "10.0.3.7:5432")
  }

  @Test func `an IPv6 address keeps its byte order`() throws {
    let address: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    var netlink = KernelNetlinkBytes()
    netlink.append(
      .init(family: AF_INET6, source: address, sourcePort: 1, destination: address, destinationPort: 443))
    let connection = try #require(try parse(netlink).connections.first)
    #expect(connection.remote.description == "[2001:db8:102:304:506:708:90a:b0c]:443")
  }

  @Test(arguments: [true, false, nil])
  func `a listening socket is told apart, with its refusal of IPv4`(isV6Only: Bool?) throws {
    var socket = KernelNetlinkBytes.Socket(
      family: AF_INET6, source: [], sourcePort: 8080, destination: [], destinationPort: 0)
    socket.message.idiag_state = SocketState.listen.rawValue
    if let isV6Only { socket.append(attribute: INET_DIAG_SKV6ONLY, [isV6Only ? 1 : 0]) }
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)
    let any = try #require(IPAddress("::"))
    #expect(
      try parse(netlink)
        == SocketTable(listeners: [ListeningSocket(SocketAddress(any, port: 8080), isV6Only: isV6Only)]))
  }

  @Test func `sockets in a state without a number are passed over`() throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.message.idiag_state = 13
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)
    #expect(try parse(netlink) == SocketTable())
  }

  @Test func `several messages fill one datagram up to the end of the dump`() throws {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4)
    netlink.append(.v4)
    #expect(try parse(bytes: netlink.bytes).progress == .unfinished)
    netlink.appendDone()
    netlink.append(.v4)
    let result = try parse(bytes: netlink.bytes)
    #expect(result.progress == .finished)
    #expect(result.table.connections.count == 2)
  }

  @Test func `messages of another request are passed over`() throws {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4, sequence: KernelNetlinkBytes.sequence - 1)
    netlink.append(type: NLMSG_ERROR, sequence: 0, body: raw(Int32(-EINVAL)))
    #expect(try parse(netlink) == SocketTable())
  }

  @Test func `a table that changed under the dump is noticed`() throws {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4)
    #expect(try !parse(bytes: netlink.bytes).wasInterrupted)
    netlink.append(.v4, flags: NLM_F_DUMP_INTR)
    netlink.appendDone()
    #expect(try parse(bytes: netlink.bytes).wasInterrupted)
  }

  @Test func `a refusal carries the kernel's error`() {
    var netlink = KernelNetlinkBytes()
    netlink.append(type: NLMSG_ERROR, body: raw(Int32(-ENOENT)) + [UInt8](repeating: 0, count: 16))
    #expect(throws: SocketDiagnosticsError.refused(errno: ENOENT)) { try parse(netlink) }
  }

  @Test func `a dump that failed half way is an error and not a short table`() {
    var netlink = KernelNetlinkBytes()
    netlink.append(.v4)
    netlink.appendDone(status: -ENOMEM)
    #expect(throws: SocketDiagnosticsError.refused(errno: ENOMEM)) { try parse(netlink) }
  }

  @Test(arguments: [NLMSG_OVERRUN, NLMSG_DONE])
  func `a loss is told as an overrun`(type: Int32) {
    var netlink = KernelNetlinkBytes()
    netlink.append(type: type, body: raw(Int32(-ENOBUFS)))
    #expect(throws: SocketDiagnosticsError.overrun) { try parse(netlink) }
  }

  @Test(arguments: [0, 15, 17, 0x7fff_ffff, UInt32.max])
  func `a message length that does not fit is refused`(length: UInt32) {
    var netlink = KernelNetlinkBytes()
    netlink.append(type: NLMSG_NOOP, body: [], claimedLength: length)
    #expect(throws: SocketDiagnosticsError.malformed(.messageLength)) { try parse(netlink) }
  }

  @Test(arguments: [0, 3, 300, UInt16.max])
  func `an attribute length that does not fit costs what follows it, and no neighbour`(length: UInt16) throws {
    var damaged = KernelNetlinkBytes.Socket.v4
    damaged.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 232), claimedLength: length)
    var sound = KernelNetlinkBytes.Socket.v4
    sound.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 232))
    var netlink = KernelNetlinkBytes()
    for socket in [sound, damaged, sound] { netlink.append(socket) }
    let table = try parse(netlink)
    #expect(table.connections.map { $0.info != nil } == [true, false, true])
    #expect(table.damaged == 1)
  }

  @Test func `a datagram cut at any byte is refused or read up to the cut`() throws {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 232))
    var netlink = KernelNetlinkBytes()
    netlink.append(socket)
    let whole = netlink.bytes.count
    netlink.append(socket)
    for length in 0...netlink.bytes.count {
      let bytes = Array(netlink.bytes.prefix(length))
      if length % whole == 0 {
        #expect(try parse(bytes: bytes).table.connections.count == length / whole)
      } else {
        #expect(throws: SocketDiagnosticsError.malformed(.messageLength)) { try parse(bytes: bytes) }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `random bytes are read or refused and never stop the program`(seed: UInt64) {
    var random = SplitMix(state: seed)
    var socket = KernelNetlinkBytes.Socket.v4
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 232))
    var netlink = KernelNetlinkBytes()
    for _ in 0..<3 { netlink.append(socket) }
    var accepted = 0
    for _ in 0..<5_000 {
      var bytes = netlink.bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...8, using: &random))
      if (try? parse(bytes: bytes)) != nil { accepted += 1 }
      let noise = (0..<Int.random(in: 0...256, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      if (try? parse(bytes: noise)) != nil { accepted += 1 }
    }
    // Most changed bytes are values, which are all good.
    #expect(accepted > 0)
  }
}

/// A small generator whose run is the same for the same seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
