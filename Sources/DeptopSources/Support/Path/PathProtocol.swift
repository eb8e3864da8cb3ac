package import DeptopConfiguration
internal import DeptopModel

/// What may be said to a dependency without doing harm, by the protocol that it speaks.
package struct PathProtocol: Hashable {
  /// When the first byte of an answer comes.
  package enum Opening: Hashable {
    /// No harmless request is known.
    case unknown
    /// The server speaks first.
    case greeting
    /// It answers these bytes.
    case request([UInt8])
  }

  private enum Family: Hashable {
    case http, https, tls, tlsGreeting, redis, postgres, memcached, greeting, other
  }

  private let family: Family
  private let host: String

  package init(_ settings: DependencySettings) {
    let kind = settings.kind ?? ServiceKind.guessed(fromPort: settings.port)
    family = PathProtocol.family(of: kind?.rawValue.lowercased())
    host = settings.host
  }

  private static func family(of kind: String?) -> Family {
    switch kind {
    case "http", "consul", "elasticsearch", "opensearch": .http
    case "https", "kubernetes": .https
    case "ldaps", "amqps", "rediss", "mqtts": .tls
    case "smtps", "imaps", "pop3s", "ftps": .tlsGreeting
    case "redis", "valkey", "keydb": .redis
    case "postgres", "postgresql", "pgbouncer": .postgres
    case "memcached": .memcached
    case "mysql", "mariadb", "smtp", "ftp": .greeting
    default: .other
    }
  }

  /// True when the connection begins with a TLS handshake.
  package var isTLS: Bool { [.https, .tls, .tlsGreeting].contains(family) }

  /// Whether there is anything to time beyond the connection.
  package var isTimed: Bool { isTLS || opening != .unknown }

  package var opening: Opening {
    switch family {
    case .http, .https: .request(HTTPHead(host: host).bytes)
    case .redis: .request(Array("PING\r\n".utf8))
    // SSLRequest: answered by S or N, and nothing is logged when the connection ends after it.
    case .postgres: .request([0, 0, 0, 8, 4, 210, 22, 47])
    case .memcached: .request(Array("version\r\n".utf8))
    case .greeting, .tlsGreeting: .greeting
    case .tls, .other: .unknown
    }
  }

  /// Whether there is a request of any size.
  package var hasSizeRequest: Bool { sizeRequest(bytes: 1000) != nil }

  /// A request of exactly so many bytes that changes nothing, and that little is answered to; nil when there is none.
  package func sizeRequest(bytes count: Int) -> [UInt8]? {
    switch family {
    case .http: HTTPHead(host: host).bytes(filledTo: count)
    case .https, .tls, .tlsGreeting: SizeRequest.partOfClientHello(bytes: count)
    case .redis: SizeRequest.redis(bytes: count)
    case .postgres: SizeRequest.postgres(bytes: count)
    case .memcached: SizeRequest.memcached(bytes: count)
    case .greeting, .other: nil
    }
  }
}
