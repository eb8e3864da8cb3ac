/// What one client says about one dependency: gauges as they are now, counts since the client started.
///
/// It is the same whether an agent reported it, OTLP carried it or a scrape found it. What is nil is not known.
package struct ClientReport: Sendable, Hashable, Codable {
  /// The dependency by the name that the client gives it; nil when only its endpoint is known.
  package var name: String?
  package var kind: ServiceKind?
  /// A host name or an address.
  package var host: String?
  package var port: UInt16?
  package var pool: ReportedPool?
  package var totals: CallTotals?
  /// Time from sending a request to its answer, without the wait for a connection.
  package var responseTime: Distribution?
  /// Time that callers waited for a connection.
  package var waitTime: Distribution?
  package var phases: [Phase: Distribution]?
  /// Requests that have no answer yet.
  package var waiting: Int?
  package var oldestWaiting: Duration?
  package var breaker: ReportedBreaker?
  package var policy: Policy?
  /// The connections that the client holds; nil when it does not list them.
  package var connections: [ReportedConnection]?
  /// What the client does when it is told.
  package var verbs: [ActionVerb]?
  /// True when the client obeys commands that name single connections; else it is told a scope and chooses by itself.
  package var choosesConnections: Bool?

  private enum CodingKeys: String, CodingKey {
    case name, kind, host, port, pool, totals, responseTime, waitTime, phases, waiting, breaker, policy, connections
    case verbs, choosesConnections
    case oldestWaiting = "oldestWaitingSeconds"
  }

  package init(name: String? = nil, kind: ServiceKind? = nil, host: String? = nil, port: UInt16? = nil) {
    self.name = name
    self.kind = kind
    self.host = host
    self.port = port
  }
}

/// A pool as its client reports it: the fields of ``PoolReading`` that can be known from inside.
package struct ReportedPool: Sendable, Hashable, Codable {
  package var active: Int?
  package var idle: Int?
  package var transitional: Int?
  /// Callers waiting for a connection; nil when the pool does not count them.
  package var pending: Int?
  /// The most connections that the pool opens; nil when it is not limited, or not known.
  package var max: Int?
  package var oldestWait: Duration?

  private enum CodingKeys: String, CodingKey {
    case active, idle, transitional, pending, max
    case oldestWait = "oldestWaitSeconds"
  }

  package init(
    active: Int? = nil, idle: Int? = nil, transitional: Int? = nil, pending: Int? = nil, max: Int? = nil,
    oldestWait: Duration? = nil
  ) {
    self.active = active
    self.idle = idle
    self.transitional = transitional
    self.pending = pending
    self.max = max
    self.oldestWait = oldestWait
  }
}

/// A breaker as its client reports it.
package struct ReportedBreaker: Sendable, Hashable, Codable {
  package var name: String?
  package var state: BreakerState
  package var since: WallTime?
  package var reason: String?
  package var notPermitted: UInt64?
  package var failureRatio: Double?
  package var openWait: Duration?
  /// The newest, oldest first; a client that does not keep them leaves them out, and deptop keeps what it sees.
  package var transitions: [BreakerTransition]?

  private enum CodingKeys: String, CodingKey {
    case name, state, since, reason, notPermitted, failureRatio, transitions
    case openWait = "openWaitSeconds"
  }

  package init(name: String? = nil, state: BreakerState, since: WallTime? = nil, reason: String? = nil) {
    self.name = name
    self.state = state
    self.since = since
    self.reason = reason
  }
}

/// One connection that a client holds.
package struct ReportedConnection: Sendable, Hashable, Codable {
  /// The client's own end.
  package var local: SocketAddress
  package var remote: SocketAddress
  /// True when a request is on it.
  package var isActive: Bool
  package var connectedAt: WallTime?

  package init(local: SocketAddress, remote: SocketAddress, isActive: Bool, connectedAt: WallTime? = nil) {
    self.local = local
    self.remote = remote
    self.isActive = isActive
    self.connectedAt = connectedAt
  }
}

/// Who reports: a process or an instance of an application, as the kernel or the telemetry names it.
package struct ClientIdentity: Sendable, Hashable, Codable {
  /// Shown on the screen: `orders@web-17`.
  package var name: String
  /// The process, where the kernel says which one it is.
  package var pid: Int32?
  package var uid: UInt32?
  /// The control group of the process, which outlives each single process of a shell script.
  package var cgroup: String?
  /// False when nothing but its own word says who it is.
  package var isVerified: Bool

  package init(
    name: String, pid: Int32? = nil, uid: UInt32? = nil, cgroup: String? = nil, isVerified: Bool = true
  ) {
    self.name = name
    self.pid = pid
    self.uid = uid
    self.cgroup = cgroup
    self.isVerified = isVerified
  }
}

/// A client's report with who made it, and since when its counts grow.
package struct ClientObservation: Sendable, Hashable {
  package var client: ClientIdentity
  package var report: ClientReport
  /// When the counts began, of which a later moment means that they began anew; nil when only the counts tell.
  package var countingSince: WallTime?
  /// When the client read it; nil means when it arrived.
  package var readAt: WallTime?

  package init(
    client: ClientIdentity, report: ClientReport, countingSince: WallTime? = nil, readAt: WallTime? = nil
  ) {
    self.client = client
    self.report = report
    self.countingSince = countingSince
    self.readAt = readAt
  }
}
