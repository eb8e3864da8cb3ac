import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.serialized, .servers("ss", "bash", "curl", nameServer: false), .timeLimit(.minutes(1)))
struct OutboundConnectionsTests {
  /// A connection and the process that holds it.
  private struct Held: Hashable {
    var local: String
    var remote: String
    var pid: Int32
  }

  @Test func `without configuration the outbound connections are those of ss, with their owners`() async throws {
    let four = try LoopbackListener()
    let six = try LoopbackListener(IPAddress(v6High: 0, low: 1))
    let mapped = try LoopbackListener()
    let ports = [four, six, mapped].map(\.address.port)
    let places = ["127.0.0.1/\(ports[0])", "127.0.0.1/\(ports[0])", "::1/\(ports[1])", "::ffff:127.0.0.1/\(ports[2])"]
    let opening = places.enumerated().map { "\($0.offset + 3)<>/dev/tcp/\($0.element)" }.joined(separator: " ")
    let directory = try TemporaryDirectory()
    let client = try await ChildProcess.start(
      ChildProcess.Command(
        [try Program.required("bash"), "-c", "exec \(opening); exec sleep infinity"],
        outputPath: directory.file("log")))
    try await waitUntil("the client has connected") { try await statistics(of: ports, directory).count == 4 }
    let daemon = try await DaemonUnderTest.start()

    let status = try await ProductCommand.deptop(["status", "--json", "--socket", daemon.socketPath]).value(
      Snapshot.self)
    let shown = status.dependencies.filter { ports.contains($0.port) }
    #expect(
      shown.map(\.id.rawValue).sorted()
        == ["127.0.0.1:\(ports[0])", "127.0.0.1:\(ports[2])", "[::1]:\(ports[1])"].sorted())
    #expect(shown.allSatisfy { $0.sockets?.value.clients.map(\.owner?.process) == ["sleep"] })
    // Those that the listeners hold are inbound: their local port is listened on.
    var details: Set<Held> = []
    for dependency in shown {
      let connections = try await daemon.detail(of: dependency.id.rawValue).connections
      details.formUnion(
        connections.map { Held(local: "\($0.local)", remote: "\($0.remote)", pid: $0.owner?.pid ?? 0) })
    }
    #expect(details == Set(try await statistics(of: ports, directory)))
    #expect(details.allSatisfy { $0.pid == client.pid })

    let text = try await ProductCommand.deptop(["status", "--socket", daemon.socketPath])
    #expect(text.output.contains("2 sockets of sleep (pid \(client.pid))"), "\(text.output)")
    try await client.stop()
    // Nobody accepts them, so that the kernel still waits for their other ends.
    try await waitUntil("closed connections are no longer established") {
      let snapshot = try await daemon.snapshot()
      return snapshot.dependencies.allSatisfy { !ports.contains($0.port) || $0.sockets?.value.established == 0 }
    }
  }

  /// The outbound connections to some ports, as `ss` has them.
  private func statistics(of ports: [UInt16], _ directory: TemporaryDirectory) async throws -> [Held] {
    let name = "ss-\(UInt64.random(in: 0...UInt64.max))"
    let command = ChildProcess.Command(
      [try Program.required("ss"), "-tnpH", "state", "established"], outputPath: directory.file(name))
    guard try await ChildProcess.run(command) == 0 else { throw TestFailure("ss: \(directory.read(name))") }
    return directory.read(name).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count >= 5, let port = fields[3].split(separator: ":").last.flatMap({ UInt16($0) }),
        ports.contains(port)
      else { return nil }
      let owner = fields[4].firstRange(of: "pid=").map { fields[4][$0.upperBound...].prefix { $0.isNumber } }
      return Held(
        local: unmapped(fields[2]), remote: unmapped(fields[3]), pid: owner.flatMap { Int32($0) } ?? 0)
    }
  }

  private func unmapped(_ address: Substring) -> String {
    String(address.replacing("[::ffff:127.0.0.1]", with: "127.0.0.1"))
  }
}
