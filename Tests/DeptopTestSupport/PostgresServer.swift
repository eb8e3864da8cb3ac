package import DeptopModel
internal import Glibc

/// A real PostgreSQL that listens on one address and trusts everyone.
package final class PostgresServer: Sendable {
  package let address: SocketAddress
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  private init(address: SocketAddress, directory: TemporaryDirectory, process: ChildProcess) {
    self.address = address
    self.directory = directory
    self.process = process
  }

  /// Starts one and waits until it accepts connections.
  ///
  /// The launcher is put before every program, such as `nsenter` and a network namespace.
  package static func start(on address: SocketAddress, launcher: [String] = []) async throws -> PostgresServer {
    let directory = try TemporaryDirectory()
    try await PostgresTemplate.shared.copy(to: directory.file("data"))
    // The cluster's own file knows loopback alone.
    try directory.write("host all all all trust\n", to: "hba.conf")
    let settings = [
      "hba_file=\(directory.file("hba.conf"))",
      "listen_addresses=\(address.address)", "port=\(address.port)", "unix_socket_directories=", "fsync=off",
      "max_connections=60", "shared_buffers=16MB", "autovacuum=off",
    ]
    var command = ChildProcess.Command(
      [try Program.required("postgres"), "-D", directory.file("data")] + settings.flatMap { ["-c", $0] },
      outputPath: directory.file("log"))
    command.account = .current
    command.launcher = launcher
    // Ends it at once, and lets it remove its shared memory.
    command.endSignal = SIGQUIT
    let server = PostgresServer(
      address: address, directory: directory, process: try await ChildProcess.start(command))
    try await server.waitUntilReady(launcher)
    return server
  }

  package func stop() async throws {
    try await process.stop()
  }

  private func waitUntilReady(_ launcher: [String]) async throws {
    var command = ChildProcess.Command(
      [try Program.required("pg_isready"), "-q", "-h", "\(address.address)", "-p", "\(address.port)"],
      outputPath: directory.file("ready.log"))
    command.launcher = launcher
    try await waitUntil("PostgreSQL at \(address) accepts connections", within: .seconds(30)) {
      guard !process.hasExited else { throw TestFailure("PostgreSQL ended: \(directory.read("log"))") }
      return try await ChildProcess.run(command) == 0
    }
  }
}
