internal import DeptopControl
internal import DeptopModel
internal import DeptopWire
internal import Synchronization

/// Has agents act: each client that reports a dependency and says that it obeys a verb is told, and says how far it is.
///
/// A client that chooses connections is told which, batch by batch; else pace and order are its own. What becomes of the
/// connections is seen on the kernel's peers.
final class AgentControl: ControlPlane {
  /// How long an agent has for connections in use.
  static let drainTimeout = Duration.seconds(30)

  /// Plans whose commands are remembered.
  private static let remembered = 200

  /// One command, and the agent that it went to.
  private struct Told: Sendable {
    var source: SourceID
    var client: String
    var number: UInt64
  }

  /// What was told for one plan.
  private struct Execution: Sendable {
    var told: [Told] = []
    var drain: AgentDrain?
  }

  private struct State {
    var executions: [PlanID: Execution] = [:]
    var order: [PlanID] = []
  }

  private let state = Mutex(State())
  private let agents: AgentRegistry
  /// A factor for each pause between two batches.
  private let jitter: @Sendable () -> Double

  /// - Parameters:
  ///   - agents: Whom to tell.
  ///   - jitter: The factor of each pause, so that many hosts do not close in step.
  init(_ agents: AgentRegistry, jitter: @escaping @Sendable () -> Double = { Double.random(in: AgentPace.jitter) }) {
    self.agents = agents
    self.jitter = jitter
  }

  /// None are configured: whoever reports a dependency can act on it.
  var dependencies: [DependencyID] { [] }

  func offers(for detail: DependencyDetail) -> [ActionOffer] {
    offers(detail.clients.filter { detail.dependency.isLive($0.source) }.map { ($0.source, $0.report) })
  }

  /// What the clients of a dependency offer; nothing when none of them obeys anything.
  func offers(for dependency: Dependency, clients: [ClientRecord]) -> [ActionOffer] {
    guard clients.contains(where: { $0.history.report.verbs?.isEmpty == false }) else { return [] }
    return offers(clients.filter { dependency.isLive($0.source) }.map { ($0.source, $0.history.report) })
  }

  private func offers(_ clients: [(source: SourceID, report: ClientReport)]) -> [ActionOffer] {
    guard !clients.isEmpty else { return [] }
    return ActionVerb.native.map { verb in
      let willing = clients.filter { $0.report.verbs?.contains(verb) == true }
      guard !willing.isEmpty else {
        return ActionOffer(verb: verb, unavailable: "none of its clients says that it obeys \(verb)")
      }
      guard willing.contains(where: { agents.follows($0.source) }) else {
        return ActionOffer(verb: verb, unavailable: "its clients do not listen to commands now")
      }
      return ActionOffer(
        verb: verb, breakerStates: verb == .breaker ? [.closed, .halfOpen, .forcedOpen, .disabled] : nil)
    }
  }

  func prepare(_ request: PlanRequest, for detail: DependencyDetail) async throws(ControlError) -> Preparation {
    if request.verb == .breaker, request.breaker == nil {
      throw .refused("which state the breaker is to have is missing")
    }
    let willing = try willing(request, detail)
    let held = request.verb == .breaker ? [] : willing.flatMap { AgentTargets.connections(of: $0, in: detail) }
    let targets = request.verb == .breaker ? [] : willing.flatMap { AgentTargets.targets(of: $0, in: detail, request) }
    if targets.isEmpty, !held.isEmpty {
      let what = request.scope == .stale ? "on an address that left DNS" : "idle now"
      throw .refused(
        "no connection of \(request.dependency) is \(what); the scope all would replace all \(held.count)"
      )
    }
    let pace = AgentPacing(request, willing, in: detail)
    let lines = AgentPlanLines(
      request: request, clients: willing, targets: targets, held: held.count, detail: detail, pace: pace)
    return Preparation(
      targets: targets,
      clients: willing.map { PlanClient($0, for: request.verb, isFailing: pace.failing.contains($0.source)) }
        .sorted(),
      lines: lines.lines,
      confirmation: request.verb == .breaker || targets.contains(where: \.isActive) ? .typeName : .key,
      drainTimeout: AgentControl.drainTimeout, steps: pace.steps)
  }

  func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? { nil }

  func execute(_ plan: Plan) async throws(ControlError) -> String {
    try tell(plan.clients, plan)
  }

  func execute(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    let paced = plan.clients.filter { $0.choosesConnections == true }
    guard !paced.isEmpty else { return StepReport(text: try tell(plan.clients, plan), pause: nil) }
    let view = AgentView(now)
    if step == 0 {
      // Those that do not choose get all of it at once: their own pace begins with the first batch of the others.
      let rest = plan.clients.filter { $0.choosesConnections != true }
      if !rest.isEmpty { _ = try tell(rest, plan) }
      update(plan) { $0.drain = $0.drain ?? AgentDrain(plan, view) }
    }
    let turn = update(plan) { execution in
      let told = execution.told
      return execution.drain?.turn(view) { client, number in
        told.contains { $0.number == number } ? agents.result(of: number, from: client.source) : nil
      }
    }
    guard let turn, let drain = execution(of: plan).drain else { throw .failed("plan \(plan.id) was not begun") }
    for order in turn.orders { give(order, plan) }
    return AgentSteps(plan: plan, drain: drain, view: view).report(of: turn, gap: gap(of: plan, drain))
  }

  func abandon(_ plan: Plan, now: DependencyDetail?) async throws(ControlError) -> String? {
    let withdrawn = execution(of: plan).told.filter { agents.cancel($0.number, of: $0.source) }.map(\.client)
    guard !withdrawn.isEmpty else { return nil }
    return "withdrawn what \(Set(withdrawn).sorted().joined(separator: ", ")) had not done yet"
  }

  func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    let execution = execution(of: plan)
    if let drain = execution.drain, plan.clients.allSatisfy({ $0.choosesConnections == true }) {
      let reasons = Set(drain.left.values).sorted().joined(separator: "; ")
      return Remaining(connections: drain.left.count, inUse: 0, note: reasons.isEmpty ? nil : reasons)
    }
    let once = Set(plan.clients.filter { $0.choosesConnections != true }.map(\.source))
    var (connections, inUse) = (execution.drain?.left.count ?? 0, 0)
    var notes = Set(execution.drain?.left.values ?? [:].values).sorted()
    for told in execution.told where once.contains(told.source) {
      let result = agents.result(of: told.number, from: told.source)
      switch result?.state {
      case nil:
        connections = connections.addingSaturated(1)
        notes.append("\(told.client) has not answered yet")
      case .running:
        connections = connections.addingSaturated(max(1, result?.remaining ?? 1))
        inUse = inUse.addingSaturated(max(0, result?.inUse ?? 0))
        notes.append("\(told.client): \(result?.text ?? "at work")")
      case .failed, .refused:
        throw .failed(
          "\(told.client) \(result?.state == .failed ? "failed" : "refused"): \(result?.text ?? "no reason given")")
      case .done: break
      }
    }
    return Remaining(connections: connections, inUse: inUse, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  private func willing(_ request: PlanRequest, _ detail: DependencyDetail) throws(ControlError) -> [ClientDetail] {
    let obeying = detail.clients.filter { client in
      detail.dependency.isLive(client.source) && client.report.verbs?.contains(request.verb) == true
        && agents.follows(client.source)
    }
    guard let name = request.client else {
      if obeying.isEmpty { throw .refused("no client of \(request.dependency) obeys \(request.verb) now") }
      return obeying
    }
    let named = obeying.filter { $0.client.name == name }
    guard !named.isEmpty else {
      let known = obeying.map(\.client.name).joined(separator: ", ")
      throw .refused("no client \(name) of \(request.dependency) obeys \(request.verb) now; there is \(known)")
    }
    return named
  }
}

extension AgentControl {
  /// Tells clients the scope, once.
  private func tell(_ clients: [PlanClient], _ plan: Plan) throws(ControlError) -> String {
    let told = clients.compactMap { client in
      issue(to: client, plan) { number in AgentCommand(plan, number: number, dependency: client.dependency) }
    }
    guard !told.isEmpty else { throw .failed("none of the plan's clients is there any more") }
    let names = told.map(\.client).joined(separator: ", ")
    let missing = clients.count - told.count
    return "told \(names) to \(plan.request.verb)" + (missing > 0 ? "; \(missing) clients are gone" : "")
  }

  /// Tells one client which connections to replace now.
  private func give(_ order: AgentDrain.Order, _ plan: Plan) {
    let told = issue(to: order.client, plan) { number in
      var command = AgentCommand(plan, number: number, dependency: order.client.dependency)
      command.connections = order.connections
      return command
    }
    update(plan) { $0.drain?.told(order, number: told?.number) }
  }

  private func issue(to client: PlanClient, _ plan: Plan, _ make: (UInt64) -> AgentCommand) -> Told? {
    guard let number = agents.issue(to: client.source, make) else { return nil }
    let told = Told(source: client.source, client: client.name, number: number)
    update(plan) { $0.told.append(told) }
    return told
  }

  private func gap(of plan: Plan, _ drain: AgentDrain) -> Duration {
    AgentPace.gap(connect: plan.bounds?.connectBaseline, isFailing: drain.protectsNothing, jitter: jitter())
  }

  private func execution(of plan: Plan) -> Execution { state.withLock { $0.executions[plan.id] ?? Execution() } }

  /// Notes what was done; forgets the oldest plan when there are many.
  @discardableResult
  private func update<Value: Sendable>(_ plan: Plan, _ change: (inout Execution) -> Value) -> Value {
    state.withLock { state in
      if state.executions[plan.id] == nil {
        if state.order.count >= AgentControl.remembered { state.executions[state.order.removeFirst()] = nil }
        state.order.append(plan.id)
      }
      return change(&state.executions[plan.id, default: Execution()])
    }
  }
}

extension AgentCommand {
  /// What a plan asks of a client; its connections are those of the scope.
  fileprivate init(_ plan: Plan, number: UInt64, dependency: String) {
    self.init(
      number: number, verb: plan.request.verb, dependency: dependency, scope: plan.request.scope,
      breaker: plan.request.breaker, timeout: plan.drainTimeout, reason: plan.request.reason)
  }
}

extension PlanClient {
  fileprivate init(_ detail: ClientDetail, for verb: ActionVerb, isFailing: Bool) {
    self.init(
      name: detail.client.name, source: detail.source, dependency: detail.report.title ?? detail.client.name,
      choosesConnections: detail.report.choosesConnections(for: verb) ? true : nil,
      isFailing: isFailing ? true : nil)
  }
}

extension ClientReport {
  /// True when it is told single connections: a look-up and a breaker are not about any.
  func choosesConnections(for verb: ActionVerb) -> Bool { verb == .drain && choosesConnections == true }
}
