import DeptopModel
import DeptopScreen
import DeptopTestSupport
import FoundationEssentials
import Glibc
import Testing

/// A Swift service that embeds the client library, and a shell script: both report, and both obey.
@Suite(.serialized, .servers("bash", "awk", "curl", nameServer: false), .pythonPackages, .timeLimit(.minutes(3)))
struct AgentTests {
  private let size = Size(columns: 130, rows: 40)

  @Test func `a Swift service with the client library is drained by keys, and no request fails`() async throws {
    let echo = try await PythonService.start("echo_server")
    let port = try await echo.firstLine()
    let daemon = try await DaemonUnderTest.start()
    let service = try await SwiftService.start(reportingTo: daemon, port: port)
    let name = try await daemon.nameOfReported(port: port)
    let dashboard = try DashboardUnderTest(of: daemon, size: size)
    try dashboard.wait(for: "● \(name)", within: .seconds(30))
    try await waitUntil("the kernel's connections are the pool's") {
      let detail = try await daemon.detail(of: name)
      return detail.connections.count == 4 && detail.connections.allSatisfy { $0.pool != nil }
    }
    try await daemon.waitUntilDrainable(name)
    let before = try await daemon.localPorts(of: name)
    try dashboard.drainAll(name)
    try dashboard.wait(for: "DRAINED \(name)", within: .seconds(40))
    #expect(dashboard.shows(": healed"))
    try await waitUntil("four other connections are there") {
      let after = try await daemon.localPorts(of: name)
      return after.count == 4 && after.isDisjoint(with: before)
    }

    let reported = try #require(try await daemon.detail(of: name).clients.first)
    #expect(reported.client.isVerified && reported.client.pid == service.process.pid && reported.client.uid == 0)
    let own = try #require(service.last)
    #expect(own.failures == 0 && own.requests > 50)
    try await waitUntil("the counts that are reported are the service's own") {
      guard let own = service.last else { return false }
      let totals = try await daemon.detail(of: name).clients.first?.report.totals
      return (totals?.requests ?? 0) >= own.requests
    }
    try await service.process.stop()
    dashboard.press("\r")
    try dashboard.wait("its row is stale, with the reason", within: .seconds(20)) { $0.shows("no report for") }
    #expect(try dashboard.quit() == .exited(0))
    try await echo.stop()
  }

  @Test func `a breaker of the Swift service is forced open and closed again by keys`() async throws {
    let echo = try await PythonService.start("echo_server")
    let port = try await echo.firstLine()
    let daemon = try await DaemonUnderTest.start()
    let service = try await SwiftService.start(reportingTo: daemon, port: port)
    let name = try await daemon.nameOfReported(port: port)
    let command = { (state: String, reason: String) in
      try await ProductCommand.deptop([
        "breaker", name, state, "--socket", daemon.socketPath, "--yes", "--reason", reason,
      ])
    }
    let opened = try await command("forced-open", "shed load")
    #expect(opened.status == 0 && opened.output.contains("forced-open"), "\(opened)")
    try await waitUntil("the next snapshot has the state") {
      try await daemon.detail(of: name).dependency.breakers.first?.value.state == .forcedOpen
    }
    let dashboard = try DashboardUnderTest(of: daemon, size: size)
    try dashboard.wait(for: "rejected 100%", within: .seconds(20))
    #expect(dashboard.shows("forced"))
    try dashboard.select(name)
    try dashboard.press(":arm\r", untilItShows: "ARMED")
    try dashboard.press("B", untilItShows: "half-open")
    try dashboard.press("c", untilItShows: "type \(name) to run")
    try dashboard.press(name, untilItShows: "Enter runs it")
    try dashboard.confirm()
    try dashboard.wait(for: ": healed", within: .seconds(20))
    try await waitUntil("calls pass again") {
      try await daemon.detail(of: name).dependency.breakers.first?.value.state == .closed
    }
    try await waitUntil("the audit has it") { try await daemon.audit().last?.event == .finished }
    #expect(try await daemon.audit().last?.verb == .breaker)
    try await service.process.stop()
    try await echo.stop()
  }

  @Test func `a shell script is an agent, and is drained by keys`() async throws {
    let echo = try await PythonService.start("echo_server")
    let port = try await echo.firstLine()
    let daemon = try await DaemonUnderTest.start()
    let place = try TemporaryDirectory()
    var command = ChildProcess.Command(
      [
        try Program.required("bash"), ProductCommand.sourcePath("Agents/agent.sh"), daemon.place.file("ingest.sock"),
        "stock", "127.0.0.1", port,
      ], outputPath: place.file("output"))
    command.endSignal = SIGTERM
    let agent = try await ChildProcess.start(command)
    let dashboard = try DashboardUnderTest(of: daemon, size: size)
    try dashboard.wait(for: "● stock-echo", within: .seconds(30))
    try await waitUntil("the kernel's connections are the script's") {
      try await daemon.detail(of: "stock-echo").connections.count { $0.pool != nil } == 3
    }
    try await daemon.waitUntilDrainable("stock-echo")
    let before = try await daemon.localPorts(of: "stock-echo")
    try dashboard.drainAll("stock-echo")
    try dashboard.wait(for: "DRAINED stock-echo", within: .seconds(40))
    #expect(dashboard.shows(": healed"))
    try await waitUntil("three other connections are there: \(place.read("output"))") {
      let after = try await daemon.localPorts(of: "stock-echo")
      return after.count == 3 && after.isDisjoint(with: before)
    }
    try dashboard.press("\r", untilItShows: "DEPENDENCY")
    try dashboard.wait("the verdict is dismissed") { !$0.shows("DRAINED") }
    #expect(try dashboard.quit() == .exited(0))
    try await agent.stop()
    try await echo.stop()
  }
}

/// The fixture that embeds the client library.
private struct SwiftService {
  let process: ChildProcess
  let place: TemporaryDirectory

  /// What it counted itself.
  struct Line: Decodable {
    var requests: UInt64
    var failures: UInt64
  }

  static func start(reportingTo daemon: DaemonUnderTest, port: String) async throws -> SwiftService {
    let place = try TemporaryDirectory()
    var command = ChildProcess.Command(
      [
        BuiltProgram.path("agent-fixture"), "--socket", daemon.place.file("ingest.sock"), "--name", "orders", "--host",
        "127.0.0.1", "--port", port, "--connections", "4", "--rate", "60",
      ], outputPath: place.file("output"))
    command.endSignal = SIGTERM
    return SwiftService(process: try await ChildProcess.start(command), place: place)
  }

  /// The newest line that is whole.
  var last: Line? {
    let text = place.read("output")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard let line = lines.last else { return nil }
    // Nothing else is written there; a line that is none would be missed by what waits for it.
    return try? JSONDecoder().decode(Line.self, from: Data(line.utf8))
  }
}

extension DaemonUnderTest {
  /// The dependency that a client reports at a port.
  fileprivate func nameOfReported(port: String) async throws -> String {
    var name: String?
    try await waitUntil("a client reports port \(port)", within: .seconds(20)) {
      name = try await snapshot().dependencies.first { $0.origin == .reported && "\($0.port)" == port }?.id.rawValue
      return name != nil
    }
    return name ?? ""
  }

  /// Waits until an agent listens to commands: before, the key would rightly say why nothing can be done.
  fileprivate func waitUntilDrainable(_ name: String) async throws {
    try await waitUntil("\(name) can be drained") {
      try await snapshot().dependencies.first { $0.id.rawValue == name }?.actions
        .contains { $0.verb == .drain && $0.unavailable == nil } == true
    }
  }

  fileprivate func localPorts(of name: String) async throws -> Set<UInt16> {
    Set(try await detail(of: name).connections.filter { $0.state == "established" }.map(\.local.port))
  }
}

extension DashboardUnderTest {
  /// Arms, plans a drain of all connections, and confirms it whatever the plan asks for.
  fileprivate func drainAll(_ name: String) throws {
    try select(name)
    try press(":arm\r", untilItShows: "ARMED")
    press(":drain all\r")
    try wait(for: "same as")
    if shows("type \(name) to run") { try press(name, untilItShows: "Enter runs it") }
    try confirm()
  }
}
