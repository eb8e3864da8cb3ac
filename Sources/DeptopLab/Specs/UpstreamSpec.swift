/// One upstream of the lab: a process that listens on several addresses and answers requests.
package struct UpstreamSpec: Sendable, Hashable, Codable {
  /// The dependency that it is, such as `orders-db`.
  package var name: String
  package var style: WireStyle
  /// IPv4 addresses to listen on.
  package var addresses: [String]
  package var port: UInt16
  package var service: ServiceModel
  /// The file that its ledger goes to.
  package var ledger: String

  package init(
    name: String, style: WireStyle, addresses: [String], port: UInt16, service: ServiceModel = ServiceModel(),
    ledger: String
  ) {
    self.name = name
    self.style = style
    self.addresses = addresses
    self.port = port
    self.service = service
    self.ledger = ledger
  }
}

/// What is spoken on a connection.
package enum WireStyle: String, Sendable, Hashable, Codable, CaseIterable {
  /// HTTP/1.1 with keep-alive; the request's id travels in `X-Request-ID`.
  case http
  /// Lines, one request at a time, as of a database or a cache; the request's id is in the line.
  case lines
}

/// How an upstream serves, as a queue with some workers.
///
/// Every field can be changed while it runs.
package struct ServiceModel: Sendable, Hashable, Codable {
  /// Mean time that a worker takes for a request, seconds.
  package var serviceTime = 0.01
  /// How far a single time may be from the mean, 0…1 of it, evenly spread.
  package var spread = 0.2
  /// Requests that are worked on at the same time.
  package var workers = 8
  /// Requests that wait; the next one is answered with an error at once.
  package var queue = 1000
  /// Requests that are answered with an error, 0…1.
  package var errors = 0.0
  /// True when requests are read and never answered.
  package var isStalled = false
  /// True when new connections are closed at once.
  package var isRefusing = false
  /// True when a waiting request whose connection has closed is thrown away instead of worked on.
  package var dropsAbandoned = false
  /// Time that a new connection takes before its first request is served, seconds: a handshake, a login.
  package var login = 0.0
  /// Logins that are worked on at the same time.
  package var logins = 8

  package init() {}
}

/// A change of some fields of a ``ServiceModel``; what is nil stays.
package struct ServiceChange: Sendable, Hashable, Codable {
  package var serviceTime: Double?
  package var spread: Double?
  package var workers: Int?
  package var queue: Int?
  package var errors: Double?
  package var isStalled: Bool?
  package var isRefusing: Bool?
  package var dropsAbandoned: Bool?
  package var login: Double?
  package var logins: Int?

  package init() {}

  package func applied(to model: ServiceModel) -> ServiceModel {
    var changed = model
    changed.serviceTime = serviceTime ?? model.serviceTime
    changed.spread = spread ?? model.spread
    changed.workers = workers ?? model.workers
    changed.queue = queue ?? model.queue
    changed.errors = errors ?? model.errors
    changed.isStalled = isStalled ?? model.isStalled
    changed.isRefusing = isRefusing ?? model.isRefusing
    changed.dropsAbandoned = dropsAbandoned ?? model.dropsAbandoned
    changed.login = login ?? model.login
    changed.logins = logins ?? model.logins
    return changed
  }
}

/// What an upstream is told, one JSON line each on its standard input; the end of the input ends it.
package enum UpstreamCommand: Sendable, Hashable, Codable {
  /// How it serves from now on, at one of its addresses or at all of them.
  case service(ServiceModel, address: String?)
  /// Closes the connections that are open, at one address or at all, as a careless operator does.
  case closeConnections(address: String?)
}
