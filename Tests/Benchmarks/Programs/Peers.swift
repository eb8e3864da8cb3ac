internal import DeptopBenchmarkFigures
internal import DeptopModel
internal import DeptopTestSupport

/// Programs of the same kind, measured side by side with the dashboard.
struct Peers {
  private(set) var programs: [Program] = []
  private(set) var missing: [MissingPeer] = []
  /// What pg_top looks at.
  private var database: PostgresServer?

  /// Takes those of the peers that are installed, each refreshed once a second where it can be told.
  ///
  /// - Parameters:
  ///   - home: A directory for the settings that they write.
  ///   - includesDatabase: Whether pg_top takes part, for which a PostgreSQL is started.
  init(home: String, includesDatabase: Bool) async {
    add("htop", ["-d", "10"], home: home)
    add("top", ["-d", "1"], home: home)
    add("btop", [], home: home)
    if includesDatabase { await addDatabaseTop(home: home) }
  }

  private mutating func add(_ name: String, _ arguments: [String], home: String) {
    guard let path = DeptopTestSupport.Program.path(of: name) else {
      missing.append(MissingPeer(name: name, reason: "not installed"))
      return
    }
    programs.append(Program(name, [path] + arguments, home: home))
  }

  private mutating func addDatabaseTop(home: String) async {
    guard DeptopTestSupport.Program.path(of: "pg_top") != nil else {
      missing.append(MissingPeer(name: "pg_top", reason: "not installed"))
      return
    }
    do {
      let address = IPAddress(v4: 0x7f00_0001)
      let server = try await PostgresServer.start(
        on: SocketAddress(address, port: try FreePort.tcp(on: [address])))
      database = server
      add(
        "pg_top", ["-h", "\(address)", "-p", "\(server.address.port)", "-U", "postgres", "-d", "postgres", "-s", "1"],
        home: home)
    } catch {
      missing.append(MissingPeer(name: "pg_top", reason: "no PostgreSQL to look at: \(error)"))
    }
  }
}
