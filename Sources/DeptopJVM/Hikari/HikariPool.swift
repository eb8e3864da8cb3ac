package import DeptopModel

/// One HikariCP pool as its beans describe it at one moment.
package struct HikariPool: Sendable, Hashable {
  package var name: String
  /// The pool's bean: what operations are invoked on.
  package var objectName: String
  /// Connections in use.
  package var active: Int
  package var idle: Int
  /// Every connection that the pool holds.
  package var total: Int
  /// Callers that wait for a connection; those that a suspended pool holds are not among them.
  package var pending: Int
  /// nil when the configuration's bean was not read.
  package var max: Int?
  package var policy: Policy?

  static let poolAttributes = ["ActiveConnections", "IdleConnections", "TotalConnections", "ThreadsAwaitingConnection"]
  /// Never user or password, which the bean has too.
  static let configurationAttributes = [
    "MaximumPoolSize", "MinimumIdle", "ConnectionTimeout", "IdleTimeout", "MaxLifetime",
  ]

  /// nil when a number is missing: a sum over the rest would be wrong.
  init?(_ bean: HikariBean, _ value: JolokiaValue, configuration: JolokiaValue?) {
    let numbers = HikariPool.poolAttributes.map { value[$0]?.wholeNumber }
    guard let active = numbers[0], let idle = numbers[1], let total = numbers[2], let pending = numbers[3],
      active >= 0, idle >= 0, total >= 0, pending >= 0
    else { return nil }
    name = bean.pool
    objectName = bean.objectName
    self.active = active
    self.idle = idle
    self.total = total
    self.pending = pending
    max = configuration?["MaximumPoolSize"]?.wholeNumber.flatMap { $0 > 0 ? $0 : nil }
    policy = configuration.map(HikariPool.policy)
  }

  /// HikariCP means "no limit" by 0, and by the largest `int` for the time to wait (`HikariConfig.setConnectionTimeout`).
  private static func policy(_ value: JolokiaValue) -> Policy {
    let milliseconds = { (attribute: String) -> Duration? in
      guard let number = value[attribute]?.wholeNumber, number > 0, number < Int(Int32.max) else { return nil }
      return .milliseconds(number)
    }
    var policy = Policy(
      acquireTimeout: milliseconds("ConnectionTimeout"), maximumLifetime: milliseconds("MaxLifetime"))
    let minimum = value["MinimumIdle"]?.wholeNumber
    let maximum = value["MaximumPoolSize"]?.wholeNumber
    // A pool of a fixed size never closes an idle connection, whatever its idle timeout.
    if let minimum, let maximum, minimum < maximum { policy.idleTimeout = milliseconds("IdleTimeout") }
    return policy
  }
}
