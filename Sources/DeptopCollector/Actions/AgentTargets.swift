internal import DeptopModel

/// Which connections an agent's drain is about.
enum AgentTargets {
  /// The kernel's connections of one client to the dependency.
  ///
  /// Those that the client lists; else those of its process; else those of its user, as a shell script's tools are
  /// processes of their own.
  static func connections(of client: ClientDetail, in detail: DependencyDetail) -> [Connection] {
    let established = detail.connections.filter { $0.state == "established" }
    if let listed = client.report.connections {
      let pairs = Set(listed.map { ConnectionPair(local: $0.local, remote: $0.remote) })
      return established.filter { ConnectionPair(onHost: $0).map(pairs.contains) ?? false }
    }
    let own = established.filter { $0.owner != nil && $0.owner?.pid == client.client.pid }
    guard own.isEmpty, let uid = client.client.uid else { return own }
    return established.filter { $0.uid == uid }
  }

  /// The connections that a scope means.
  static func targets(_ connections: [Connection], scope: ActionScope) -> [PlanTarget] {
    let targets = connections.map { connection in
      PlanTarget(
        cookie: connection.cookie, local: connection.local, remote: connection.remote,
        isActive: connection.pool?.isActive ?? (connection.awaitingReply != nil),
        isStale: connection.standing.isStale)
    }
    switch scope {
    case .all: return targets
    case .idle: return targets.filter { !$0.isActive }
    case .stale: return targets.filter(\.isStale)
    }
  }
}

/// What the operator reads of a plan that agents carry out.
struct AgentPlanLines {
  let request: PlanRequest
  let clients: [ClientDetail]
  let targets: [PlanTarget]
  /// Connections of these clients, in the scope or not.
  let held: Int
  let detail: DependencyDetail

  var lines: [PlanLine] {
    [PlanLine("told", names)] + (request.verb == .breaker ? breakerLines : connectionLines)
  }

  private var names: String {
    clients.map { $0.client.isVerified ? $0.client.name : "\($0.client.name) (unverified)" }.joined(separator: ", ")
  }

  private var connectionLines: [PlanLine] {
    let idle = targets.count { !$0.isActive }
    let active = targets.count - idle
    var lines: [PlanLine] = []
    if idle > 0 { lines.append(PlanLine("closes now", "\(idle) idle \(AgentPlanLines.noun(idle))")) }
    if active > 0 {
      let wait = Int(AgentControl.drainTimeout.seconds)
      lines.append(
        PlanLine("on return", "\(active) \(AgentPlanLines.noun(active)) in use; waits up to \(wait) s for each"))
    }
    if held > targets.count { lines.append(PlanLine("keeps", "\(held - targets.count) outside the scope")) }
    lines.append(PlanLine("pace", "the client's own: deptop tells it once and watches the kernel's peers"))
    if request.scope != .all {
      let scope = request.scope.rawValue
      lines.append(
        PlanLine("cannot", "name single connections: the client is told \"\(scope)\" and chooses by its own knowledge"))
    }
    if clients.contains(where: { $0.report.connections == nil }) {
      lines.append(
        PlanLine("risk", "not every client lists its connections: these are read from the socket table, in use or not"))
    }
    return lines
  }

  private var breakerLines: [PlanLine] {
    let wanted = request.breaker?.rawValue ?? ""
    var lines = clients.map { client in
      PlanLine(
        "breaker", "\(client.client.name): \(client.report.breaker?.state.rawValue ?? "not reported") → \(wanted)")
    }
    if request.breaker == .forcedOpen {
      lines.append(PlanLine("risk", "every call is rejected until somebody closes it again"))
    }
    return lines
  }

  private static func noun(_ count: Int) -> String { count == 1 ? "connection" : "connections" }
}
