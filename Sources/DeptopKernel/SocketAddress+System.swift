package import DeptopModel
package import Glibc

extension SocketAddress {
  /// Parses `address`, `address:port` or `[address]:port`; nil when it is none of them.
  package init?(_ text: String, defaultPort: UInt16) {
    if let address = IPAddress(text) {
      self.init(address, port: defaultPort)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
      guard let address = SocketAddress.unbracketed(text[...]) else { return nil }
      self.init(address, port: defaultPort)
      return
    }
    let host = text[..<colon]
    guard let address = SocketAddress.unbracketed(host) ?? IPAddress(String(host)), address.isV4 == !host.contains(":")
    else { return nil }
    self.init(address, port: port)
  }

  private static func unbracketed(_ text: Substring) -> IPAddress? {
    guard text.first == "[", text.last == "]" else { return nil }
    return IPAddress(String(text.dropFirst().dropLast()))
  }

  /// The address family that a socket to this address has.
  package var family: Int32 { address.isV4 ? AF_INET : AF_INET6 }

  /// Calls a function that takes the address as the system's own structure.
  package func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    address.isV4 ? unsafe withFour(body) : unsafe withSix(body)
  }

  private func withFour<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var system = sockaddr_in()
    system.sin_family = sa_family_t(AF_INET)
    system.sin_port = port.bigEndian
    unsafe inet_pton(AF_INET, address.description, &system.sin_addr)
    return unsafe withUnsafePointer(to: &system) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private func withSix<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var system = sockaddr_in6()
    system.sin6_family = sa_family_t(AF_INET6)
    system.sin6_port = port.bigEndian
    unsafe inet_pton(AF_INET6, address.description, &system.sin6_addr)
    return unsafe withUnsafePointer(to: &system) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }
}
