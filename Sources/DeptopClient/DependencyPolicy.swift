internal import DeptopModel

/// What an application's client is configured to do; nil where it does not say.
public struct DependencyPolicy: Sendable, Hashable {
  /// The time that a whole call may take, retries included.
  public var deadline: Duration?
  /// Attempts after the first, 0 or more.
  public var retries: Int?
  /// Retries / calls that the client allows itself, 0…1.
  public var retryBudget: Double?
  /// How long a caller waits for a connection.
  public var acquireTimeout: Duration?
  /// How long a connection may take to be made.
  public var connectTimeout: Duration?
  /// How long an answer may take.
  public var readTimeout: Duration?
  /// The age at which the pool replaces a connection.
  public var maximumLifetime: Duration?
  /// How long the pool keeps an idle connection.
  public var idleTimeout: Duration?
  /// Idle time before the first keepalive probe.
  public var keepalive: Duration?

  /// A policy that says nothing yet.
  public init() {}

  var policy: Policy {
    Policy(
      deadline: deadline, retries: retries, retryBudget: retryBudget.flatMap { $0.isFinite ? $0 : nil },
      acquireTimeout: acquireTimeout, connectTimeout: connectTimeout, readTimeout: readTimeout,
      maximumLifetime: maximumLifetime, idleTimeout: idleTimeout, keepalive: keepalive)
  }
}
