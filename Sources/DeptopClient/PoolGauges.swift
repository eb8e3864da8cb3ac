internal import DeptopModel

/// A pool as it is at one moment; nil where the pool does not count.
public struct PoolGauges: Sendable, Hashable {
  /// Connections that carry a request.
  public var active: Int?
  /// Connections that are ready for use.
  public var idle: Int?
  /// Connections that are being opened, checked or closed.
  public var transitional: Int?
  /// Callers waiting for a connection.
  public var pending: Int?
  /// The most connections that the pool opens; nil when it is not limited.
  public var max: Int?
  /// How long the caller at the head of the queue has waited.
  public var oldestWait: Duration?
  /// The connections themselves; nil when they are not listed.
  ///
  /// At most ``connectionsReported`` are reported.
  public var connections: [HeldConnection]?

  /// How many connections of one pool are reported.
  public static let connectionsReported = 1_024

  /// A pool's gauges.
  ///
  /// - Parameters:
  ///   - active: Connections that carry a request.
  ///   - idle: Connections that are ready for use.
  ///   - transitional: Connections that are being opened, checked or closed.
  ///   - pending: Callers waiting for a connection.
  ///   - max: The most connections that the pool opens.
  ///   - oldestWait: How long the caller at the head of the queue has waited.
  ///   - connections: The connections themselves.
  public init(
    active: Int? = nil, idle: Int? = nil, transitional: Int? = nil, pending: Int? = nil, max: Int? = nil,
    oldestWait: Duration? = nil, connections: [HeldConnection]? = nil
  ) {
    self.active = active
    self.idle = idle
    self.transitional = transitional
    self.pending = pending
    self.max = max
    self.oldestWait = oldestWait
    self.connections = connections
  }

  var pool: ReportedPool {
    ReportedPool(
      active: active, idle: idle, transitional: transitional, pending: pending, max: max, oldestWait: oldestWait)
  }

  /// Those of the connections whose addresses are addresses.
  var reported: [ReportedConnection]? {
    connections.map { $0.prefix(PoolGauges.connectionsReported).compactMap(\.reported) }
  }
}

/// One connection that a pool holds.
public struct HeldConnection: Sendable, Hashable {
  /// The address of the application's own end, IPv4 or IPv6.
  public var localAddress: String
  /// The port of the application's own end.
  public var localPort: UInt16
  /// The address of the other end.
  public var remoteAddress: String
  /// The port of the other end.
  public var remotePort: UInt16
  /// True when a request is on it.
  public var isActive: Bool

  /// A connection; one with an end that is no IP address is not reported.
  ///
  /// - Parameters:
  ///   - localAddress: The address of the application's own end.
  ///   - localPort: The port of the application's own end.
  ///   - remoteAddress: The address of the other end.
  ///   - remotePort: The port of the other end.
  ///   - isActive: True when a request is on it.
  public init(
    localAddress: String, localPort: UInt16, remoteAddress: String, remotePort: UInt16, isActive: Bool
  ) {
    self.localAddress = localAddress
    self.localPort = localPort
    self.remoteAddress = remoteAddress
    self.remotePort = remotePort
    self.isActive = isActive
  }

  var reported: ReportedConnection? {
    guard let local = IPAddress(localAddress), let remote = IPAddress(remoteAddress) else { return nil }
    return ReportedConnection(
      local: SocketAddress(local, port: localPort), remote: SocketAddress(remote, port: remotePort),
      isActive: isActive)
  }
}
