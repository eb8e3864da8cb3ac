internal import DeptopModel

/// A host and a port: `orders-db.internal:5432`, `10.0.3.7:5432`, `[2001:db8::1]:5432`.
struct Endpoint: Hashable {
  /// A host name or an address, without brackets.
  let host: String
  let port: UInt16

  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Endpoint.port(text[text.index(after: colon)...]) else {
      return nil
    }
    let host = text[..<colon]
    self.port = port
    if host.hasPrefix("["), host.hasSuffix("]") {
      self.host = String(host.dropFirst().dropLast())
      guard self.host.contains(":"), IPAddress(self.host) != nil else { return nil }
    } else {
      self.host = String(host)
      guard !host.contains(":"), Endpoint.isHost(host) else { return nil }
    }
  }

  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Parses 1…65535.
  static func port(_ text: Substring) -> UInt16? {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return UInt16(text).flatMap { $0 > 0 ? $0 : nil }
  }

  /// True for an address, and for a host name by the letters, digits and hyphens of RFC 1123, and underscores.
  static func isHost(_ text: Substring) -> Bool {
    if IPAddress(String(text)) != nil { return true }
    let labels = (text.hasSuffix(".") ? text.dropLast() : text).split(separator: ".", omittingEmptySubsequences: false)
    // A name never ends in a label of digits: that is an address with a mistake in it.
    guard text.utf8.count <= 253, let last = labels.last, UInt64(last) == nil else { return false }
    return labels.allSatisfy(isLabel)
  }

  private static func isLabel(_ label: Substring) -> Bool {
    guard (1...63).contains(label.utf8.count), label.first != "-", label.last != "-" else { return false }
    return label.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

/// A DNS server: `10.0.0.2`, `10.0.0.2:5353`, `2001:db8::53`, `[2001:db8::53]:53`.
struct Resolver: Hashable {
  /// As it was written.
  let text: String
  let address: SocketAddress

  init?(_ text: String) {
    self.text = text
    if let address = IPAddress(text) {
      self.address = SocketAddress(address, port: 53)
    } else if text.hasPrefix("["), text.hasSuffix("]"), let address = IPAddress(String(text.dropFirst().dropLast())) {
      self.address = SocketAddress(address, port: 53)
    } else if let endpoint = Endpoint(text), let address = IPAddress(endpoint.host) {
      self.address = SocketAddress(address, port: endpoint.port)
    } else {
      return nil
    }
  }
}
