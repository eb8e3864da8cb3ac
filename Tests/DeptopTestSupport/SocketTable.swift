package import DeptopModel

/// The kernel's TCP table, as `/proc/net/tcp` shows it.
package enum SocketTable {
  /// The established IPv4 connections to a port, with the socket's inode as their identity.
  package static func connections(toPort port: UInt16) throws -> [DeptopModel.Connection] {
    try rows().compactMap { row in
      guard row.count > 9, row[3] == "01", let local = address(row[1]), let remote = address(row[2]),
        remote.port == port
      else { return nil }
      return DeptopModel.Connection(
        cookie: String(row[9]), local: local, remote: remote, state: "established", owner: nil, since: .now(),
        isOlderThanSeen: true, idle: nil, awaitingReply: nil, rtt: nil, retransmits: 0, unacknowledged: 0,
        standing: .unnamed, pool: nil)
    }
  }

  private static func rows() throws -> [[Substring]] {
    let text = try ProcFile.text("/proc/net/tcp")
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
  }

  /// `0200007F:1538`: the address in the host's byte order.
  private static func address(_ text: Substring) -> SocketAddress? {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let value = UInt32(parts[0], radix: 16), let port = UInt16(parts[1], radix: 16) else {
      return nil
    }
    return SocketAddress(IPAddress(v4: UInt32(bigEndian: value)), port: port)
  }
}
