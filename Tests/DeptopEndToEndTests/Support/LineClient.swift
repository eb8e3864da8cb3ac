import DeptopModel
import DeptopTestSupport
import Glibc

/// A client in a namespace whose connections are held open and used only when a test says so.
final class LineClient: Sendable {
  /// What became of one line on one connection.
  enum Outcome: String {
    case reply
    /// It was closed by the other side, or by a device on the way, and was opened again.
    case reset
    /// Nothing came within ten seconds.
    case silent
    /// No reply was waited for.
    case sent
  }

  private let service: PythonService

  private init(_ service: PythonService) {
    self.service = service
  }

  /// Starts one and waits until all its connections are open.
  ///
  /// The launcher is put before it, such as `nsenter` and a network namespace.
  static func start(
    to host: String, port: UInt16, connections: Int, line: String = "PING", hasKeepalive: Bool = false,
    launcher: [String] = []
  ) async throws -> LineClient {
    let service = try await PythonService.start(
      "line_client", [host, "\(port)", "\(connections)", line] + (hasKeepalive ? ["keepalive"] : []),
      launcher: launcher)
    guard try await service.firstLine() == "ready" else { throw TestFailure("no connections: \(service.lines)") }
    return LineClient(service)
  }

  /// The same, to an address.
  static func start(
    to server: SocketAddress, connections: Int, hasKeepalive: Bool = false, launcher: [String] = []
  ) async throws -> LineClient {
    try await start(
      to: "\(server.address)", port: server.port, connections: connections, hasKeepalive: hasKeepalive,
      launcher: launcher)
  }

  var pid: Int32 { service.pid }
  func stop() async throws { try await service.stop() }

  /// Sends a line on every connection without waiting for replies.
  func send() { service.signal(SIGUSR2) }

  /// Sends a line on every connection, one after the other, and answers what became of each, by its local port.
  func exchange() async throws -> [UInt16: Outcome] {
    let before = service.lines.count
    service.signal(SIGUSR1)
    try await waitUntil("the client has its replies", within: .seconds(60)) { service.lines.count > before }
    let pairs = service.lines[before].split(separator: " ").compactMap { word -> (UInt16, Outcome)? in
      let parts = word.split(separator: "=")
      guard parts.count == 2, let port = UInt16(parts[0]) else { return nil }
      return Outcome(rawValue: String(parts[1])).map { (port, $0) }
    }
    return Dictionary(pairs) { $1 }
  }
}
