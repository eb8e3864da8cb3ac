internal import ArgumentParser
internal import DeptopLab
internal import Glibc

/// Plays the lab, in the namespaces that `run` has made.
struct InsideCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "inside", shouldDisplay: false)

  @Option var directory: String

  @Option(help: "Why there are no namespaces.")
  var barrier: String?

  @OptionGroup var story: StoryOptions

  @Argument var program: [String] = []

  func run() async throws {
    // A reader that is gone is no reason to end without order.
    signal(SIGPIPE, SIG_IGN)
    do {
      let ground = try await InsideGround.lay(directory: directory, barrier: barrier)
      throw ExitCode(try await play(on: ground))
    } catch let error as GroundError {
      Complaint.write("\(error)")
      throw ExitCode(1)
    }
  }

  private func play(on ground: LabGround) async throws -> Int32 {
    if !program.isEmpty { return try await GuestProgram.run(program, on: ground) }
    return try await LabHost.run(
      directory: directory, ground: ground, barrier: barrier, scenarios: story.scenarios, isHeadless: story.headless)
  }
}
