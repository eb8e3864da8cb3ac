internal import ArgumentParser
internal import DeptopLab

/// Keeps what `run` has started; see ``Keeper``.
struct KeepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "keep", shouldDisplay: false)

  @Option var directory: String

  @Argument var arguments: [String]

  func run() throws {
    do {
      throw ExitCode(try Keeper(directory: directory, arguments: arguments).run())
    } catch let error as GroundError {
      Complaint.write("\(error)")
      throw ExitCode(1)
    }
  }
}
