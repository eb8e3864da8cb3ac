package import DeptopModel

/// Statements that one client sends over one connection, by psql.
package struct PsqlScript: Sendable {
  private let process: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts sending the statements.
  package static func start(
    _ statements: String, at address: SocketAddress, database: String, user: String = "app"
  ) async throws -> PsqlScript {
    let directory = try TemporaryDirectory()
    try directory.write(statements, to: "script.sql")
    let command = ChildProcess.Command(
      [
        try Program.required("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "\(address.address)",
        "-p", "\(address.port)", "-U", user, "-d", database, "-f", directory.file("script.sql"),
      ], outputPath: directory.file("log"))
    return PsqlScript(process: try await ChildProcess.start(command), directory: directory)
  }

  /// The rows so far, one line each.
  package var lines: [String] { directory.read("log").split(separator: "\n").map(String.init) }
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
