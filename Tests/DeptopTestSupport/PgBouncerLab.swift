package import DeptopConfiguration
package import DeptopModel

/// A name server, two PostgreSQL and a PgBouncer in front of them: `appdb` is whichever of the two `db.lab` names.
package final class PgBouncerLab: Sendable {
  package let nameServer: DnsmasqServer
  /// On 127.0.0.2 and 127.0.0.3, at the same port.
  package let first: PostgresServer
  package let second: PostgresServer
  package let pgbouncer: PgBouncerServer

  private init(
    nameServer: DnsmasqServer, first: PostgresServer, second: PostgresServer, pgbouncer: PgBouncerServer
  ) {
    self.nameServer = nameServer
    self.first = first
    self.second = second
    self.pgbouncer = pgbouncer
  }

  /// Starts everything; `db.lab` names the first server.
  package static func start(
    _ adjust: (inout PgBouncerServer.Configuration) -> Void = { _ in }
  ) async throws -> PgBouncerLab {
    let addresses = [IPAddress(v4: 0x7f00_0002), IPAddress(v4: 0x7f00_0003)]
    let port = try FreePort.tcp(on: addresses)
    guard let place = FreePort.nameServerAddress() else {
      throw TestFailure("no loopback address whose port 53 may be bound")
    }
    let nameServer = try await DnsmasqServer.start(
      hosts: [("db.lab", [addresses[0].description])], ttl: .seconds(1), at: SocketAddress(place, port: 53))
    let first = try await PostgresServer.start(on: SocketAddress(addresses[0], port: port))
    let second = try await PostgresServer.start(on: SocketAddress(addresses[1], port: port))
    var configuration = PgBouncerServer.Configuration(
      databases: ["appdb": "host=db.lab port=\(port) dbname=postgres user=postgres"])
    configuration.nameServer = place
    adjust(&configuration)
    let pgbouncer = try await PgBouncerServer.start(configuration)
    return PgBouncerLab(nameServer: nameServer, first: first, second: second, pgbouncer: pgbouncer)
  }

  /// Makes `db.lab` lead somewhere else.
  package func rename(to address: IPAddress) async throws {
    try await nameServer.replaceHosts([("db.lab", [address.description])])
  }

  /// Ends everything and waits for it.
  package func stop() async throws {
    try await pgbouncer.stop()
    try await first.stop()
    try await second.stop()
    try await nameServer.kill()
  }

  /// Where clients connect.
  package var clientAddress: SocketAddress {
    SocketAddress(IPAddress(v4: 0x7f00_0001), port: pgbouncer.port)
  }

  /// The dependency as a configuration would name it.
  package var dependency: DependencySettings {
    var dependency = DependencySettings(name: "orders-db", host: "db.lab", port: first.address.port)
    dependency.pgbouncer = PgBouncerDatabase(instance: "main", database: "appdb")
    return dependency
  }
}
