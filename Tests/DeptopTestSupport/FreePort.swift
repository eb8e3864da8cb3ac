package import DeptopModel
internal import Glibc

/// Finds ports that nothing listens on.
package enum FreePort {
  /// A TCP port that is free on all of the addresses.
  package static func tcp(on addresses: [IPAddress]) throws -> UInt16 {
    for _ in 0..<64 {
      // Below the range from which the kernel takes the ports of outgoing connections.
      let port = UInt16.random(in: 20_000..<32_000)
      if addresses.allSatisfy({ isFree($0, port: port, type: SOCK_STREAM) }) { return port }
    }
    throw TestFailure("no free port on \(addresses)")
  }

  /// A loopback address whose port 53 is free; nil when this user may not bind it.
  package static func nameServerAddress() -> IPAddress? {
    for _ in 0..<64 {
      let address = IPAddress(v4: 0x7f00_0000 | UInt32.random(in: 0x4d00...0x4dfe) << 8 | UInt32.random(in: 1...254))
      if isFree(address, port: 53, type: SOCK_DGRAM) && isFree(address, port: 53, type: SOCK_STREAM) {
        return address
      }
    }
    return nil
  }

  private static func isFree(_ address: IPAddress, port: UInt16, type: __socket_type) -> Bool {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    guard unsafe inet_pton(AF_INET, address.description, &name.sin_addr) == 1 else { return false }
    return unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
