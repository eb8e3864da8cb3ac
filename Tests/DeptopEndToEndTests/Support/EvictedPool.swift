import DeptopModel
import DeptopTestSupport
import Testing

/// A PgBouncer whose pool of four is behind a router that forgets flows, and PostgreSQL behind that router.
final class EvictedPool: Sendable {
  static let postgres = SocketAddress(NetworkLab.server, port: 5432)

  let lab: NetworkLab
  let server: PostgresServer
  let pgbouncer: PgBouncerServer

  private init(lab: NetworkLab, server: PostgresServer, pgbouncer: PgBouncerServer) {
    self.lab = lab
    self.server = server
    self.pgbouncer = pgbouncer
  }

  /// Starts it with four open connections that nobody uses.
  ///
  /// PgBouncer tries a connection that was idle for a second before a client gets it, so that a dead one holds no client's
  /// statement, but its place in the pool.
  static func start() async throws -> EvictedPool {
    let lab = try await NetworkLab.start()
    let server = try await PostgresServer.start(on: postgres, launcher: lab.db.launcher)
    var configuration = PgBouncerServer.Configuration(
      databases: ["appdb": "host=\(postgres.address) port=\(postgres.port) dbname=postgres user=postgres"])
    configuration.more = ["server_check_delay": "1", "min_pool_size": "4"]
    let pgbouncer = try await PgBouncerServer.start(configuration, launcher: lab.app.launcher)
    let pool = EvictedPool(lab: lab, server: server, pgbouncer: pgbouncer)
    // PgBouncer opens one connection at a time, for as long as a client is there.
    let first = try await pool.load(clients: 4, seconds: 3)
    try await lab.app.waitUntilEstablished(4, to: postgres.port)
    #expect(try await first.outcome().failures == 0)
    return pool
  }

  /// Starts clients that each send one short statement after the other.
  func load(clients: Int, seconds: Int) async throws -> Pgbench {
    let place = SocketAddress(IPAddress(v4: 0x7f00_0001), port: pgbouncer.port)
    return try await Pgbench.start(
      at: place, database: "appdb", clients: clients, rate: nil, seconds: seconds,
      script: "SELECT pg_sleep(0.05);\n", launcher: lab.app.launcher)
  }

  /// The pool's connections as the kernel has them, by local port.
  func sockets() async throws -> [UInt16: KernelSocket] {
    let sockets = try await lab.app.established(to: Self.postgres.port, of: pgbouncer.pid)
    return Dictionary(sockets.map { ($0.localPort, $0) }) { $1 }
  }

  /// Leaves the pool alone for a time, and has the router forget two of its flows in the end.
  func evictTwo(after silence: Duration) async throws -> (dead: [KernelSocket], alive: [KernelSocket]) {
    try await waitUntilQuiet(for: silence)
    let sockets = try await lab.app.waitUntilEstablished(4, to: Self.postgres.port, of: pgbouncer.pid)
    let (dead, alive) = (Array(sockets.prefix(2)), Array(sockets.suffix(2)))
    try await lab.evict(ports: dead.map(\.localPort))
    return (dead, alive)
  }

  /// Waits until no connection of the pool has moved data for a time.
  func waitUntilQuiet(for time: Duration) async throws {
    try await lab.app.waitUntilQuiet(to: Self.postgres.port, of: pgbouncer.pid, for: time)
  }

  /// Waits until a send is stuck on one of some connections.
  func waitUntilStuck(on ports: [UInt16]) async throws {
    try await waitUntil("a send is stuck") {
      let sockets = try await sockets()
      return ports.contains { sockets[$0].map { $0.timer == "on" && $0.timerRetries >= 1 } ?? false }
    }
  }

  /// How long a connection was idle before the send that is stuck: it was silent for all of the time since its last
  /// byte, but for the time that data has been under way.
  func idleBefore(_ socket: KernelSocket, since before: KernelSocket) -> Duration {
    socket.sinceReceived - (socket.busy - before.busy)
  }

  /// The pool's row of `SHOW POOLS`.
  func row() async throws -> [String: String] {
    try #require(try await pgbouncer.console("SHOW POOLS").first { $0["database"] == "appdb" })
  }

  func stop() async throws {
    try await pgbouncer.stop()
    try await server.stop()
  }
}
