package import DeptopModel

/// Everything that a collector can be told; every value has a default, so that no configuration is a configuration.
package struct Settings: Sendable, Hashable {
  /// How often a snapshot is taken; 100 ms to 60 s.
  package var tickInterval: Duration = .seconds(1)
  package var environment = EnvironmentSettings()
  package var access = AccessSettings()
  package var policy = PolicySettings()
  package var actions = ActionSettings()
  /// Where audit and history are kept; nil means the default below the system's or the user's state directory.
  package var stateDirectory: String?
  package var ingest = IngestSettings()
  package var kernel = KernelSettings()
  package var dns = DNSSettings()
  package var names = NamesSettings()
  package var pgbouncers: [PgBouncerSettings] = []
  package var jolokias: [JolokiaSettings] = []
  package var actuators: [ActuatorSettings] = []
  package var prometheuses: [PrometheusSettings] = []
  /// The operator's own mappings, which go before deptop's.
  package var mappings: [MappingSettings] = []
  package var probe = ProbeSettings()
  package var dependencies: [DependencySettings] = []

  package init() {}
}

/// How the host wants to be told from others on the screen.
package struct EnvironmentSettings: Sendable, Hashable {
  /// Shown in the header, such as `PROD`.
  package var label: String?
  /// Drawn as an environment where a slip is costly.
  package var isProduction = false

  package init() {}
}

/// Who may read and who may act.
package struct AccessSettings: Sendable, Hashable {
  package var viewers = Principals.everyone
  package var operators = Principals.named(users: ["root"], groups: ["deptop"])

  package init() {}
}

/// A set of local users.
package enum Principals: Sendable, Hashable {
  case everyone
  /// Users and groups by name or by number.
  case named(users: [String], groups: [String])
}

/// The kernel's socket table.
package struct KernelSettings: Sendable, Hashable {
  package var interval: Duration = .seconds(1)
  package var timeout: Duration = .seconds(2)

  package init() {}
}

/// The resolvers that names are asked of.
package struct DNSSettings: Sendable, Hashable {
  /// `address` or `address:port`; empty means those of `/etc/resolv.conf`.
  package var resolvers: [String] = []
  /// A name is asked for again after half of its TTL, but not sooner than this.
  package var minimumInterval: Duration = .seconds(5)
  package var timeout: Duration = .seconds(2)

  package init() {}
}

/// One PgBouncer's admin console.
package struct PgBouncerSettings: Sendable, Hashable {
  /// The name that dependencies refer to.
  package var name: String
  /// A host name, an address, or the directory of its Unix socket.
  package var host = "/var/run/postgresql"
  package var port: UInt16 = 6432
  package var user = "pgbouncer"
  package var password: Secret?
  package var interval: Duration = .seconds(1)
  package var timeout: Duration = .seconds(2)
  /// How long a drain waits for connections in use.
  package var drainTimeout: Duration = .seconds(30)

  package init(name: String) {
    self.name = name
  }
}

/// Active probes.
package struct ProbeSettings: Sendable, Hashable {
  package var interval: Duration = .seconds(30)
  package var timeout: Duration = .seconds(1)

  package init() {}
}

/// One named dependency.
package struct DependencySettings: Sendable, Hashable {
  package var name: String
  package var kind: ServiceKind?
  /// A host name or an address.
  package var host: String
  package var port: UInt16
  package var pgbouncer: PgBouncerDatabase?
  package var jolokia: JolokiaPool?
  package var actuator: ActuatorBreaker?
  /// Whether connections to it are opened to measure how long that takes.
  package var isProbed = true
  package var path = PathSettings()

  package init(name: String, host: String, port: UInt16) {
    self.name = name
    self.host = host
    self.port = port
  }

  package var id: DependencyID { DependencyID(rawValue: name) }
  /// The name to resolve; nil when the host is an address.
  package var hostName: String? { IPAddress(host) == nil ? host : nil }
}

/// What the operator knows of the network on the way to a dependency.
package struct PathSettings: Sendable, Hashable {
  /// How long a NAT, firewall or load balancer on the way keeps an idle connection; nil when nobody says.
  package var idleTimeout: Duration?
  /// The largest packet that fits, in bytes; nil when nobody says.
  package var mtu: Int?
  /// Whether probes find out which packet sizes pass, by sending large ones.
  package var isSizeProbed = true

  package init() {}
}

/// A database behind a PgBouncer.
package struct PgBouncerDatabase: Sendable, Hashable {
  /// The PgBouncer's name in the configuration.
  package var instance: String
  /// The database's name in PgBouncer.
  package var database: String

  package init(instance: String, database: String) {
    self.instance = instance
    self.database = database
  }
}

/// A password; its text never reaches a log, an error or the effective settings.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
  package let value: String

  package init(_ value: String) {
    self.value = value
  }

  package var description: String { "<redacted>" }
  package var debugDescription: String { description }
}
