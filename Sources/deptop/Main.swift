internal import ArgumentParser

/// Parses the command line and runs the command: the dashboard on the main thread, everything else as a task.
@main
@MainActor
enum Main {
  static func main() async {
    do {
      var command = try Deptop.parseAsRoot()
      if let dashboard = command as? DashboardCommand {
        try dashboard.runOnThisThread()
      } else if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      ExitStatus.end(with: error)
    }
  }
}

/// The command line's root.
struct Deptop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deptop",
    abstract: "Top for your dependencies: pools, DNS and sockets of everything that this host's services call.",
    discussion: """
      Without a subcommand the dashboard opens.
      Exit codes: 0 done or healthy, 1 not healthy or not healed, 2 usage, 3 no collector, 4 refused, 5 aborted.
      """,
    subcommands: [
      DashboardCommand.self, StatusCommand.self, WatchCommand.self, FindingsCommand.self, AuditCommand.self,
      DrainCommand.self, ResolveCommand.self, BreakerCommand.self, RepairCommand.self, DoctorCommand.self,
      ExplainCommand.self, KeysCommand.self, DemoCommand.self, LabCommand.self,
    ],
    defaultSubcommand: DashboardCommand.self)
}
