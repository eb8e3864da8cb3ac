internal import ArgumentParser
internal import DeptopDashboard
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

  @Option(help: "One client alone, by its name; every client unless given.")
  var client: String?

  @OptionGroup var action: ActionOptions

  func run() async throws {
    try await action.run(
      PlanRequest(
        verb: .drain, dependency: DependencyID(rawValue: name), scope: scope, client: client, reason: action.reason))
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

/// `deptop breaker`: put a circuit breaker into a state.
struct BreakerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "breaker", abstract: "Put the breakers of a dependency into a state: plan, question, verdict.")

  @Argument(help: "The dependency's name.")
  var name: String

  @Argument(help: "closed, half-open, open, forced-open or disabled; not every client offers all of them.")
  var state: BreakerState

  @Option(help: "One client alone, by its name; every client unless given.")
  var client: String?

  @OptionGroup var action: ActionOptions

  func run() async throws {
    try await action.run(
      PlanRequest(
        verb: .breaker, dependency: DependencyID(rawValue: name), scope: .all, breaker: state, client: client,
        reason: action.reason))
  }
}

/// `deptop repair`: repair connections without the help of the process that holds them.
struct RepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Repair a dependency's connections in the kernel: plan, question, verdict.",
    discussion: """
      prove: the kernel finds out which connections are dead and closes those; keepalive stays on the others.
      close: exactly the planned connections are closed.
      unstick: dead data is given up, and smaller packets are sent where large ones are lost.
      """)

  @Argument(help: "The dependency's name.")
  var name: String

  @Option(help: "How: prove, close, unstick.")
  var method = RepairMethod.prove

  @Option(
    help: "Which connections: stale (on addresses that left DNS), idle, all; stale for close unless given, else all.")
  var scope: ActionScope?

  @OptionGroup var action: ActionOptions

  func run() async throws {
    try await action.run(
      PlanRequest(
        verb: .repair, dependency: DependencyID(rawValue: name), scope: scope ?? method.usualScope, repair: method,
        reason: action.reason))
  }
}

extension ActionScope: ExpressibleByArgument {}
extension BreakerState: ExpressibleByArgument {}
extension RepairMethod: ExpressibleByArgument {}
