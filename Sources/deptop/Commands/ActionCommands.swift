internal import ArgumentParser
internal import DeptopModel

/// `deptop drain`: retire connections without failing a request.
struct DrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Retire a dependency's connections: print the plan, ask, run it, print the verdict."
  )

  @Argument(help: "The dependency's name.")
  var name: String

  @Option(help: "Which connections: stale (on addresses that left DNS), idle, all.")
  var scope = ActionScope.stale

  @OptionGroup var action: ActionOptions

  func run() async throws {
    try await action.run(
      PlanRequest(verb: .drain, dependency: DependencyID(rawValue: name), scope: scope, reason: action.reason))
  }
}

/// `deptop resolve`: make a dependency's name be looked up again.
struct ResolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Make a pool look its dependency's name up again: plan, question, verdict.")

  @Argument(help: "The dependency's name.")
  var name: String

  @OptionGroup var action: ActionOptions

  func run() async throws {
    try await action.run(
      PlanRequest(verb: .resolve, dependency: DependencyID(rawValue: name), scope: .all, reason: action.reason))
  }
}

extension ActionScope: ExpressibleByArgument {}
