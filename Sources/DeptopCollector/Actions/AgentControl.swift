internal import DeptopControl
internal import DeptopModel
internal import DeptopWire
internal import Synchronization

/// Has agents act: each client that reports a dependency and says that it obeys a verb is told, and says how far it is.
///
/// Pace and order are the client's own; deptop sees what becomes of the connections on the kernel's peers.
final class AgentControl: ControlPlane {
  /// How long an agent has for connections in use.
  static let drainTimeout = Duration.seconds(30)

  /// The commands of plans that were executed, by the agent they went to.
  private let issued = Mutex<[PlanID: [(source: SourceID, client: String, number: UInt64)]]>([:])
  private let agents: AgentRegistry

  init(_ agents: AgentRegistry) {
    self.agents = agents
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
    let targets = AgentTargets.targets(held, scope: request.scope)
    if targets.isEmpty, !held.isEmpty {
      let what = request.scope == .stale ? "on an address that left DNS" : "idle now"
      throw .refused(
        "no connection of \(request.dependency) is \(what); the scope all would replace the \(held.count) that are well"
      )
    }
    let lines = AgentPlanLines(request: request, clients: willing, targets: targets, held: held.count, detail: detail)
    return Preparation(
      targets: targets, clients: willing.map { PlanClient($0) }.sorted(), lines: lines.lines,
      confirmation: request.verb == .breaker || targets.contains(where: \.isActive) ? .typeName : .key,
      drainTimeout: AgentControl.drainTimeout)
  }

  func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? { nil }

  func execute(_ plan: Plan) async throws(ControlError) -> String {
    let told = plan.clients.compactMap { client -> (source: SourceID, client: String, number: UInt64)? in
      agents.issue(to: client.source) { number in
        AgentCommand(
          number: number, verb: plan.request.verb, dependency: client.dependency, scope: plan.request.scope,
          breaker: plan.request.breaker, timeout: plan.drainTimeout, reason: plan.request.reason)
      }.map { (client.source, client.name, $0) }
    }
    guard !told.isEmpty else { throw .failed("none of the plan's clients is there any more") }
    issued.withLock { issued in
      if issued.count >= 200 { issued = [:] }
      issued[plan.id] = told
    }
    let names = told.map(\.client).joined(separator: ", ")
    let missing = plan.clients.count - told.count
    return "told \(names) to \(plan.request.verb)" + (missing > 0 ? "; \(missing) clients are gone" : "")
  }

  func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    let told = issued.withLock { $0[plan.id] ?? [] }
    var (connections, inUse) = (0, 0)
    var notes: [String] = []
    for (source, client, number) in told {
      let result = agents.result(of: number, from: source)
      switch result?.state {
      case nil:
        connections = connections.addingSaturated(1)
        notes.append("\(client) has not answered yet")
      case .running:
        connections = connections.addingSaturated(max(1, result?.remaining ?? 1))
        inUse = inUse.addingSaturated(max(0, result?.inUse ?? 0))
        notes.append("\(client): \(result?.text ?? "at work")")
      case .failed, .refused:
        throw .failed(
          "\(client) \(result?.state == .failed ? "failed" : "refused"): \(result?.text ?? "no reason given")")
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

extension Dependency {
  fileprivate func isLive(_ source: SourceID) -> Bool { !silentSources.contains { $0.source == source } }
}

extension PlanClient {
  fileprivate init(_ detail: ClientDetail) {
    self.init(name: detail.client.name, source: detail.source, dependency: detail.report.title ?? detail.client.name)
  }
}
