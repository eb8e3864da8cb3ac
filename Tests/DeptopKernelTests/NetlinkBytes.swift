import CLinux
import DeptopModel
import Glibc

/// Datagrams as the kernel builds them, to be fed to the parser.
struct KernelNetlinkBytes {
  static let sequence: UInt32 = 7

  private(set) var bytes: [UInt8] = []

  mutating func append(
    type: Int32, flags: Int32 = 0, sequence: UInt32 = sequence, body: [UInt8], claimedLength: UInt32? = nil
  ) {
    let header = nlmsghdr(
      nlmsg_len: claimedLength ?? UInt32(16 + body.count), nlmsg_type: UInt16(type), nlmsg_flags: UInt16(flags),
      nlmsg_seq: sequence, nlmsg_pid: 0)
    bytes += raw(header) + body
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  mutating func append(
    _ socket: Socket, flags: Int32 = 0, sequence: UInt32 = sequence, claimedLength: UInt32? = nil
  ) {
    append(
      type: SOCK_DIAG_BY_FAMILY, flags: flags, sequence: sequence, body: socket.bytes, claimedLength: claimedLength)
  }

  mutating func appendDone(status: Int32 = 0) {
    append(type: NLMSG_DONE, body: raw(status))
  }

  /// A message about one socket.
  struct Socket {
    var message = inet_diag_msg()
    var attributes: [UInt8] = []

    init(family: Int32, source: [UInt8], sourcePort: UInt16, destination: [UInt8], destinationPort: UInt16) {
      message.idiag_family = UInt8(family)
      message.idiag_state = SocketState.established.rawValue
      message.id.idiag_src = words(source)
      message.id.idiag_dst = words(destination)
      message.id.idiag_sport = sourcePort.bigEndian
      message.id.idiag_dport = destinationPort.bigEndian
    }

    static var v4: Socket {
      Socket(
        family: AF_INET, source: [10, 0, 0, 1], sourcePort: 40_000, destination: [10, 0, 3, 7], destinationPort: 5432)
    }

    mutating func append(attribute type: Int, _ value: [UInt8], claimedLength: UInt16? = nil) {
      attributes += raw(nlattr(nla_len: claimedLength ?? UInt16(4 + value.count), nla_type: UInt16(type))) + value
      while attributes.count % 4 != 0 { attributes.append(0) }
    }

    var bytes: [UInt8] { raw(message) + attributes }
  }

  /// A `tcp_info` of a given length in which each field has a value of its own.
  static func tcpInfo(length: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 280)
    bytes[4] = 3
    let words: [(Int, UInt32)] = [
      (16, 1448), (24, 2), (44, 5_000), (52, 6_000), (56, 7_000), (60, 1500), (68, 1234), (72, 99), (100, 17),
      (144, 4321), (148, .max), (8, 408_000), (20, 536), (152, 52), (224, 6), (228, 65_535),
    ]
    for (offset, value) in words { bytes.replaceSubrange(offset..<offset + 4, with: raw(value)) }
    let longWords: [(Int, UInt64)] = [
      (120, 1 << 40), (128, 1 << 41), (168, 1 << 42), (176, 1 << 43), (200, 1 << 44), (208, 1 << 45),
    ]
    for (offset, value) in longWords { bytes.replaceSubrange(offset..<offset + 8, with: raw(value)) }
    return Array(bytes.prefix(length))
  }
}

func raw<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
  unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
}

private func words(_ address: [UInt8]) -> (UInt32, UInt32, UInt32, UInt32) {
  func word(_ index: Int) -> UInt32 {
    (0..<4).reduce(0) { sum, byte in
      let position = index * 4 + byte
      return sum | (position < address.count ? UInt32(address[position]) << UInt32(8 * byte) : 0)
    }
  }
  return (word(0), word(1), word(2), word(3))
}
