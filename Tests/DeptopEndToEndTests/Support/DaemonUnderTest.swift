import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Glibc
import Synchronization

/// A real `deptopd` with a socket, a state directory and a configuration of its own.
///
/// It ends with this value. What it wrote and its state survive its end, until the value is let go of.
final class DaemonUnderTest: Sendable {
  let place: TemporaryDirectory
  private let hasConfiguration: Bool
  private let surroundings: Surroundings
  private let process = Mutex<ChildProcess?>(nil)

  /// As whom and where it runs.
  struct Surroundings {
    /// Another user gets a copy of `deptopd` alone, with no helper beside it; nil means the user of the tests.
    var user: OtherUser?
    /// What is put before it, such as `nsenter` and a network namespace.
    var launcher: [String] = []
    /// Without it, nothing else that runs on the machine is seen but what is in its own network namespace.
    var hasHelper = true
  }

  private init(_ place: TemporaryDirectory, hasConfiguration: Bool, _ surroundings: Surroundings) {
    self.place = place
    self.hasConfiguration = hasConfiguration
    self.surroundings = surroundings
  }

  /// Starts one with the text of a configuration or with none, and waits until it has a first snapshot.
  static func start(
    _ configuration: String? = nil, in surroundings: Surroundings = Surroundings()
  ) async throws -> DaemonUnderTest {
    let place = try TemporaryDirectory()
    if let user = surroundings.user { try user.own(place.path) }
    let daemon = DaemonUnderTest(place, hasConfiguration: configuration != nil, surroundings)
    if let configuration { try daemon.configure(configuration) }
    try await daemon.launch()
    return daemon
  }

  var socketPath: String { place.file("control.sock") }
  var configurationPath: String { place.file("deptopd.yaml") }
  /// What it wrote to its standard output and standard error.
  var log: String { place.read("deptopd.log") }
  /// 0 while it does not run.
  var pid: Int32 { process.withLock { $0?.pid ?? 0 } }

  /// Replaces the text of the configuration; it is read at the next start or SIGHUP.
  func configure(_ text: String) throws {
    try place.write(text, to: "deptopd.yaml")
  }

  /// Starts it again after its end, at the same place.
  func launch() async throws {
    let configuration = hasConfiguration ? ["--config", configurationPath] : []
    let program = try await surroundings.user?.path(of: "deptopd") ?? BuiltProgram.path("deptopd")
    var command = ChildProcess.Command(
      [
        program, "--socket", socketPath, "--state-directory", place.file("state"),
      ] + (surroundings.hasHelper ? [] : ["--helper", "none"]) + configuration, outputPath: place.file("deptopd.log"))
    command.launcher = surroundings.launcher + (try surroundings.user?.launcher ?? [])
    let started = try await ChildProcess.start(command)
    process.withLock { $0 = started }
    try await waitUntil("deptopd answers") {
      guard !started.hasExited else { throw TestFailure("deptopd ended: \(log)") }
      let health = try await Curl(socketPath).get(API.health)
      return health.status == 200 && health.body.contains("\"ok\"")
    }
  }

  /// Ends it without a chance to do anything.
  func kill() async throws {
    process.withLock { $0?.signal(SIGKILL) }
    _ = try await end()
  }

  /// Asks it to end, and answers its exit status.
  func terminate() async throws -> Int32 {
    process.withLock { $0?.signal(SIGTERM) }
    return try await end()
  }

  /// Makes it read its configuration again.
  func reload() {
    process.withLock { $0?.signal(SIGHUP) }
  }

  private func end() async throws -> Int32 {
    let running = process.withLock { process in
      defer { process = nil }
      return process
    }
    guard let running else { throw TestFailure("deptopd does not run") }
    return try await running.exitStatus(within: .seconds(20))
  }
}

extension DaemonUnderTest {
  /// What it shows now.
  func snapshot() async throws -> Snapshot {
    try await value(of: API.snapshot, as: Snapshot.self)
  }

  /// A dependency with its connections.
  func detail(of dependency: String) async throws -> DependencyDetail {
    try await value(
      of: "\(API.dependencies)/\(PercentEncoding.encode(dependency))", as: DependencyDetail.self)
  }

  /// Running actions and recent ones, as they are now.
  func actions() async throws -> [ActionStatus] {
    try await value(of: API.actions, as: [ActionStatus].self)
  }

  func audit() async throws -> [AuditEntry] {
    try await value(of: API.audit, as: [AuditEntry].self)
  }

  private func value<Value: Decodable>(of path: String, as type: Value.Type) async throws -> Value {
    let answer = try await Curl(socketPath).get(path)
    guard answer.status == 200 else { throw TestFailure("\(path): \(answer)") }
    return try WireCoding().decode(type, from: Data(answer.body.utf8))
  }
}
