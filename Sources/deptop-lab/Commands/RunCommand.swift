internal import ArgumentParser
internal import DeptopLab

/// Starts a lab and ends it with whoever started it.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Start the lab; it ends with the standard input, with SIGTERM, or when everything has been played.",
    discussion: """
      Nothing of it reaches the network, and nothing of it is left behind. It needs no privileges where the host \
      allows user namespaces; elsewhere it says why not and plays what is possible on loopback.

      With a program after --, that runs among the lab's clients in place of the story: 10.80.0.2 behind the router \
      10.80.0.1, with the upstreams in 10.90.0.0/24. The lab ends with it, and with its exit status.
      """)

  @Option(help: "The directory for everything that the lab writes; it must not exist yet, and is removed at the end.")
  var directory: String?

  @Flag(help: "Make no namespaces: everything on 127.90.0.0/24, without what takes a router.")
  var loopback = false

  @OptionGroup var story: StoryOptions

  @Argument(help: "After --: a program and its arguments, to run among the lab's clients.")
  var program: [String] = []

  func run() throws {
    do {
      let launcher = Launcher(directory: directory, isLoopback: loopback, arguments: story.arguments + rest)
      throw ExitCode(try launcher.run())
    } catch let error as GroundError {
      Complaint.write("\(error)")
      throw ExitCode(1)
    }
  }

  private var rest: [String] { program.isEmpty ? [] : ["--"] + program }
}

/// What is to be played.
struct StoryOptions: ParsableArguments {
  @Option(
    name: .customLong("scenario"),
    help: "A scenario to play, such as dns-failover, or a file with one; all that come with the lab unless given.")
  var scenarios: [String] = []

  @Flag(help: "Wait for nobody: play on as soon as a scenario has shown what it is to show.")
  var headless = false

  var arguments: [String] {
    scenarios.flatMap { ["--scenario", $0] } + (headless ? ["--headless"] : [])
  }
}
