import DeptopLab
import Testing

/// A fleet of a test, in which nothing is as it is by default.
enum WordsFleet {
  static let words = FaultWords(addressPrefix: "10.90.0.", calls: clients, upstreams: upstreams)

  static let upstreams = [
    upstream("orders-db", [".11", ".12"]), upstream("payments-api", [".21"]),
    upstream("search-api", [".31", ".32", ".33"]), upstream("session-cache", [".41"]),
  ]

  static let clients = [
    client("orders", ["orders-db", "payments-api"]), client("web", ["search-api", "session-cache"]),
    client("web-2", ["search-api", "session-cache"]), client("reports", ["orders-db", "session-cache"], startUp: 2.5),
  ]

  static func faults(_ text: String) throws(FaultWordsError) -> [Fault] {
    try words.faults(text.split(separator: " ").map(String.init))
  }

  /// How a client calls a dependency; every client has another pool.
  static func call(_ client: String, _ dependency: String) throws -> CallSpec {
    let spec = try #require(clients.first { $0.name == client })
    return try #require(spec.dependencies.first { $0.dependency == dependency })
  }

  private static func upstream(_ name: String, _ addresses: [String]) -> UpstreamSpec {
    UpstreamSpec(
      name: name, style: .lines, addresses: addresses.map { "10.90.0\($0)" }, port: 5432, ledger: "\(name).ledger")
  }

  private static func client(_ name: String, _ dependencies: [String], startUp: Double = 0) -> ClientSpec {
    var spec = ClientSpec(
      name: name, ingestSocket: nil, resolver: "10.90.0.53", resolverPort: 53,
      dependencies: dependencies.map { call(to: $0, max: 10 + name.count) }, ledger: "\(name).ledger")
    spec.startUp = startUp
    return spec
  }

  private static func call(to dependency: String, max: Int) -> CallSpec {
    var call = CallSpec(
      dependency: dependency, kind: "postgresql", host: "\(dependency).lab", port: 5432, style: .lines, rate: 20)
    call.pool.max = max
    call.pool.minimum = 2
    call.pool.acquireTimeout = 0.25
    call.retry.attempts = 3
    call.retry.jitter = .none
    call.limits.read = nil
    call.names = .forever
    if dependency != "session-cache" {
      call.breaker = BreakerSpec()
      call.breaker?.window = 77
    }
    return call
  }
}
