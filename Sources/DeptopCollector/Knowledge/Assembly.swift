internal import DeptopConfiguration
internal import DeptopModel

/// Turns what the sources said into dependencies: a pure function of ``Knowledge`` and the time.
struct Assembly: Sendable {
  let knowledge: Knowledge
  let now: WallTime
  private let attribution: Attribution

  init(of knowledge: Knowledge, at now: WallTime) {
    self.knowledge = knowledge
    self.now = now
    attribution = Attribution(of: knowledge)
  }

  /// Every dependency, ascending by id; levels are what the readings alone say, before any finding.
  func dependencies() -> [Dependency] {
    let named = knowledge.settings.dependencies.map { configured($0) }
    let others = attribution.discovered.map { discovered($0.key, $0.value) }
    return (named + others).sorted { $0.id < $1.id }
  }

  /// One dependency with its connections; nil when there is none of that name.
  func detail(of id: DependencyID) -> DependencyDetail? {
    if let settings = knowledge.configured[id] {
      return DependencyDetail(dependency: configured(settings), connections: connections(of: settings))
    }
    guard let (address, indices) = attribution.discovered.first(where: { $0.key.description == id.rawValue })
    else { return nil }
    return DependencyDetail(
      dependency: discovered(address, indices), connections: indices.map { connection($0, standing: { _ in .unnamed }) }
    )
  }

  private func configured(_ settings: DependencySettings) -> Dependency {
    var dependency = Dependency(
      id: settings.id, kind: settings.kind ?? ServiceKind.guessed(fromPort: settings.port), host: settings.host,
      port: settings.port, origin: .configured)
    dependency.resolution = settings.hostName.flatMap { knowledge.names[$0]?.resolution }
    dependency.pools = (knowledge.pools[settings.id] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    dependency.requests = knowledge.requests[settings.id]
    dependency.connect = knowledge.connects[settings.id]
    summarize(attribution.configured[settings.id] ?? [], into: &dependency)
    dependency.silentSources = silentSources(for: settings.id)
    dependency.level = level(of: dependency)
    return dependency
  }

  private func discovered(_ address: SocketAddress, _ indices: [Int]) -> Dependency {
    var dependency = Dependency(
      id: DependencyID(rawValue: address.description), kind: ServiceKind.guessed(fromPort: address.port), host: nil,
      port: address.port, origin: .discovered)
    summarize(indices, into: &dependency)
    dependency.silentSources = silentSources(for: dependency.id)
    dependency.level = level(of: dependency)
    return dependency
  }

  private func summarize(_ indices: [Int], into dependency: inout Dependency) {
    guard let sweptAt = knowledge.sweptAt else { return }
    let seen = indices.map { knowledge.connections[$0] }
    let held = poolConnections(of: dependency.id)
    let summary = SocketSummary(
      of: seen, standing: { standing(of: $0, in: dependency.resolution) }, opening: { opening(of: $0, held) })
    let grewAt = seen.map(\.firstSeenAt).max() ?? knowledge.firstSweptAt ?? sweptAt
    dependency.sockets = Reading(summary, source: knowledge.sweptBy, observedAt: grewAt)
    let traffic = seen.compactMap { each in each.sample.quiet.map { (each.sampledAt ?? sweptAt) - $0 } }.max()
    dependency.lastTrafficAt = traffic.map(\.roundedToSecond)
  }

  private func connections(of settings: DependencySettings) -> [Connection] {
    let resolution = settings.hostName.flatMap { knowledge.names[$0]?.resolution }
    let held = poolConnections(of: settings.id)
    return (attribution.configured[settings.id] ?? []).map { index in
      var made = connection(index) { standing(of: $0, in: resolution).standing }
      let opening = opening(of: knowledge.connections[index], held)
      made.pool = held[ConnectionPair(knowledge.connections[index].sample)]
      (made.since, made.isOlderThanSeen) = (opening.at, opening.isOlder)
      return made
    }
  }

  private func connection(_ index: Int, standing: (IPAddress) -> AddressUse.Standing) -> Connection {
    let seen = knowledge.connections[index]
    let sample = seen.sample
    return Connection(
      cookie: sample.identity, local: sample.local, remote: sample.remote, state: "\(sample.state)", owner: seen.owner,
      since: seen.firstSeenAt, isOlderThanSeen: seen.isOlderThanSeen, idle: sample.quiet,
      awaitingReply: sample.awaitingReply, rtt: sample.rtt, retransmits: sample.info?.totalRetransmits ?? 0,
      unacknowledged: sample.info?.unacknowledged ?? 0, standing: standing(sample.remote.address), pool: nil)
  }

  private func poolConnections(of id: DependencyID) -> [ConnectionPair: PoolConnection] {
    var held: [ConnectionPair: PoolConnection] = [:]
    for connection in knowledge.poolConnections[id]?.value ?? [] {
      if let pair = ConnectionPair(connection) { held[pair] = connection }
    }
    return held
  }

  /// The pool's owner knows when it connected; the sweep only when it first saw the connection.
  private func opening(of seen: ObservedConnection, _ held: [ConnectionPair: PoolConnection]) -> Opening {
    guard let connectedAt = held[ConnectionPair(seen.sample)]?.connectedAt else {
      return Opening(at: seen.firstSeenAt, isOlder: seen.isOlderThanSeen)
    }
    return Opening(at: min(connectedAt, seen.firstSeenAt), isOlder: false)
  }

  private func standing(
    of address: IPAddress, in resolution: Resolution?
  ) -> (standing: AddressUse.Standing, leftAt: WallTime?) {
    guard let resolution else { return (.unnamed, nil) }
    return (resolution.standing(of: address), resolution.leftAt(address))
  }

  private func silentSources(for id: DependencyID) -> [SilentSource] {
    knowledge.statuses.values.filter { status in
      guard let covered = knowledge.coverage[status.id], covered.isEmpty || covered.contains(id) else { return false }
      return status.isSilent
    }
    .map { status in
      SilentSource(
        source: status.id, since: status.lastSuccessAt ?? status.firstAttemptAt ?? now,
        reason: status.error ?? "does not answer", nextAttemptAt: status.nextAttemptAt)
    }
    .sorted { $0.source < $1.source }
  }

  private func level(of dependency: Dependency) -> Level {
    if !dependency.silentSources.isEmpty { return .stale }
    let isRead = !dependency.pools.isEmpty || !(dependency.resolution?.addresses.isEmpty ?? true)
    return isRead ? .ok : .unknown
  }
}

extension WallTime {
  fileprivate var roundedToSecond: WallTime { WallTime(secondsSinceEpoch: secondsSinceEpoch.rounded()) }
}
