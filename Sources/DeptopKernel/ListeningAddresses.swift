package import DeptopModel

/// The listening sockets of one table, to ask quickly whether a connection came in through one.
package struct ListeningAddresses: Sendable {
  private var byPort: [UInt16: [ListeningSocket]]
  /// One bit for each port: nearly all of the connections of a client are answered by it.
  private var ports = [UInt64](repeating: 0, count: 1024)

  package init(_ listeners: [ListeningSocket]) {
    byPort = Dictionary(grouping: listeners, by: \.address.port)
    for port in byPort.keys { ports[Int(port / 64)] |= 1 << UInt64(port % 64) }
  }

  /// Whether one of the sockets takes connections to this local address.
  package func accept(_ local: SocketAddress) -> Bool {
    guard ports[Int(local.port / 64)] & (1 << UInt64(local.port % 64)) != 0 else { return false }
    return byPort[local.port, default: []].contains { $0.accepts(local) }
  }
}
