internal import ArgumentParser

/// `deptop lab scenarios`: what `deptop-lab` prints.
struct LabScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios", abstract: "List the scenarios, in the order in which the demo plays them.")

  func run() throws { throw OwnProgram("deptop-lab").replaceThisProcess(["scenarios"]) }
}

/// `deptop lab run`: becomes `deptop-lab run`, in the foreground and without a dashboard.
struct LabRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a lab in the foreground, without a dashboard; it ends with its standard input.")

  @Argument(parsing: .captureForPassthrough, help: "What deptop-lab run takes.")
  var arguments: [String] = []

  func run() throws { throw OwnProgram("deptop-lab").replaceThisProcess(["run"] + arguments) }
}
