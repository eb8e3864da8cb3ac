import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

/// A real Redis.
final class RedisServer: Sendable {
  let address: SocketAddress
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  private init(address: SocketAddress, directory: TemporaryDirectory, process: ChildProcess) {
    self.address = address
    self.directory = directory
    self.process = process
  }

  /// Starts one and waits until it accepts connections; the launcher is put before the program.
  static func start(
    on host: IPAddress, port: UInt16? = nil, launcher: [String] = [], sockets: any SocketOpening = OwnSockets()
  ) async throws -> RedisServer {
    let directory = try TemporaryDirectory()
    let port = try port ?? FreePort.tcp(on: [host])
    var command = ChildProcess.Command(
      [
        try Program.required("redis-server"), "--bind", "\(host)", "--port", "\(port)", "--save", "", "--dir",
        directory.path, "--protected-mode", "no",
      ], outputPath: directory.file("log"))
    command.launcher = launcher
    let server = RedisServer(
      address: SocketAddress(host, port: port), directory: directory, process: try await ChildProcess.start(command))
    try await server.process.waitUntilAccepting(at: server.address, from: sockets, log: directory)
    return server
  }
}

/// `openssl s_server` with a certificate that it signed itself; answers each line with its letters reversed.
final class TLSServer: Sendable {
  let address: SocketAddress
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  private init(address: SocketAddress, directory: TemporaryDirectory, process: ChildProcess) {
    self.address = address
    self.directory = directory
    self.process = process
  }

  static func start() async throws -> TLSServer {
    let directory = try TemporaryDirectory()
    let openssl = try Program.required("openssl")
    let made = try await ChildProcess.run(
      ChildProcess.Command(
        [
          openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
          "-subj", "/CN=lab", "-keyout", directory.file("key"), "-out", directory.file("certificate"),
        ], outputPath: directory.file("req.log")))
    guard made == 0 else { throw TestFailure("no certificate: \(directory.read("req.log"))") }
    let loopback = IPAddress(v4: 0x7f00_0001)
    let address = SocketAddress(loopback, port: try FreePort.tcp(on: [loopback]))
    let process = try await ChildProcess.start(
      ChildProcess.Command(
        [
          openssl, "s_server", "-accept", "\(address)", "-key", directory.file("key"), "-cert",
          directory.file("certificate"), "-rev", "-quiet",
        ], outputPath: directory.file("log")))
    try await process.waitUntilAccepting(at: address, log: directory)
    return TLSServer(address: address, directory: directory, process: process)
  }
}

extension ChildProcess {
  func waitUntilAccepting(
    at address: SocketAddress, from sockets: any SocketOpening = OwnSockets(), log: TemporaryDirectory
  ) async throws {
    let probe = ConnectProbe()
    try await waitUntil("a server accepts connections at \(address)", within: .seconds(30)) {
      guard !hasExited else { throw TestFailure("the server ended: \(log.read("log"))") }
      let results = await probe.connectTimes(to: [address], attempts: 1, timeout: .seconds(1), from: sockets)
      return results.first?.first?.duration != nil
    }
  }
}
