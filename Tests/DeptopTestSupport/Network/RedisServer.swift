package import DeptopModel

/// A real Redis that keeps nothing and lets everyone in.
package final class RedisServer: Sendable {
  package let address: SocketAddress
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  package var pid: Int32 { process.pid }

  private init(address: SocketAddress, directory: TemporaryDirectory, process: ChildProcess) {
    self.address = address
    self.directory = directory
    self.process = process
  }

  /// Starts one and waits until it answers.
  ///
  /// - Parameters:
  ///   - address: Where it listens.
  ///   - launcher: What is put before every program, such as `nsenter` and a network namespace.
  /// - Returns: The running server.
  /// - Throws: ``TestFailure`` with what it wrote when it does not start.
  package static func start(on address: SocketAddress, launcher: [String] = []) async throws -> RedisServer {
    let directory = try TemporaryDirectory()
    var command = ChildProcess.Command(
      [
        try Program.required("redis-server"), "--bind", "\(address.address)", "--port", "\(address.port)", "--save", "",
        "--protected-mode", "no", "--dir", directory.path,
      ], outputPath: directory.file("log"))
    command.launcher = launcher
    let server = RedisServer(
      address: address, directory: directory, process: try await ChildProcess.start(command))
    try await server.waitUntilReady(launcher)
    return server
  }

  package func stop() async throws {
    try await process.stop()
  }

  private func waitUntilReady(_ launcher: [String]) async throws {
    var command = ChildProcess.Command(
      [try Program.required("redis-cli"), "-h", "\(address.address)", "-p", "\(address.port)", "-e", "ping"],
      outputPath: directory.file("ready.log"))
    command.launcher = launcher
    try await waitUntil("Redis at \(address) answers") {
      guard !process.hasExited else { throw TestFailure("Redis ended: \(directory.read("log"))") }
      return try await ChildProcess.run(command) == 0
    }
  }
}
