/// What is known of the network between this host and a dependency.
package struct NetworkPath: Sendable, Hashable, Codable {
  /// How long a NAT, firewall or load balancer on the way keeps an idle connection, as the configuration declares it.
  package var declaredIdleTimeout: Duration?
  /// The largest packet that fits, in bytes, as the configuration declares it.
  package var declaredMTU: Int?
  /// The longest silence that a connection has survived, and the shortest that one has not, as deptop has seen it in
  /// the last 30 minutes: the path's idle timeout is between them.
  package var survivedIdle: Duration?
  package var failedIdle: Duration?
  /// The last check by probe.
  package var check: PathCheck?
  package var checkedAt: WallTime?

  private enum CodingKeys: String, CodingKey {
    case declaredMTU, check, checkedAt
    case declaredIdleTimeout = "declaredIdleTimeoutSeconds"
    case survivedIdle = "survivedIdleSeconds"
    case failedIdle = "failedIdleSeconds"
  }

  package init() {}

  /// The idle timeout to reckon with: declared, else the shortest silence that killed.
  package var idleTimeout: Duration? { declaredIdleTimeout ?? failedIdle }
}

/// What probes of one address found out about the path to it.
package struct PathCheck: Sendable, Hashable, Codable {
  package var address: SocketAddress
  /// From the established connection to the end of the TLS handshake; nil when it is not tried.
  package var tlsHandshake: Duration?
  /// Why the handshake failed; nil when it did not, or was not tried.
  package var tlsFailure: String?
  /// From the request to the first byte of its answer, for protocols of which one is known that does no harm.
  package var firstByte: Duration?
  package var firstByteFailure: String?
  /// The largest IP packet that was acknowledged, in bytes; nil when sizes were not tried, or none passed.
  package var largestPacket: Int?
  /// The smallest packet that was not; nil when the largest that the interface takes has passed.
  package var smallestLost: Int?
  /// What the size suggests, such as `VXLAN or Geneve`; nil when it suggests nothing.
  package var overlay: String?
  /// Why sizes could not be tried.
  package var sizeProblem: String?

  private enum CodingKeys: String, CodingKey {
    case address, tlsFailure, firstByteFailure, largestPacket, smallestLost, overlay, sizeProblem
    case tlsHandshake = "tlsHandshakeSeconds"
    case firstByte = "firstByteSeconds"
  }

  package init(address: SocketAddress) {
    self.address = address
  }
}
