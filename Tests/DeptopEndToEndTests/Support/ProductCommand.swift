import DeptopTestSupport
import DeptopWire
import FoundationEssentials

/// One run of `deptop` or `deptopd` without a terminal.
struct ProductCommand {
  let status: Int32
  let output: String
  /// What went to the standard error.
  let errors: String

  /// Runs `deptop` to its end.
  static func deptop(_ arguments: [String], as user: OtherUser? = nil) async throws -> ProductCommand {
    try await run("deptop", arguments, as: user)
  }

  /// Runs `deptopd` to an end that it comes to by itself.
  static func deptopd(_ arguments: [String], as user: OtherUser? = nil) async throws -> ProductCommand {
    try await run("deptopd", arguments, as: user)
  }

  /// Starts `deptop` without waiting for it; what it writes goes to a file of the directory.
  static func start(
    _ arguments: [String], writingTo name: String, in directory: TemporaryDirectory
  ) async throws -> ChildProcess {
    let command = ChildProcess.Command(
      [BuiltProgram.path("deptop")] + arguments, outputPath: directory.file(name))
    return try await ChildProcess.start(command)
  }

  private static func run(
    _ program: String, _ arguments: [String], as user: OtherUser?
  ) async throws -> ProductCommand {
    let directory = try TemporaryDirectory()
    let path = try await user?.path(of: program) ?? BuiltProgram.path(program)
    var command = ChildProcess.Command([path] + arguments, outputPath: directory.file("output"))
    // This shell runs as the tests do, so that another user needs no right to the file.
    command.launcher = ["/bin/sh", "-c", #"exec "$@" 2>"$0""#, directory.file("errors")] + (try user?.launcher ?? [])
    let status = try await ChildProcess.run(command)
    return ProductCommand(status: status, output: directory.read("output"), errors: directory.read("errors"))
  }

  /// The JSON value that it printed.
  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    do {
      return try WireCoding().decode(type, from: Data(output.utf8))
    } catch {
      throw TestFailure("\(error): \(output) \(errors)")
    }
  }
}

extension ProductCommand {
  /// The path of a file beside the tests' sources.
  static func sourcePath(_ name: String) -> String {
    let directory = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(directory)/\(name)"
  }
}
