internal import DeptopBenchmarkFigures
internal import DeptopConnection
internal import DeptopLab
internal import DeptopModel
internal import DeptopTestSupport
internal import DeptopWire

/// A real PgBouncer whose database fails over, and what is done about it.
///
/// The name moves to the second PostgreSQL and the first one refuses to be written to; PgBouncer keeps its connections to the
/// first for as long as they work.
struct PoolTrial {
  let paths: ProductPaths

  static let name = "pgbouncer-failover"
  static let command = "drain orders-db --scope stale"
  private static let connections = 10
  private static let measure = Recovery.Measure(window: 3_000_000, failures: 0, fewest: 4)
  /// Callers have to be well for that long, after which nothing is looked at any more.
  private static let proof = 8.0

  /// What this host lacks for it; nil when it has everything.
  static var obstacle: String? {
    let programs = ["postgres", "initdb", "pg_isready", "pgbouncer", "psql", "dnsmasq", "setpriv"]
    let absent = programs.filter { DeptopTestSupport.Program.path(of: $0) == nil }
    if !absent.isEmpty { return "\(absent.joined(separator: ", ")) not installed" }
    return FreePort.nameServerAddress() == nil ? "port 53 of loopback may not be bound" : nil
  }

  /// Breaks it, acts, and looks until callers are well.
  ///
  /// - Parameters:
  ///   - healing: What is done.
  ///   - span: How long is looked, microseconds; nil to look until callers have been well for a while.
  /// - Returns: What became of it.
  /// - Throws: When a server or the collector does not start, or does not do what it is asked.
  func run(_ healing: Healing, for span: Int64? = nil) async throws -> Trial.Result {
    let lab = try await PgBouncerLab.start {
      $0.poolSize = Self.connections
      $0.more["min_pool_size"] = "\(Self.connections)"
      // PgBouncer's own default.
      $0.dnsMaximumTTL = 15
    }
    let directory = try TemporaryDirectory()
    for server in [lab.first, lab.second] { try await sql(server, ["CREATE SEQUENCE ids"], directory) }
    let load = PoolLoad(at: lab.clientAddress, database: "appdb", clients: Self.connections, rate: 6)
    let collector = try await collector(of: lab, directory)
    try await waitUntil("the pool is full", within: .seconds(30)) {
      try await lab.pgbouncer.console("SHOW SERVERS").count >= Self.connections
    }
    try await Task.sleep(for: .seconds(3))
    let broken = LabClock.now
    try await lab.rename(to: lab.second.address.address)
    let readOnly = ["ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"]
    try await sql(lab.first, readOnly, directory)
    let socket = directory.file("control.sock")
    try await waitUntil("deptop has found it", within: .seconds(90)) {
      try await CollectorConnection(socketPath: socket).get(API.findings, as: [Finding].self)
        .contains { $0.rule == "M04" && $0.state == .open }
    }
    let log = lab.pgbouncer.directory.read("log").count
    let begin = LabClock.now
    async let action = act(healing, lab, socket: socket, output: directory.file("deptop.log"))
    let aftermath = try await watch(load, lab, calm: broken - 2_500_000..<broken - 500_000, from: begin, log, span)
    let ends = try await action
    withExtendedLifetime(collector) {}
    try await lab.stop()
    return Trial.Result(aftermath: aftermath, words: directory.read("deptop.log"), ends: ends)
  }

  private func act(
    _ healing: Healing, _ lab: PgBouncerLab, socket: String, output: String
  ) async throws -> [ActionEnd] {
    switch healing {
    case .nothing: return []
    case .restart(let startUp):
      try await lab.pgbouncer.stop()
      if startUp > 0 { try await Task.sleep(for: .seconds(startUp)) }
      try await lab.pgbouncer.restart()
      return []
    case .deptop:
      let words = Self.command.split(separator: " ").map(String.init)
      let status = try await ChildProcess.run(
        ChildProcess.Command(
          [paths.dashboard] + words + ["--socket", socket, "--yes", "--reason", "deptop-bench drain-vs-restart"],
          outputPath: output), within: .seconds(150))
      return [ActionEnd(exitStatus: status)]
    }
  }

  private func watch(
    _ load: PoolLoad, _ lab: PgBouncerLab, calm: Range<Int64>, from begin: Int64, _ log: Int, _ span: Int64?
  ) async throws -> Aftermath {
    while true {
      try await Task.sleep(for: .milliseconds(250))
      let end = LabClock.now - 100_000
      guard end > begin else { continue }
      let peak = PoolLog(String(lab.pgbouncer.directory.read("log").dropFirst(log))).busiestSecond
      let aftermath = Aftermath(
        load.requests, by: Self.measure, calm: calm, observed: begin..<end, connectionsPeak: peak)
      let looked = end - begin
      if let span {
        if looked >= span { return aftermath }
      } else if looked >= Trial.longest {
        return aftermath
      } else if let healthy = aftermath.secondsToHealthy, Double(looked) / 1e6 - healthy >= Self.proof {
        return aftermath
      }
    }
  }
}

extension PoolTrial {
  private func collector(of lab: PgBouncerLab, _ directory: TemporaryDirectory) async throws -> Companion {
    try directory.write(
      """
      environment: {label: bench, production: false}
      sources:
        dns: {resolvers: ["\(lab.nameServer.address)"], minimum_interval_seconds: 1}
        pgbouncer:
          - {name: main, host: 127.0.0.1, port: \(lab.pgbouncer.port), user: admin}
      dependencies:
        - name: orders-db
          kind: postgres
          endpoint: "db.lab:\(lab.first.address.port)"
          pgbouncer: {instance: main, database: appdb}

      """, to: "deptopd.yaml")
    let socket = directory.file("control.sock")
    let companion = try Companion(
      [
        paths.collector, "--config", directory.file("deptopd.yaml"), "--socket", socket, "--ingest-socket",
        directory.file("ingest.sock"), "--state-directory", directory.file("state"), "--exit-with-standard-input",
      ], errorPath: directory.file("deptopd.log"))
    try await waitUntil("deptopd serves its second snapshot", within: .seconds(30)) {
      do throws(CollectorError) {
        return try await CollectorConnection(socketPath: socket).get(API.snapshot, as: Snapshot.self).sequence > 1
      } catch {
        // Until it listens there is nobody to ask.
        return false
      }
    }
    return companion
  }

  /// Has a server carry out statements, past the pooler.
  private func sql(_ server: PostgresServer, _ statements: [String], _ directory: TemporaryDirectory) async throws {
    let address = server.address
    let psql = [
      try DeptopTestSupport.Program.required("psql"), "-X", "-q", "-h", "\(address.address)", "-p", "\(address.port)",
      "-U", "postgres", "-d", "postgres",
    ]
    let status = try await ChildProcess.run(
      ChildProcess.Command(psql + statements.flatMap { ["-c", $0] }, outputPath: directory.file("psql.log")))
    guard status == 0 else { throw BenchmarkFailure("psql: \(directory.read("psql.log"))") }
  }
}
