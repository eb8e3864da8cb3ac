import CLinux
import DeptopKernel
import DeptopModel
import Glibc
import Testing

/// Answers and messages that are damaged in every way that a seed can think of.
@Suite("Damaged netlink messages")
struct NetlinkFuzzTests {
  private static let cases = 6_000

  /// What was done to one of the messages.
  private enum Damage: CaseIterable {
    case bitFlips, bytes, cut, longerInfo, shorterInfo, unknownAttribute, zeroAttribute, longAttribute, zeroMessage
    case longMessage, noise

    /// Whether a reader can still find where the next message begins.
    var keepsFraming: Bool {
      switch self {
      case .longerInfo, .shorterInfo, .unknownAttribute, .zeroAttribute, .longAttribute: true
      case .bitFlips, .bytes, .cut, .zeroMessage, .longMessage, .noise: false
      }
    }
  }

  /// A sound socket, a damaged one, and another sound one.
  private func datagram(_ damage: Damage, _ random: inout SplitMix) -> [UInt8] {
    var netlink = KernelNetlinkBytes()
    netlink.append(sound(port: 1))
    let start = netlink.bytes.count
    netlink.append(damaged(damage, &random), claimedLength: length(damage, &random))
    let end = netlink.bytes.count
    netlink.append(sound(port: 3))
    var bytes = netlink.bytes
    switch damage {
    case .bitFlips:
      for _ in 0..<Int.random(in: 1...16, using: &random) {
        bytes[.random(in: start..<end, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
    case .bytes:
      for _ in 0..<Int.random(in: 1...32, using: &random) {
        bytes[.random(in: start..<end, using: &random)] = .random(in: 0...255, using: &random)
      }
    case .cut: bytes.removeLast(.random(in: 1...bytes.count, using: &random))
    case .noise:
      bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    default: break
    }
    return bytes
  }

  private func sound(port: UInt16) -> KernelNetlinkBytes.Socket {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.message.id.idiag_sport = port.bigEndian
    socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 280))
    return socket
  }

  private func damaged(_ damage: Damage, _ random: inout SplitMix) -> KernelNetlinkBytes.Socket {
    var socket = KernelNetlinkBytes.Socket.v4
    socket.message.id.idiag_sport = UInt16(2).bigEndian
    let extra = (0..<Int.random(in: 0...512, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    switch damage {
    case .longerInfo: socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 280) + extra)
    case .shorterInfo:
      let length = Int.random(in: 0..<280, using: &random)
      socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: length))
    case .unknownAttribute: socket.append(attribute: .random(in: 23...0xffff, using: &random), extra)
    case .zeroAttribute: socket.append(attribute: INET_DIAG_INFO, extra, claimedLength: 0)
    case .longAttribute:
      let claimed = UInt16.random(in: UInt16(extra.count + 5)...UInt16.max, using: &random)
      socket.append(attribute: INET_DIAG_INFO, extra, claimedLength: claimed)
    default: socket.append(attribute: INET_DIAG_INFO, KernelNetlinkBytes.tcpInfo(length: 280))
    }
    return socket
  }

  private func length(_ damage: Damage, _ random: inout SplitMix) -> UInt32? {
    switch damage {
    case .zeroMessage: .random(in: 0..<16, using: &random)
    case .longMessage: .random(in: 1_000...UInt32.max, using: &random)
    default: nil
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a damaged answer stops nothing, and its neighbours stay where the framing allows`(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<Self.cases {
      guard let damage = Damage.allCases.randomElement(using: &random) else { return }
      let bytes = datagram(damage, &random)
      var table = SocketTable()
      var wasInterrupted = false
      do {
        _ = try unsafe table.add(
          datagram: bytes.span.bytes, sequence: KernelNetlinkBytes.sequence, wasInterrupted: &wasInterrupted)
        if damage.keepsFraming { #expect(table.connections.map(\.local.port) == [1, 2, 3]) }
      } catch {
        #expect(!damage.keepsFraming, "\(damage): \(error)")
      }
      // Whatever was read is taken as it is by what comes after.
      var memory = ConnectionMemory()
      for second in 0..<2 { _ = memory.outbound(in: table, at: WallTime(secondsSinceEpoch: Double(second))) }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a damaged message about an end stops nothing`(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<Self.cases {
      guard let damage = Damage.allCases.randomElement(using: &random) else { return }
      let bytes = datagram(damage, &random)
      var batch = ClosingBatch()
      unsafe batch.add(datagram: bytes.span.bytes, in: .own, at: WallTime(secondsSinceEpoch: 0))
      if damage.keepsFraming {
        #expect(batch.closed.map(\.local.port) == [1, 2, 3])
        #expect(batch.isComplete)
      }
      for closed in batch.closed { _ = closed.idleBeforeReset }
      if damage == .zeroMessage || damage == .longMessage {
        #expect(batch.closed.map(\.local.port) == [1])
        #expect(!batch.isComplete)
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `figures of any size make signals`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let address = SocketAddress(try #require(IPAddress("10.0.0.1")), port: 1)
    // Four sweeps each.
    for _ in 0..<Self.cases / 4 {
      var past = SocketPast(isComplete: .random(using: &random))
      for second in 0..<4 {
        let bytes = (0..<Int.random(in: 140...300, using: &random)).map { _ in
          Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : 0
        }
        let sample = SocketSample(
          local: address, remote: address, state: SocketState.allCases.randomElement(using: &random) ?? .established,
          timer: SocketTimer(rawValue: .random(in: 0...4, using: &random)) ?? .none,
          timerRetransmits: .random(in: 0...255, using: &random),
          timerExpires: .random(in: 0...UInt32.max, using: &random), cookie: 1,
          info: unsafe TCPInfo(kernelBytes: bytes.span.bytes))
        let time = WallTime(secondsSinceEpoch: Double(second))
        let signals = past.signals(of: sample, at: time)
        #expect(signals.lasting ?? .zero >= .zero && signals.idleBefore ?? .zero >= .zero)
        #expect(signals.lastReply ?? .zero >= .zero && signals.meanRetransmit ?? 0 >= 0)
        past.remember(sample, signals, at: time)
      }
    }
  }
}
