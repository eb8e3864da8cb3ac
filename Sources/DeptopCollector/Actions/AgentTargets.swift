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

  /// The connections of one client that a request means.
  ///
  /// What is dead counts as stale only where the client can be told of it: deptop knows it from the kernel.
  static func targets(of client: ClientDetail, in detail: DependencyDetail, _ request: PlanRequest) -> [PlanTarget] {
    let targets = connections(of: client, in: detail).map { connection in
      PlanTarget(
        cookie: connection.cookie, local: connection.local, remote: connection.remote, isActive: connection.isBusy,
        isStale: connection.standing.isStale, isDead: !connection.isUsable)
    }
    let isTold = client.report.choosesConnections(for: request.verb)
    switch request.scope {
    case .all: return targets
    case .idle: return targets.filter { !$0.isActive }
    case .stale: return targets.filter { $0.isStale || (isTold && $0.isDead) }
    }
  }
}

/// At what pace the clients of a request will go.
struct AgentPacing {
  /// Those that are told single connections.
  let batches: [Batches]
  /// Those that are told the scope.
  let once: [String]

  /// What one client has to replace.
  struct Batches: Sendable {
    var client: String
    var source: SourceID
    var planned: Int
    var live: Int
    /// True when all of its live connections are planned, and its calls fail.
    var isFailing: Bool

    var failing: Int { isFailing ? live : 0 }
    var share: Int { AgentPace.share(of: live, failing: failing) }
  }

  init(_ request: PlanRequest, _ clients: [ClientDetail], in detail: DependencyDetail) {
    let paced = clients.filter { $0.report.choosesConnections(for: request.verb) }
    batches = paced.map { client in
      let targets = AgentTargets.targets(of: client, in: detail, request)
      let live = AgentTargets.connections(of: client, in: detail).count(where: \.isUsable)
      return Batches(
        client: client.client.name, source: client.source, planned: targets.count, live: live,
        isFailing: live > 0 && targets.count { !$0.isDead } == live && AgentPace.isFailing(client.calls))
    }
    once = clients.filter { !$0.report.choosesConnections(for: request.verb) }.map(\.client.name)
  }

  /// nil when all is told at once.
  var steps: Int? { batches.isEmpty ? nil : AgentPace.steps(of: batches.map { ($0.planned, $0.live) }) }

  /// The sources of the clients whose calls fail.
  var failing: Set<SourceID> { Set(batches.filter(\.isFailing).map(\.source)) }

  var lines: [PlanLine] {
    let paced = batches.map { batch in
      "\(batch.client) \(batch.share) of \(batch.live)" + (batch.isFailing ? ", as its calls fail anyway" : "")
    }.joined(separator: ", ")
    let total = AgentPace.share(
      of: batches.reduce(0) { $0 + $1.live }, failing: batches.reduce(0) { $0 + $1.failing })
    let gap =
      batches.allSatisfy { $0.planned == 0 || $0.isFailing } ? AgentPace.failingGap : AgentPace.shortestGap
    let alone = batches.filter { $0.live == 1 && $0.planned > 0 }.map(\.client)
    return [
      batches.isEmpty
        ? nil
        : PlanLine(
          "pace",
          "in steps: \(paced)" + (batches.count > 1 ? ", of all \(total) at a time" : "")
            + "; idle ones first, at least \(gap.inWords) apart (varied by half), the next when the "
            + "last are replaced; half of each pool stays ready"),
      once.isEmpty
        ? nil
        : PlanLine(
          "pace",
          (batches.isEmpty ? "" : "\(once.joined(separator: ", ")): ")
            + "the client's own: deptop tells it once and watches the kernel's peers"),
      alone.isEmpty
        ? nil
        : PlanLine("risk", "\(alone.joined(separator: ", ")) has one connection: its callers wait for the new one"),
    ].compactMap(\.self)
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
  let pace: AgentPacing

  var lines: [PlanLine] {
    [PlanLine("told", names)] + (request.verb == .breaker ? breakerLines : connectionLines)
  }

  private var names: String {
    clients.map { $0.client.isVerified ? $0.client.name : "\($0.client.name) (unverified)" }.joined(separator: ", ")
  }

  private var connectionLines: [PlanLine] { request.verb == .resolve ? lookupLines : drainLines }

  private var lookupLines: [PlanLine] {
    let stale = targets.count(where: \.isStale)
    return [
      PlanLine("closes now", "nothing: new connections go by the new answer"),
      stale == 0
        ? nil
        : PlanLine(
          "keeps", "\(stale) \(AgentPlanLines.noun(stale)) on the old address, until the client replaces them"),
    ].compactMap(\.self)
  }

  private var drainLines: [PlanLine] {
    let idle = targets.count { !$0.isActive && !$0.isDead }
    let dead = targets.count(where: \.isDead)
    let active = targets.count - idle - dead
    var lines: [PlanLine] = []
    if dead > 0 { lines.append(PlanLine("closes now", "\(dead) dead \(AgentPlanLines.noun(dead)), in the first step")) }
    if idle > 0 { lines.append(PlanLine("closes now", "\(idle) idle \(AgentPlanLines.noun(idle))")) }
    if active > 0 {
      let wait = Int(AgentControl.drainTimeout.seconds)
      lines.append(
        PlanLine("on return", "\(active) \(AgentPlanLines.noun(active)) in use; waits up to \(wait) s for each"))
    }
    if held > targets.count { lines.append(PlanLine("keeps", "\(held - targets.count) outside the scope")) }
    lines += pace.lines
    if request.scope != .all, !pace.once.isEmpty {
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
