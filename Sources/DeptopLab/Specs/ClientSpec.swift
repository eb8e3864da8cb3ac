/// One service of the lab's fleet: a process that calls its dependencies.
package struct ClientSpec: Sendable, Hashable, Codable {
  /// The service, as deptop shows it: `orders`.
  package var name: String
  /// The collector's ingest socket; nil for a service that nobody instrumented.
  package var ingestSocket: String?
  /// Where names are asked for.
  package var resolver: String
  package var resolverPort: UInt16
  package var dependencies: [CallSpec]
  /// The file that its ledger goes to.
  package var ledger: String
  /// Time that it takes from the start to the first request, seconds: what a restart costs.
  package var startUp = 0.0

  package init(
    name: String, ingestSocket: String?, resolver: String, resolverPort: UInt16, dependencies: [CallSpec],
    ledger: String
  ) {
    self.name = name
    self.ingestSocket = ingestSocket
    self.resolver = resolver
    self.resolverPort = resolverPort
    self.dependencies = dependencies
    self.ledger = ledger
  }
}

/// How a service calls one dependency.
package struct CallSpec: Sendable, Hashable, Codable {
  /// The dependency's name: `orders-db`.
  package var dependency: String
  /// What deptop is told that it speaks.
  package var kind: String
  package var host: String
  package var port: UInt16
  package var style: WireStyle
  /// Requests a second, at random moments; they come whether or not earlier ones were answered.
  package var rate: Double
  /// Bytes of a request, and of every ``largeEvery``th one.
  package var requestBytes = 100
  package var largeRequestBytes = 100
  /// 0 means that there are no large ones.
  package var largeEvery = 0
  package var pool = PoolSpec()
  package var breaker: BreakerSpec?
  package var retry = RetrySpec()
  package var limits = LimitSpec()
  package var names = NameCaching.timeToLive

  package init(dependency: String, kind: String, host: String, port: UInt16, style: WireStyle, rate: Double) {
    self.dependency = dependency
    self.kind = kind
    self.host = host
    self.port = port
    self.style = style
    self.rate = rate
  }
}

/// A connection pool.
///
/// Times are seconds; nil means never.
package struct PoolSpec: Sendable, Hashable, Codable {
  package var max = 8
  /// Connections that are kept open without traffic.
  package var minimum = 0
  /// How long an idle connection is kept.
  package var idleTimeout: Double?
  /// The age at which a connection is replaced.
  package var maximumLifetime: Double?
  /// A connection that was idle for longer is tried before it is handed out.
  package var validateAfter: Double?
  /// How long a caller waits for a connection.
  package var acquireTimeout: Double? = 1
  /// TCP keepalive on the pool's sockets: idle seconds before the first probe.
  package var keepalive: Int?
  /// The share of calls, 0…1, that forget to give their connection back.
  package var leaks = 0.0
  /// True when a caller that has given up leaves neither the queue nor the connection: the work goes on for nobody.
  package var keepsAbandonedWork = false

  package init() {}
}

/// A circuit breaker over the latest calls.
package struct BreakerSpec: Sendable, Hashable, Codable {
  /// Failures / calls at which it opens, 0…1.
  package var failureRatio = 0.5
  package var minimumCalls = 20
  /// The latest calls that count.
  package var window = 50
  /// Seconds that it stays open before it tries again.
  package var openFor = 5.0
  /// Calls that pass while it is half-open.
  package var permits = 3
  /// True for a breaker with the bug that it never tries again by itself.
  package var isStuck = false

  package init() {}
}

/// Bounded retries.
package struct RetrySpec: Sendable, Hashable, Codable {
  /// Attempts in all, 1 or more.
  package var attempts = 1
  /// Layers that each make that many attempts of what the layer below them does: 3 layers of 3 make 27.
  package var layers = 1
  /// Seconds before the second attempt; doubles with each further one.
  package var backoff = 0.05
  package var longestBackoff = 2.0
  package var jitter = Jitter.full
  /// Retries / calls that it allows itself; nil means no bound.
  package var budget: Double?
  /// True when a request that may have been carried out is sent again.
  package var repeatsSent = true

  package init() {}

  /// How the back-off is spread.
  package enum Jitter: String, Sendable, Hashable, Codable, CaseIterable {
    case none, full
  }
}

/// Time limits, seconds; nil means none.
package struct LimitSpec: Sendable, Hashable, Codable {
  package var connect: Double? = 1
  package var read: Double? = 2
  /// Of the whole call, retries and waiting included; what is left of it bounds every part.
  package var deadline: Double? = 3
  /// False when a part is not bounded by what is left of the deadline.
  package var passesDeadlineOn = true

  package init() {}
}

/// How long a client keeps an answer of the name server.
package enum NameCaching: String, Sendable, Hashable, Codable {
  /// Asks for each new connection.
  case none
  case timeToLive
  /// Until it is told to ask again, or restarted.
  case forever
}

/// What a client is told, one JSON line each on its standard input; the end of the input ends it.
package enum ClientCommand: Sendable, Hashable, Codable {
  /// How it calls the dependency of that name from now on; connections and breaker state are kept.
  case call(CallSpec)
  /// Closes every connection to a dependency at once, in use or not, as a careless drain does.
  case dropConnections(dependency: String)
}
