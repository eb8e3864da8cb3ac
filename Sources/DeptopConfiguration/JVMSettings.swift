/// One Jolokia agent in a JVM.
package struct JolokiaSettings: Sendable, Hashable {
  /// The name that dependencies refer to.
  package var name: String
  /// Where the agent answers; the default is that of the JVM agent.
  package var url = "http://127.0.0.1:8778/jolokia"
  /// nil sends no credentials.
  package var user: String?
  package var password: Secret?
  package var interval: Duration = .seconds(2)
  package var timeout: Duration = .seconds(2)
  /// How long a drain waits for connections in use.
  package var drainTimeout: Duration = .seconds(30)

  package init(name: String) {
    self.name = name
  }
}

/// One Spring Boot application's actuator.
package struct ActuatorSettings: Sendable, Hashable {
  /// The name that dependencies refer to.
  package var name: String
  /// The base path of its endpoints; the default is that of Spring Boot.
  package var url = "http://127.0.0.1:8080/actuator"
  /// nil sends no credentials.
  package var user: String?
  package var password: Secret?
  package var interval: Duration = .seconds(2)
  package var timeout: Duration = .seconds(2)

  package init(name: String) {
    self.name = name
  }
}

/// A HikariCP pool in a JVM.
package struct JolokiaPool: Sendable, Hashable {
  /// The Jolokia agent's name in the configuration.
  package var instance: String
  /// The pool's own name (`poolName`).
  package var pool: String

  package init(instance: String, pool: String) {
    self.instance = instance
    self.pool = pool
  }
}

/// A Resilience4j circuit breaker in an application.
package struct ActuatorBreaker: Sendable, Hashable {
  /// The actuator's name in the configuration.
  package var instance: String
  /// The breaker's own name.
  package var breaker: String

  package init(instance: String, breaker: String) {
    self.instance = instance
    self.breaker = breaker
  }
}
