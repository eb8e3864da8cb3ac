/// What a dependency speaks: a configured word, or a guess from its port.
package struct ServiceKind: NamedIdentifier {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  /// The protocol registered or commonly used at a port (IANA service names, and the products' defaults).
  package static func guessed(fromPort port: UInt16) -> ServiceKind? { wellKnown[port] }

  /// True for protocols in which each side waits for the other: one request, one reply, and nothing in between.
  package var answersOnlyWhenAsked: Bool { ServiceKind.strict.contains(self) }

  private static let strict: Set<ServiceKind> = [
    "postgres", "pgbouncer", "mysql", "redis", "memcached", "mssql", "oracle", "ldap",
  ]

  private static let wellKnown: [UInt16: ServiceKind] = [
    22: "ssh", 25: "smtp", 53: "dns", 80: "http", 88: "kerberos", 389: "ldap", 443: "https", 465: "smtps",
    587: "smtp", 636: "ldaps", 853: "dns", 1433: "mssql", 1521: "oracle", 2049: "nfs", 2181: "zookeeper",
    2379: "etcd", 3306: "mysql", 4222: "nats", 5432: "postgres", 5671: "amqps", 5672: "amqp", 6379: "redis",
    6432: "pgbouncer", 6443: "kubernetes", 8080: "http", 8443: "https", 8500: "consul", 9042: "cassandra",
    9092: "kafka", 9200: "elasticsearch", 11211: "memcached", 27017: "mongodb",
  ]
}
