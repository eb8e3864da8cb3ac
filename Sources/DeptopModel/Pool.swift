/// One client's pool of connections to one dependency, as its owner reports it.
package struct PoolReading: Sendable, Hashable, Codable {
  /// Who holds the pool: a process, an application instance or a proxy.
  package var client: String
  /// Connections that carry a request or a transaction.
  package var active: Int
  /// Connections that are ready for use; nil when the pool does not count them.
  package var idle: Int?
  /// Connections that are being opened, checked or closed.
  package var transitional: Int
  /// Callers waiting for a connection; nil when the pool does not count them.
  package var pending: Int?
  /// The most connections that the pool opens; nil when it is not limited.
  package var max: Int?
  /// How long the caller at the head of the queue has waited; nil when not reported.
  package var oldestWait: Duration?
  /// How connections are shared (`session`, `transaction`, `statement`).
  package var mode: String?
  package var isPaused: Bool
  package var isDisabled: Bool
  /// The age at which the pool replaces a connection by itself; nil when not known.
  package var maximumLifetime: Duration?

  private enum CodingKeys: String, CodingKey {
    case client, active, idle, transitional, pending, max, mode, isPaused, isDisabled
    case oldestWait = "oldestWaitSeconds"
    case maximumLifetime = "maximumLifetimeSeconds"
  }

  package init(
    client: String, active: Int, idle: Int?, transitional: Int = 0, pending: Int? = 0, max: Int? = nil,
    oldestWait: Duration? = nil, mode: String? = nil, isPaused: Bool = false, isDisabled: Bool = false,
    maximumLifetime: Duration? = nil
  ) {
    self.client = client
    self.active = active
    self.idle = idle
    self.transitional = transitional
    self.pending = pending
    self.max = max
    self.oldestWait = oldestWait
    self.mode = mode
    self.isPaused = isPaused
    self.isDisabled = isDisabled
    self.maximumLifetime = maximumLifetime
  }

  /// Connections in any state.
  package var size: Int { active.addingSaturated(idle ?? 0).addingSaturated(transitional) }
}

/// One connection as a pool's owner lists it.
package struct PoolConnection: Sendable, Hashable, Codable {
  /// The owner's end; nil for a Unix socket.
  package var local: SocketAddress?
  package var remote: SocketAddress
  /// The owner's word for its state (`active`, `idle`, `used`, `tested`, `new`).
  package var state: String
  /// True when a request or transaction is on it.
  package var isActive: Bool
  /// True when the owner will close it as soon as it is returned.
  package var isClosing: Bool
  package var connectedAt: WallTime?

  package init(
    local: SocketAddress?, remote: SocketAddress, state: String, isActive: Bool, isClosing: Bool,
    connectedAt: WallTime?
  ) {
    self.local = local
    self.remote = remote
    self.state = state
    self.isActive = isActive
    self.isClosing = isClosing
    self.connectedAt = connectedAt
  }
}

/// Requests through a pool over one interval between two readings.
package struct RequestReading: Sendable, Hashable, Codable {
  /// Requests per second.
  package var rate: Double
  /// Mean time that the dependency took, without the wait for a connection; nil when it cannot be known.
  package var upstreamMean: Duration?
  /// Mean time that a request waited for a connection.
  package var waitMean: Duration?

  private enum CodingKeys: String, CodingKey {
    case rate = "ratePerSecond"
    case upstreamMean = "upstreamMeanSeconds"
    case waitMean = "waitMeanSeconds"
  }

  package init(rate: Double, upstreamMean: Duration?, waitMean: Duration?) {
    self.rate = rate
    self.upstreamMean = upstreamMean
    self.waitMean = waitMean
  }
}
