internal import ArgumentParser
internal import DeptopLab
internal import DeptopWire

/// Breaks or mends one thing by hand.
struct FaultCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault", abstract: "Break or mend one thing in the lab that runs.")

  @OptionGroup var lab: LabOptions

  @Argument(help: "What to break, such as: router forget.")
  var words: [String]

  func run() async throws { try await lab.ask(.fault(words: words)) }
}

/// Says what runs.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print what runs in the lab and what is broken.")

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.status) }
}

/// Goes on.
struct NextCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Go on to the next scenario, healed or not.")

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.next) }
}

/// Plays one scenario.
struct PlayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "play", abstract: "Play one scenario now.")

  @OptionGroup var lab: LabOptions

  @Argument(help: "Such as dns-failover.")
  var scenario: String

  func run() async throws { try await lab.ask(.play(scenario: scenario)) }
}

/// Ends the lab.
struct StopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stop", abstract: "End the lab.")

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.stop) }
}

/// Which lab is meant.
struct LabOptions: ParsableArguments {
  @Option(name: .customLong("socket"), help: "The lab's socket; that of the only lab that you run unless given.")
  var path: String?

  /// Asks the lab and prints its answer.
  func ask(_ request: LabRequest) async throws {
    do {
      switch try await LabSocket.ask(request, at: path ?? LabDirectory.onlyLab(with: "lab.sock")) {
      case .done(let text): print(text)
      case .refused(let reason):
        Complaint.write(reason)
        throw ExitCode(1)
      }
    } catch let code as ExitCode {
      throw code
    } catch {
      Complaint.write("\(error)")
      throw ExitCode(1)
    }
  }
}
