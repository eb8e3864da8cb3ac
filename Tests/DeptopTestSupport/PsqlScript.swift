package import DeptopModel

/// Statements that one client sends over one connection, by psql.
package struct PsqlScript: Sendable {
  private let process: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts sending the statements.
  ///
  /// The launcher is put before psql, such as `nsenter` and a network namespace.
  package static func start(
    _ statements: String, at address: SocketAddress, database: String, user: String = "app",
    launcher: [String] = []
  ) async throws -> PsqlScript {
    let directory = try TemporaryDirectory()
    try directory.write(statements, to: "script.sql")
    var command = ChildProcess.Command(
      [
        try Program.required("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "\(address.address)",
        "-p", "\(address.port)", "-U", user, "-d", database, "-f", directory.file("script.sql"),
      ], outputPath: directory.file("log"))
    command.launcher = launcher
    return PsqlScript(process: try await ChildProcess.start(command), directory: directory)
  }

  /// The rows so far, one line each.
  package var lines: [String] { directory.read("log").split(separator: "\n").map(String.init) }
  package var pid: Int32 { process.pid }
  package var isRunning: Bool { !process.hasExited }

  /// Waits for the end and answers all rows.
  package func finish(within limit: Duration = .seconds(60)) async throws -> [String] {
    let status = try await process.exitStatus(within: limit)
    guard status == 0 else { throw TestFailure("psql ended with \(status): \(lines)") }
    return lines
  }

  /// Ends the client in the middle of whatever it does.
  package func stop() async throws {
    try await process.stop()
  }
}

extension PsqlScript {
  /// A statement with a text of so many bytes, which answers their number.
  package static func largeStatement(bytes: Int) -> String {
    "SELECT length('\(String(repeating: "x", count: bytes))');\n"
  }
}
