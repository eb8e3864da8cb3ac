package import DeptopConfiguration
internal import DeptopHTTP
package import DeptopModel
internal import FoundationEssentials

/// A JVM with a real HikariCP pool under load, which answers the Jolokia protocol.
package final class JVMBridge: Sendable {
  /// What the application itself counted.
  package struct Stats: Sendable, Decodable {
    package var statements: Int
    package var failures: Int
    /// The text of the last failure.
    package var lastFailure: String
    /// The database's processes that served a statement since the last question.
    package var backends: [Int]
  }

  /// The Debian packages libhikaricp-java, libpostgresql-jdbc-java and libslf4j-java.
  package static let libraries = ["HikariCP", "postgresql", "slf4j-api", "slf4j-nop"].map {
    "/usr/share/java/\($0).jar"
  }

  package let port: UInt16
  private let directory: TemporaryDirectory
  private let process: ChildProcess
  private let client = HTTPClient()

  package var pid: Int32 { process.pid }

  private init(port: UInt16, directory: TemporaryDirectory, process: ChildProcess) {
    self.port = port
    self.directory = directory
    self.process = process
  }

  /// Starts one and waits until its pool is there and it answers.
  package static func start(
    database: SocketAddress, pool: String, connections: Int, workers: Int
  ) async throws -> JVMBridge {
    let directory = try TemporaryDirectory()
    let source = String(decoding: PackageResources.HikariBridge_java, as: UTF8.self)
    let file = try directory.write(source, to: "HikariBridge.java")
    let port = try FreePort.tcp(on: [IPAddress(v4: 0x7f00_0001)])
    let command = ChildProcess.Command(
      [
        try Program.required("java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp",
        libraries.joined(separator: ":"), file, "\(database.address)", "\(database.port)", "\(connections)",
        "\(workers)", pool, "\(port)",
      ], outputPath: directory.file("log"))
    let bridge = JVMBridge(port: port, directory: directory, process: try await ChildProcess.start(command))
    try await waitUntil("the JVM answers", within: .seconds(60)) {
      guard !bridge.process.hasExited else { throw TestFailure("the JVM ended: \(directory.read("log"))") }
      return (try? await bridge.stats()) != nil  // It does not listen yet.
    }
    return bridge
  }

  /// The settings with which deptop reaches its agent.
  package var settings: JolokiaSettings {
    var settings = JolokiaSettings(name: "orders")
    settings.url = "http://127.0.0.1:\(port)/jolokia"
    settings.timeout = .seconds(10)
    return settings
  }

  package func stats() async throws -> Stats {
    let answer = try await client.send(HTTPRequest(.get, "http://127.0.0.1:\(port)/stats", timeout: .seconds(10)))
    return try JSONDecoder().decode(Stats.self, from: Data(answer.body))
  }

  package func stop() async throws {
    try await process.stop()
  }
}
