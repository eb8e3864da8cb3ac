import DeptopTestSupport
import Glibc
import Testing

/// A Python program of the tests, run by the interpreter that has the tests' Python packages.
final class PythonService: Sendable {
  private let place: TemporaryDirectory
  private let process: ChildProcess

  private init(place: TemporaryDirectory, process: ChildProcess) {
    self.place = place
    self.process = process
  }

  /// Starts one of the programs in `Services/`.
  ///
  /// The launcher is put before it, such as `nsenter` and a network namespace.
  static func start(
    _ name: String, _ arguments: [String] = [], environment: [String] = [], launcher: [String] = []
  ) async throws -> PythonService {
    let place = try TemporaryDirectory()
    var command = ChildProcess.Command(
      [interpreter, ProductCommand.sourcePath("Services/\(name).py")] + arguments, outputPath: place.file("output"))
    command.environment = environment
    command.launcher = launcher
    command.endSignal = SIGTERM
    return PythonService(place: place, process: try await ChildProcess.start(command))
  }

  var pid: Int32 { process.pid }

  func signal(_ number: Int32) { process.signal(number) }

  /// The lines that it has written.
  var lines: [String] { place.read("output").split(separator: "\n").map(String.init) }

  /// Its first line, once it has written one.
  func firstLine() async throws -> String {
    try await waitUntil("the service has started", within: .seconds(30)) {
      guard !process.hasExited else { throw TestFailure("the service ended: \(lines)") }
      return !lines.isEmpty
    }
    return lines[0]
  }

  /// Asks it to end, and waits until it has.
  func stop() async throws {
    try await process.stop()
  }

  /// The virtual environment that the README's test command makes.
  static let interpreter = ProductCommand.sourcePath("../../.build/venv/bin/python3")
}

extension Trait where Self == ConditionTrait {
  /// Skips a test where the tests' Python packages are not installed; `DEPTOP_REQUIRE_SERVERS=1` lets it fail.
  static var pythonPackages: Self {
    let isThere = unsafe access(PythonService.interpreter, X_OK) == 0
    let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
    return .enabled(if: isThere || isRequired, "the Python packages of Tests/requirements.txt are not in .build/venv")
  }
}
