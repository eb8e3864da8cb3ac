internal import ArgumentParser
internal import DeptopBlocking
internal import DeptopScreen
internal import DeptopWire
internal import Glibc

/// `deptop lab`: tells a running lab what to play and what to break.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "Steer a lab that runs, or run one without the dashboard.",
    discussion: "deptop demo starts a lab together with the dashboard.",
    subcommands: [
      LabFaultCommand.self, LabStatusCommand.self, LabNextCommand.self, LabPlayCommand.self, LabStopCommand.self,
      LabScenariosCommand.self, LabRunCommand.self,
    ])
}

/// Which lab is asked.
struct LabOptions: ParsableArguments {
  @Option(help: "The lab's socket; else the one that $DEPTOP_LAB names, else the newest lab of this user.")
  var socket: String?

  /// Asks the lab, prints what it says, and ends with an exit code of its own where it refuses or is not there.
  func ask(_ request: LabRequest) async throws {
    let sockets = LabSockets(userID: geteuid(), environment: Environment.value)
    guard let path = socket ?? sockets.newest() else {
      throw LabError.absent("no lab runs here: deptop demo or deptop lab run starts one")
    }
    let client = LabClient(socketPath: path)
    let answer = try await BlockingThread().run { () throws(LabError) in try client.ask(request) }
    Output.write(shown(answer))
  }

  /// Text without what a terminal would obey, each line ended by a line feed.
  private func shown(_ answer: String) -> String {
    answer.split(separator: "\n", omittingEmptySubsequences: false).map { sanitized(String($0)) + "\n" }.joined()
  }
}

struct LabFaultCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault", abstract: "Break or mend one thing by hand; without words the lab lists what it can break.")

  @OptionGroup var lab: LabOptions

  @Argument(parsing: .allUnrecognized, help: "What to break, and how.")
  var words: [String] = []

  func run() async throws { try await lab.ask(.fault(words: words)) }
}

struct LabStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print what the lab plays and what is broken.")

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.status) }
}

struct LabNextCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Go on to the next scenario, healed or not.")

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.next) }
}

struct LabPlayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "play", abstract: "Play one scenario now.")

  @Argument(help: "The scenario's name, such as dns-failover; deptop lab scenarios lists them.")
  var scenario: String

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.play(scenario: scenario)) }
}

struct LabStopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "End the lab, with everything that belongs to it.")

  @OptionGroup var lab: LabOptions

  func run() async throws { try await lab.ask(.stop) }
}
