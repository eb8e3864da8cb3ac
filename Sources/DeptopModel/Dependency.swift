/// Something outside the process that services of this host call, with everything that is read about it.
package struct Dependency: Sendable, Hashable, Codable, Identifiable {
  package var id: DependencyID
  package var kind: ServiceKind?
  /// The configured host name or address; nil for one that was discovered.
  package var host: String?
  package var port: UInt16
  package var origin: Origin
  package var level: Level
  /// Connections by client and kind, read when the newest of them was first seen; nil before the first sweep.
  package var sockets: Reading<SocketSummary>?
  /// One for each client that reports a pool.
  package var pools: [Reading<PoolReading>]
  package var requests: Reading<RequestReading>?
  /// What clients did with it lately, by their own reports; nil when none reports calls.
  package var calls: Reading<CallReading>?
  /// What its calls usually are, and how the present trouble began; nil before that is known.
  package var trend: CallTrend?
  /// One for each client that reports a breaker, worst first.
  package var breakers: [Reading<BreakerReading>]
  /// What its clients are configured to do, where they agree on it.
  package var policy: Policy?
  /// nil when the dependency has no name to resolve.
  package var resolution: Resolution?
  /// The name as other network namespaces of the host see it that have connections to it; empty when there are none.
  package var views: [ResolutionView]
  /// nil when nothing is declared of the path, and nothing was found out.
  package var path: NetworkPath?
  /// nil when no connection ended lately.
  package var closings: ClosingSummary?
  /// Time to open a TCP connection, by probe.
  package var connect: ConnectSummary?
  /// The last time that data was seen to move on any connection.
  package var lastTrafficAt: WallTime?
  /// Sources that should describe it and do not answer.
  package var silentSources: [SilentSource]
  package var actions: [ActionOffer]

  /// How deptop came to know it.
  package enum Origin: String, Sendable, Hashable, Codable {
    case configured, discovered
    /// A client told of it.
    case reported
  }

  package init(id: DependencyID, kind: ServiceKind?, host: String?, port: UInt16, origin: Origin) {
    self.id = id
    self.kind = kind
    self.host = host
    self.port = port
    self.origin = origin
    level = .unknown
    sockets = nil
    pools = []
    requests = nil
    calls = nil
    trend = nil
    breakers = []
    policy = nil
    resolution = nil
    views = []
    path = nil
    closings = nil
    connect = nil
    lastTrafficAt = nil
    silentSources = []
    actions = []
  }
}

/// A source that stopped answering.
package struct SilentSource: Sendable, Hashable, Codable {
  package var source: SourceID
  package var since: WallTime
  package var reason: String
  /// When it is asked again.
  package var nextAttemptAt: WallTime?

  package init(source: SourceID, since: WallTime, reason: String, nextAttemptAt: WallTime?) {
    self.source = source
    self.since = since
    self.reason = reason
    self.nextAttemptAt = nextAttemptAt
  }
}

/// The connections to a dependency, counted.
package struct SocketSummary: Sendable, Hashable, Codable {
  package var established: Int
  /// SYN sent, not answered yet.
  package var connecting: Int
  /// Any state after established.
  package var closing: Int
  /// Established, nothing unacknowledged and no reply awaited.
  package var idle: Int
  /// First sight of the oldest connection.
  package var oldestSince: WallTime?
  /// True when the oldest connection was there before deptop.
  package var isOldestOlder: Bool
  /// Median of the smoothed round-trip times.
  package var rttMedian: Duration?
  /// Retransmissions over the life of the connections there are now.
  package var retransmits: UInt64
  package var clients: [ClientConnections]
  /// Ascending by address.
  package var addresses: [AddressUse]
  package var conditions: SocketConditions

  private enum CodingKeys: String, CodingKey {
    case established, connecting, closing, idle, oldestSince, isOldestOlder, retransmits, clients, addresses, conditions
    case rttMedian = "rttMedianSeconds"
  }

  package init(
    established: Int, connecting: Int, closing: Int, idle: Int, oldestSince: WallTime?, isOldestOlder: Bool,
    rttMedian: Duration?, retransmits: UInt64, clients: [ClientConnections], addresses: [AddressUse],
    conditions: SocketConditions = SocketConditions()
  ) {
    self.established = established
    self.connecting = connecting
    self.closing = closing
    self.idle = idle
    self.oldestSince = oldestSince
    self.isOldestOlder = isOldestOlder
    self.rttMedian = rttMedian
    self.retransmits = retransmits
    self.clients = clients
    self.addresses = addresses
    self.conditions = conditions
  }

  /// Connections in any state.
  package var total: Int { established + connecting + closing }
}

/// A process and how many of the connections it holds.
package struct ClientConnections: Sendable, Hashable, Codable {
  /// nil when the owner may not be read.
  package var owner: SocketOwner?
  package var connections: Int
  /// Those on a dead path, and those that wait for a reply.
  package var dead: Int
  package var waiting: Int
  /// The network namespace that they are in.
  package var namespace: NamespaceID

  package init(
    owner: SocketOwner?, connections: Int, dead: Int = 0, waiting: Int = 0, namespace: NamespaceID = .own
  ) {
    self.owner = owner
    self.connections = connections
    self.dead = dead
    self.waiting = waiting
    self.namespace = namespace
  }
}

/// How many connections go to one address, and what DNS says about it.
package struct AddressUse: Sendable, Hashable, Codable {
  package var address: IPAddress
  /// Established connections.
  package var connections: Int
  package var idle: Int
  package var standing: Standing
  /// When it left the answers, for ``Standing-swift.enum/left``.
  package var leftAt: WallTime?
  /// When the newest of the connections was opened, as far as is known; nil without connections.
  package var newestSince: WallTime?
  /// The namespace whose view of the name it is held against.
  package var namespace: NamespaceID
  /// Where connections to it really go, ascending, when the address is translated on this host.
  package var translated: [SocketAddress]

  /// An address against the answers of its name.
  package enum Standing: String, Sendable, Hashable, Codable {
    /// There is no name, or no answer yet.
    case unnamed
    /// In the current answers.
    case current
    /// Was in the answers, and is no more.
    case left
    /// Never in any answer that deptop saw, but the pool's owner itself resolved the name to it.
    case suspected
    /// Never in any answer that deptop saw: drift cannot be told from a mapping on the way.
    case neverAnswered
  }

  package init(
    address: IPAddress, connections: Int, idle: Int, standing: Standing, leftAt: WallTime? = nil,
    newestSince: WallTime? = nil, namespace: NamespaceID = .own, translated: [SocketAddress] = []
  ) {
    self.address = address
    self.connections = connections
    self.idle = idle
    self.standing = standing
    self.leftAt = leftAt
    self.newestSince = newestSince
    self.namespace = namespace
    self.translated = translated
  }
}

/// Times to open a TCP connection, measured by the probe.
package struct ConnectSummary: Sendable, Hashable, Codable {
  package var addresses: [AddressConnect]
  package var source: SourceID
  /// Of all addresses together.
  package var histogram: Histogram

  package init(addresses: [AddressConnect], source: SourceID, histogram: Histogram) {
    self.addresses = addresses
    self.source = source
    self.histogram = histogram
  }
}

/// The probe's view of one address.
package struct AddressConnect: Sendable, Hashable, Codable {
  package var address: IPAddress
  package var attempts: UInt64
  package var failures: UInt64
  package var lastAt: WallTime
  /// nil when the last attempt failed.
  package var last: Duration?
  /// Why the last attempt failed.
  package var lastFailure: String?

  private enum CodingKeys: String, CodingKey {
    case address, attempts, failures, lastAt, lastFailure
    case last = "lastSeconds"
  }

  package init(
    address: IPAddress, attempts: UInt64, failures: UInt64, lastAt: WallTime, last: Duration?, lastFailure: String?
  ) {
    self.address = address
    self.attempts = attempts
    self.failures = failures
    self.lastAt = lastAt
    self.last = last
    self.lastFailure = lastFailure
  }
}
