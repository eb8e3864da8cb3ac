import DeptopModel
import DeptopTestSupport
import Glibc

/// A real HAProxy with its own exporter, before a server that some requests fail on.
final class HAProxyLab: Sendable {
  let place: TemporaryDirectory
  let frontend: UInt16
  let metrics: UInt16
  private let process: ChildProcess

  private init(place: TemporaryDirectory, frontend: UInt16, metrics: UInt16, process: ChildProcess) {
    self.place = place
    self.frontend = frontend
    self.metrics = metrics
    self.process = process
  }

  /// Starts one that has `orders` as its backend.
  static func start(before port: String) async throws -> HAProxyLab {
    guard let loopback = IPAddress("127.0.0.1") else { throw TestFailure("no loopback address") }
    let place = try TemporaryDirectory()
    let frontend = try FreePort.tcp(on: [loopback])
    let metrics = try FreePort.tcp(on: [loopback])
    try place.write(
      """
      defaults
        mode http
        timeout connect 1s
        timeout client 5s
        timeout server 5s
      frontend in
        bind 127.0.0.1:\(frontend)
        default_backend orders
      backend orders
        server one 127.0.0.1:\(port)
      frontend stats
        bind 127.0.0.1:\(metrics)
        http-request use-service prometheus-exporter if { path /metrics }

      """, to: "haproxy.cfg")
    let process = try await ChildProcess.start(
      ChildProcess.Command(
        [try Program.required("haproxy"), "-db", "-f", place.file("haproxy.cfg")], outputPath: place.file("log")))
    let lab = HAProxyLab(place: place, frontend: frontend, metrics: metrics, process: process)
    try await waitUntil("HAProxy answers") {
      guard !process.hasExited else { throw TestFailure("haproxy ended: \(place.read("log"))") }
      return try await lab.status(of: "http://127.0.0.1:\(metrics)/metrics") == "200"
    }
    return lab
  }

  /// Sends requests through it, one after the other.
  func request(_ path: String, times: Int) async throws {
    for _ in 0..<times { _ = try await status(of: "http://127.0.0.1:\(frontend)\(path)") }
  }

  func stop() async throws {
    try await process.stop()
  }

  private func status(of url: String) async throws -> String {
    let output = place.file("status")
    unsafe unlink(output)
    _ = try await ChildProcess.run(
      ChildProcess.Command(
        [try Program.required("curl"), "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", url],
        outputPath: output))
    return place.read("status")
  }
}
