internal import ArgumentParser
internal import DeptopLab
internal import Dispatch

/// The lab's command line: arguments and wiring only.
struct LabProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deptop-lab",
    abstract: "Real outages on one machine: services, upstreams, a name server and a router, and what breaks them.",
    discussion: "Exit codes: 0 done, 1 failed, 2 usage.",
    subcommands: [
      RunCommand.self, ScenariosCommand.self, StatusCommand.self, FaultCommand.self, PlayCommand.self, NextCommand.self,
      StopCommand.self,
      KeepCommand.self, InsideCommand.self, UpstreamCommand.self, NamesCommand.self, ClientCommandLine.self,
    ])
}

/// Starts no thread for a command that is not asynchronous: `run` and `keep` receive every signal on their only thread.
@main
enum LabEntry {
  static func main() {
    do {
      var command = try LabProgram.parseAsRoot()
      guard let asynchronous = command as? any AsyncParsableCommand else {
        try command.run()
        LabProgram.exit()
      }
      run(asynchronous)
    } catch {
      LabProgram.exit(withError: error)
    }
  }

  private static func run(_ command: sending any AsyncParsableCommand) -> Never {
    Task {
      do {
        var command = command
        try await command.run()
        LabProgram.exit()
      } catch {
        LabProgram.exit(withError: error)
      }
    }
    dispatchMain()
  }
}
