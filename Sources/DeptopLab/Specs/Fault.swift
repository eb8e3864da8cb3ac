/// One thing that is broken, or mended, in a running lab.
package enum Fault: Sendable, Hashable, Codable {
  /// How an upstream serves, at one of its addresses or at all.
  case upstream(String, address: String?, ServiceChange)
  /// Closes an upstream's connections from its side.
  case closeUpstream(String, address: String?)
  /// Another answer for a name.
  case name(NameRecord)
  case nameServer(NameCommand)
  case router(RouterFault)
  /// Some fields of how a client calls a dependency.
  case client(String, dependency: String, CallChange)
  /// Closes a client's connections to a dependency at once, in use or not.
  case dropConnections(client: String, dependency: String)
  /// Ends a client by SIGKILL and starts it anew, with a start-up time in seconds.
  case restart(client: String, startUp: Double)
}

/// What the router between the clients and the upstreams does.
package enum RouterFault: Sendable, Hashable, Codable {
  /// How long it keeps an idle connection, seconds; nil means 5 days.
  case idleTimeout(Double?)
  /// Forgets every connection now.
  case forget
  /// Answers packets of connections that it does not know with RST, instead of dropping them.
  case resetsUnknown(Bool)
  /// The largest packet towards the upstreams, in bytes, without a word about those that are larger; nil means 1500.
  case swallowsLargerThan(Int?)
  /// Drops every packet to an address, or no more.
  case drop(address: String, Bool)
  /// Refuses new connections to an address with RST, or no more.
  case refuse(address: String, Bool)
}

/// A change of some fields of a ``CallSpec``; what is nil stays.
package struct CallChange: Sendable, Hashable, Codable {
  package var rate: Double?
  package var largeEvery: Int?
  package var largeRequestBytes: Int?
  package var pool: PoolSpec?
  package var breaker: BreakerSpec?
  package var retry: RetrySpec?
  package var limits: LimitSpec?
  package var names: NameCaching?

  package init() {}

  package func applied(to spec: CallSpec) -> CallSpec {
    var changed = spec
    changed.rate = rate ?? spec.rate
    changed.largeEvery = largeEvery ?? spec.largeEvery
    changed.largeRequestBytes = largeRequestBytes ?? spec.largeRequestBytes
    changed.pool = pool ?? spec.pool
    changed.breaker = breaker ?? spec.breaker
    changed.retry = retry ?? spec.retry
    changed.limits = limits ?? spec.limits
    changed.names = names ?? spec.names
    return changed
  }
}
