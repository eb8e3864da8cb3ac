package import DeptopModel

/// A steady load through a PgBouncer, by pgbench.
package struct Pgbench: Sendable {
  /// What came of it.
  package struct Outcome: Sendable {
    package var transactions: Int
    /// Transactions that failed, and clients that gave up.
    package var failures: Int
    package var output: String
  }

  private let process: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts clients that together begin a number of transactions each second, for some seconds.
  ///
  /// Without a rate each begins its next one as soon as the last has ended. The launcher is put before pgbench, such as
  /// `nsenter` and a network namespace.
  package static func start(
    at address: SocketAddress, database: String, user: String = "app", clients: Int, rate: Int?, seconds: Int,
    script: String = "SELECT 1;\n", launcher: [String] = []
  ) async throws -> Pgbench {
    let directory = try TemporaryDirectory()
    try directory.write(script, to: "script.sql")
    var command = ChildProcess.Command(
      [
        try Program.required("pgbench"), "-n", "-h", "\(address.address)", "-p", "\(address.port)", "-U", user,
        "-c", "\(clients)", "-j", "1", "-T", "\(seconds)", "-f", directory.file("script.sql"),
      ] + (rate.map { ["-R", "\($0)"] } ?? []) + [database], outputPath: directory.file("log"))
    command.launcher = launcher
    return Pgbench(process: try await ChildProcess.start(command), directory: directory)
  }

  /// What it has written so far: the errors of its clients, as they come.
  package var log: String { directory.read("log") }
  package var isRunning: Bool { !process.hasExited }

  /// Ends it in the middle of whatever it does.
  package func stop() async throws {
    try await process.stop()
  }

  /// Waits for the end and answers what pgbench says.
  package func outcome(within limit: Duration = .seconds(120)) async throws -> Outcome {
    let status = try await process.exitStatus(within: limit)
    let output = directory.read("log")
    let lines = output.split(separator: "\n")
    let value = { (label: String) -> Int? in
      lines.first { $0.hasPrefix(label) }?.dropFirst(label.count)
        .split { !$0.isNumber }.first.flatMap { Int($0) }
    }
    guard let transactions = value("number of transactions actually processed:") else {
      throw TestFailure("pgbench says nothing (status \(status)): \(output)")
    }
    let failed = value("number of failed transactions:") ?? 0
    let aborted = lines.count { $0.contains("aborted") && $0.contains("client") }
    return Outcome(
      transactions: transactions, failures: failed + aborted + (status == 0 ? 0 : 1), output: output)
  }
}
