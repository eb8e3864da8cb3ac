package import DeptopConfiguration
package import DeptopModel
internal import Glibc
internal import Synchronization

/// A real PgBouncer on 127.0.0.1 and on a Unix socket.
package final class PgBouncerServer: Sendable {
  /// What is written into its configuration.
  package struct Configuration: Sendable {
    /// A connection string for each database.
    package var databases: [String: String]
    /// The name server to ask, at port 53; nil means the host's.
    package var nameServer: IPAddress?
    package var poolMode = "transaction"
    package var authentication = "trust"
    /// Passwords by user; `app` is a client, `admin` may act, `stats` may look.
    package var users = ["app": "app", "admin": "admin", "stats": "stats", "postgres": "postgres"]
    /// How long an answer stays in the DNS cache, in seconds.
    package var dnsMaximumTTL = 1
    package var poolSize = 4
    /// Any other settings.
    package var more: [String: String] = [:]

    package init(databases: [String: String]) {
      self.databases = databases
    }
  }

  package let port: UInt16
  package let directory: TemporaryDirectory
  private let launcher: [String]
  private let process = Mutex<ChildProcess?>(nil)

  /// The process id; nil while it does not run.
  package var pid: Int32? { process.withLock { $0?.pid } }

  private init(port: UInt16, directory: TemporaryDirectory, launcher: [String]) {
    self.port = port
    self.directory = directory
    self.launcher = launcher
  }

  /// Starts one and waits until its console answers.
  ///
  /// The launcher is put before every program, such as `nsenter` and a network namespace.
  package static func start(_ configuration: Configuration, launcher: [String] = []) async throws -> PgBouncerServer {
    let directory = try TemporaryDirectory()
    let port = try FreePort.tcp(on: [IPAddress(v4: 0x7f00_0001)])
    let server = PgBouncerServer(port: port, directory: directory, launcher: launcher)
    try directory.write(configuration.text(port: port, directory: directory), to: "pgbouncer.ini")
    try directory.write(
      configuration.users.map { "\"\($0.key)\" \"\($0.value)\"\n" }.joined(), to: "users")
    if let nameServer = configuration.nameServer {
      try directory.write("nameserver \(nameServer)\n", to: "resolv.conf")
    }
    try await server.launch()
    return server
  }

  /// The settings with which deptop reads it, as one of its users.
  package func settings(user: String = "admin", password: String? = nil) -> PgBouncerSettings {
    var settings = PgBouncerSettings(name: "main")
    settings.host = "127.0.0.1"
    settings.port = port
    settings.user = user
    settings.password = password.map { Secret($0) }
    return settings
  }

  /// What `psql` reads on the console: one dictionary of columns for each row.
  ///
  /// Goes over the Unix socket as PgBouncer's own account, so that no password is needed.
  package func console(_ command: String) async throws -> [[String: String]] {
    let output = directory.file("console-\(UInt64.random(in: 0...UInt64.max)).txt")
    let status = try await ChildProcess.run(try psql(command, output: output))
    let text = directory.read(String(output.dropFirst(directory.path.count + 1)))
    guard status == 0 else { throw TestFailure("\(command): \(text)") }
    let lines = text.split(separator: "\u{1e}").map {
      $0.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
  }

  /// Stops it in the middle of whatever it does: it answers nothing, and its sockets stay open.
  package func freeze() { process.withLock { $0?.signal(SIGSTOP) } }
  package func thaw() { process.withLock { $0?.signal(SIGCONT) } }

  package func stop() async throws {
    let running = process.withLock { process in
      defer { process = nil }
      return process
    }
    try await running?.stop()
  }

  /// Ends it at once and starts it again at the same port.
  package func restart() async throws {
    try await stop()
    try await launch()
  }

  private func launch() async throws {
    var command = ChildProcess.Command(
      [try Program.required("pgbouncer"), directory.file("pgbouncer.ini")], outputPath: directory.file("log"))
    command.account = .current
    command.launcher = launcher
    let started = try await ChildProcess.start(command)
    process.withLock { $0 = started }
    let ready = try psql("SHOW VERSION", output: directory.file("ready.log"))
    try await waitUntil("PgBouncer's console answers", within: .seconds(20)) {
      guard !started.hasExited else { throw TestFailure("PgBouncer ended: \(directory.read("log"))") }
      return try await ChildProcess.run(ready) == 0
    }
  }

  private func psql(_ command: String, output: String) throws -> ChildProcess.Command {
    let separators = ["-F", "\u{1f}", "-R", "\u{1e}"]
    var psql = ChildProcess.Command(
      [
        try Program.required("psql"), "-X", "-q", "-A", "-P", "footer=off", "-h", directory.path, "-p", "\(port)",
        "-U", "pgbouncer", "-d", "pgbouncer", "-c", command,
      ] + separators, outputPath: output)
    psql.account = .current
    return psql
  }
}

extension PgBouncerServer.Configuration {
  /// The text of `pgbouncer.ini`.
  fileprivate func text(port: UInt16, directory: TemporaryDirectory) -> String {
    var settings = [
      "listen_addr": "127.0.0.1", "listen_port": "\(port)", "unix_socket_dir": directory.path,
      "auth_type": authentication, "auth_file": directory.file("users"), "admin_users": "admin",
      "stats_users": "stats", "pool_mode": poolMode, "default_pool_size": "\(poolSize)",
      "dns_max_ttl": "\(dnsMaximumTTL)", "dns_nxdomain_ttl": "1", "server_login_retry": "1",
    ]
    if nameServer != nil { settings["resolv_conf"] = directory.file("resolv.conf") }
    settings.merge(more) { $1 }
    let databases = databases.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined()
    let lines = settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined()
    return "[databases]\n\(databases)[pgbouncer]\n\(lines)"
  }
}
