import DeptopLab
import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Glibc

/// A real `deptop-lab run` without a screen, as an ordinary user if the tests are root's; it ends with this value.
final class LabUnderTest: Sendable {
  let place: TemporaryDirectory
  let files: LabFiles
  private let launcher: ChildProcess
  /// The other end of its standard input.
  private let input: Int32

  private init(_ place: TemporaryDirectory, _ launcher: ChildProcess, input: Int32) {
    self.place = place
    files = LabFiles(place.file("lab"))
    self.launcher = launcher
    self.input = input
  }

  deinit {
    close(input)
  }

  /// Starts one and waits until it serves.
  ///
  /// - Parameter scenario: A name, or the text of a scenario's file.
  /// - Returns: The lab, whose clients may still be starting.
  /// - Throws: ``TestFailure`` when it does not serve.
  static func start(_ scenario: String) async throws -> LabUnderTest {
    let place = try TemporaryDirectory()
    let account = ServerAccount.current
    let fifo = place.file("input")
    guard unsafe mkfifo(fifo, 0o600) == 0, case let input = unsafe open(fifo, O_RDWR | O_CLOEXEC), input >= 0 else {
      throw TestFailure("no pipe: error \(errno)")
    }
    let isName = !scenario.contains("\n")
    let name = isName ? scenario : try place.write(scenario, to: "scenario.yaml")
    var command = ChildProcess.Command(
      [BuiltProgram.path("deptop-lab"), "run", "--directory", place.file("lab"), "--scenario", name],
      outputPath: place.file("events"))
    command.inputPath = fifo
    command.account = account
    let lab = LabUnderTest(place, try await ChildProcess.start(command), input: input)
    try await waitUntil("the lab serves", within: .seconds(60)) {
      if lab.launcher.hasExited { throw TestFailure("the lab ended: \(place.read("events"))") }
      return place.read("events").contains("\"ready\"")
    }
    return lab
  }

  /// The phase that it told last.
  var phase: LabScene.Phase? {
    for line in place.read("events").split(separator: "\n").reversed() {
      if case .scenario(let scene)? = try? WireCoding().decode(LabEvent.self, from: Data(line.utf8)) {
        return scene.phase
      }
    }
    return nil
  }

  /// Breaks or mends one thing by hand.
  func fault(_ words: String) async throws { try await Self.fault(words, files) }

  static func fault(_ words: String, _ files: LabFiles) async throws {
    let told = try await deptop(Self.words("lab fault --socket \(files.labSocket) \(words)"))
    guard told.status == 0 else { throw TestFailure("\(words): \(told.output)") }
  }

  /// Runs `deptop` on the lab's collector.
  func deptop(_ words: String) async throws -> (status: Int32, output: String) {
    try await Self.deptop(Self.words(words) + ["--socket", files.controlSocket])
  }

  /// Starts `deptop` on the lab's collector; what it writes goes to a file.
  func start(_ words: String, writingTo name: String) async throws -> ChildProcess {
    let words = Self.words(words) + ["--socket", files.controlSocket]
    return try await ChildProcess.start(Self.command(words, output: place.file(name)))
  }

  private static func deptop(_ words: [String]) async throws -> (status: Int32, output: String) {
    let place = try TemporaryDirectory()
    let status = try await ChildProcess.run(command(words, output: place.file("output")))
    return (status, place.read("output"))
  }

  /// As the lab's own account, which is root in its namespaces.
  private static func command(_ words: [String], output: String) -> ChildProcess.Command {
    var command = ChildProcess.Command([BuiltProgram.path("deptop")] + words, outputPath: output)
    command.account = ServerAccount.current
    return command
  }

  private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  /// What was asked, refused and done.
  func audit() async throws -> [AuditEntry] { try await value(of: API.audit) }

  func detail(of dependency: String) async throws -> DependencyDetail {
    try await value(of: "\(API.dependencies)/\(dependency)")
  }

  private func value<Value: Decodable>(of path: String) async throws -> Value {
    let answer = try await Curl(files.controlSocket).get(path)
    guard answer.status == 200 else { throw TestFailure("\(path): \(answer)") }
    return try WireCoding().decode(Value.self, from: Data(answer.body.utf8))
  }

  /// The process of the lab's collector, as the host numbers it.
  func collector() throws -> Int32 {
    let family = Processes.family(of: launcher.pid)
    guard let pid = family.first(where: { Processes.field("Name", of: $0) == "deptopd" }) else {
      throw TestFailure("there is no deptopd among \(family.map(Processes.command))")
    }
    return pid
  }

  /// Lets it end, and waits until it has.
  func end() async throws {
    launcher.signal(SIGTERM)
    let status = try await launcher.exitStatus(within: .seconds(30))
    guard status == 0 else { throw TestFailure("the lab ended with \(status): \(place.read("events"))") }
    guard !place.has("lab") else { throw TestFailure("the lab left its directory") }
  }
}
