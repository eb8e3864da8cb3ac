internal import Glibc

/// An IPv4 or IPv6 address; an IPv4 address mapped into IPv6 is the IPv4 address.
///
/// The kernel lists an IPv6 socket that talks IPv4 as `::ffff:a.b.c.d`; DNS answers with `a.b.c.d`. Both
/// are one address here, so that they can be compared.
package struct IPAddress: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The first eight bytes, most significant first; 0 for IPv4.
  private let high: UInt64
  /// The last eight bytes, most significant first; `0000ffff` and the four bytes for IPv4.
  private let low: UInt64

  /// An IPv4 address from its value in host byte order.
  package init(v4 value: UInt32) {
    high = 0
    low = 0x0000_ffff_0000_0000 | UInt64(value)
  }

  /// An IPv6 address from its two halves in host byte order.
  package init(v6High high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Parses the text form of either family; nil when it is neither.
  package init?(_ text: String) {
    var four = in_addr()
    if unsafe inet_pton(AF_INET, text, &four) == 1 {
      self.init(v4: UInt32(bigEndian: four.s_addr))
      return
    }
    var six: (UInt64, UInt64) = (0, 0)
    guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    self.init(v6High: UInt64(bigEndian: six.0), low: UInt64(bigEndian: six.1))
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let address = IPAddress(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not an IP address: \(text)"))
    }
    self = address
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// The sixteen bytes as two halves in host byte order; an IPv4 address is mapped into IPv6.
  package var halves: (high: UInt64, low: UInt64) { (high, low) }

  package var isV4: Bool { high == 0 && low >> 32 == 0x0000_ffff }
  /// 127.0.0.0/8 or ::1.
  package var isLoopback: Bool { isV4 ? (low >> 24) & 0xff == 127 : (high == 0 && low == 1) }
  /// 0.0.0.0 or ::, the address of a socket that listens on every address.
  package var isUnspecified: Bool { high == 0 && (low == 0 || low == 0x0000_ffff_0000_0000) }

  package var description: String {
    if isV4 {
      return "\((low >> 24) & 0xff).\((low >> 16) & 0xff).\((low >> 8) & 0xff).\(low & 0xff)"
    }
    var bytes = (high.bigEndian, low.bigEndian)
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard unsafe inet_ntop(AF_INET6, &bytes, &text, socklen_t(INET6_ADDRSTRLEN)) != nil else { return "::" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  package static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// An address and a TCP port; `10.0.3.7:5432`, `[2001:db8::1]:443`.
package struct SocketAddress: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  package var address: IPAddress
  /// 0…65535.
  package var port: UInt16

  package init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  package var description: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

  package static func < (left: SocketAddress, right: SocketAddress) -> Bool {
    (left.address, left.port) < (right.address, right.port)
  }
}
