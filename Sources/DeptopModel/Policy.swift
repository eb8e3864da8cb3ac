/// What a client is configured to do; nil where it does not say.
package struct Policy: Sendable, Hashable, Codable {
  /// The time that a whole request may take, retries included.
  package var deadline: Duration?
  /// Attempts after the first, 0 or more.
  package var retries: Int?
  /// Retries / requests that the client allows itself, 0…1.
  package var retryBudget: Double?
  package var acquireTimeout: Duration?
  package var connectTimeout: Duration?
  package var readTimeout: Duration?
  /// The age at which the pool replaces a connection.
  package var maximumLifetime: Duration?
  /// How long the pool keeps an idle connection.
  package var idleTimeout: Duration?
  /// Idle time before the first keepalive probe.
  package var keepalive: Duration?

  private enum CodingKeys: String, CodingKey {
    case retries, retryBudget
    case deadline = "deadlineSeconds"
    case acquireTimeout = "acquireTimeoutSeconds"
    case connectTimeout = "connectTimeoutSeconds"
    case readTimeout = "readTimeoutSeconds"
    case maximumLifetime = "maximumLifetimeSeconds"
    case idleTimeout = "idleTimeoutSeconds"
    case keepalive = "keepaliveSeconds"
  }

  package init(
    deadline: Duration? = nil, retries: Int? = nil, retryBudget: Double? = nil, acquireTimeout: Duration? = nil,
    connectTimeout: Duration? = nil, readTimeout: Duration? = nil, maximumLifetime: Duration? = nil,
    idleTimeout: Duration? = nil, keepalive: Duration? = nil
  ) {
    self.deadline = deadline
    self.retries = retries
    self.retryBudget = retryBudget
    self.acquireTimeout = acquireTimeout
    self.connectTimeout = connectTimeout
    self.readTimeout = readTimeout
    self.maximumLifetime = maximumLifetime
    self.idleTimeout = idleTimeout
    self.keepalive = keepalive
  }
}
