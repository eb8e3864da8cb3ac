import DeptopModel
import DeptopTestSupport

extension PgBouncerLab {
  static let old = IPAddress(v4: 0x7f00_0002)
  static let new = IPAddress(v4: 0x7f00_0003)

  /// The configuration with which deptopd watches the lab, one line of it for each wish.
  func configuration(access: String = "{}") -> String {
    """
    environment: {label: lab, production: true}
    access: \(access)
    sources:
      dns: {resolvers: ["\(nameServer.address)"], minimum_interval_seconds: 1}
      probe: {interval_seconds: 1}
      pgbouncer:
        - {name: main, host: 127.0.0.1, port: \(pgbouncer.port), user: admin}
    dependencies:
      - name: orders-db
        kind: postgres
        endpoint: "db.lab:\(first.address.port)"
        pgbouncer: {instance: main, database: appdb}

    """
  }

  /// Starts a lab whose pool PgBouncer keeps at a number of connections while it has a client.
  static func start(keeping connections: Int) async throws -> PgBouncerLab {
    try await PgBouncerLab.start {
      $0.poolSize = connections
      $0.more["min_pool_size"] = "\(connections)"
    }
  }

  /// Starts a client that does nothing but stay connected, and waits until the pool is full.
  func fill(_ connections: Int) async throws -> PsqlScript {
    let client = try await PsqlScript.start(
      // The wait ends with psql, however that ends.
      "SELECT 1;\n\\! tail --pid=$PPID -f /dev/null\n", at: clientAddress, database: "appdb")
    try await waitUntilFull(connections)
    return client
  }

  /// Waits until the pool has a number of connections, all logged in.
  func waitUntilFull(_ connections: Int) async throws {
    try await waitUntil("the pool is full") { try await servers().count == connections }
  }

  /// The pool's connections that are logged in, as PgBouncer lists them.
  func servers() async throws -> [[String: String]] {
    try await pgbouncer.console("SHOW SERVERS").filter { $0["database"] == "appdb" && $0["state"] != "new" }
  }

  /// The pool's connections to one server in the kernel's own table.
  func connections(to address: IPAddress) async throws -> Int {
    let ports = Set(try await servers().compactMap { $0["local_port"].flatMap { UInt16($0) } })
    return try SocketTable.connections(toPort: first.address.port).count {
      $0.remote.address == address && ports.contains($0.local.port)
    }
  }
}
