internal import DeptopConfiguration
internal import DeptopModel

/// Turns what the sources said into dependencies: a pure function of ``Knowledge`` and the time.
struct Assembly: Sendable {
  let knowledge: Knowledge
  let now: WallTime
  private let attribution: Attribution
  private let digests: TelemetryDigests
  /// The sockets of discovered dependencies that a report may be about too.
  private let unnamed: [DependencyID: [Int]]
  /// The sources that do not answer now.
  private let silent: [SourceStatus]

  /// Prepares what the answers need.
  ///
  /// - Parameters:
  ///   - knowledge: What the sources said.
  ///   - now: The moment that ages count to.
  ///   - digests: Those of an earlier assembly, of which only what changed is made anew; nil makes them as needed.
  init(of knowledge: Knowledge, at now: WallTime, digests: TelemetryDigests? = nil) {
    self.knowledge = knowledge
    self.now = now
    attribution = Attribution(of: knowledge)
    let mayMeet = knowledge.telemetry.dependencies.isEmpty ? [:] : attribution.discovered
    unnamed = Dictionary(
      mayMeet.map { (DependencyID(rawValue: $0.key.description), $0.value) }, uniquingKeysWith: { first, _ in first })
    silent = knowledge.statuses.values.filter(\.isSilent)
    self.digests = digests ?? TelemetryDigests()
  }

  /// Every dependency, ascending by id; levels are what the readings alone say, before any finding.
  func dependencies() -> [Dependency] {
    let named = knowledge.settings.dependencies.map { configured($0) }
    let told = knowledge.telemetry.dependencies.filter { knowledge.configured[$0.key] == nil }
    let others = attribution.discovered.map { discovered($0.key, $0.value) }.filter { told[$0.id] == nil }
    let all = named + told.map { reported($0.key, $0.value) } + others
    // Sorted by place: to move whole dependencies about costs more than all the rest.
    return all.indices.sorted { all[$0].id < all[$1].id }.map { all[$0] }
  }

  /// One dependency with its connections; nil when there is none of that name.
  func detail(of id: DependencyID) -> DependencyDetail? {
    if let settings = knowledge.configured[id] {
      let resolution = settings.hostName.flatMap { knowledge.names[$0]?.resolution }
      return detail(configured(settings), connections(of: id, resolution))
    }
    if let told = knowledge.telemetry.dependencies[id] {
      return detail(reported(id, told), connections(of: id, nil))
    }
    guard let (address, indices) = attribution.discovered.first(where: { $0.key.description == id.rawValue })
    else { return nil }
    return DependencyDetail(
      dependency: discovered(address, indices), connections: indices.map { connection($0, standing: { _ in .unnamed }) }
    )
  }

  /// The clients that report a dependency and whose sources answer.
  func clients(of id: DependencyID) -> [ClientRecord] {
    guard let told = knowledge.telemetry.dependencies[id] else { return [] }
    return silent.isEmpty ? told.clients : told.clients.filter { client in !silent.contains { $0.id == client.source } }
  }

  private func detail(_ dependency: Dependency, _ connections: [Connection]) -> DependencyDetail {
    let told = knowledge.telemetry.dependencies[dependency.id]
    return DependencyDetail(
      dependency: dependency, connections: connections,
      clients: (told?.clients ?? []).map(\.history).map { client in
        ClientDetail(
          client: client.client, source: client.source, observedAt: client.observedAt, report: client.report,
          calls: client.calls)
      }, heat: told?.heat.columns ?? [])
  }

  private func configured(_ settings: DependencySettings) -> Dependency {
    var dependency = Dependency(
      id: settings.id, kind: settings.kind ?? ServiceKind.guessed(fromPort: settings.port), host: settings.host,
      port: settings.port, origin: .configured)
    dependency.resolution = settings.hostName.flatMap { knowledge.names[$0]?.resolution }
    dependency.pools = (knowledge.pools[settings.id] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    dependency.requests = knowledge.requests[settings.id]
    dependency.connect = knowledge.connects[settings.id]
    summarize(attribution.named[settings.id] ?? [], into: &dependency)
    complete(&dependency)
    return dependency
  }

  private func reported(_ id: DependencyID, _ told: DependencyTelemetry) -> Dependency {
    let first = told.clients.first { $0.history.report.port != nil } ?? told.clients.first
    let port = first?.history.report.port ?? 0
    let kind = told.clients.lazy.compactMap(\.history.report.kind).first
    var dependency = Dependency(
      id: id, kind: kind ?? ServiceKind.guessed(fromPort: port), host: first?.history.report.host, port: port,
      origin: .reported)
    summarize(sockets(of: id), into: &dependency)
    complete(&dependency)
    return dependency
  }

  /// A dependency's sockets; where a report gives no name but an endpoint, those of everyone to that endpoint.
  private func sockets(of id: DependencyID) -> [Int] {
    (attribution.named[id] ?? []) + (unnamed[id] ?? [])
  }

  /// Adds what clients say, who of them is silent, and what the readings alone make of the level.
  private func complete(_ dependency: inout Dependency) {
    let told = knowledge.telemetry.dependencies[dependency.id]
    let digest = digests.byDependency[dependency.id] ?? told?.digest(silent: Set(silent.map(\.id)))
    if let digest {
      dependency.pools += digest.pools
      dependency.calls = digest.calls
      dependency.breakers = digest.breakers
      dependency.policy = digest.policy
    }
    dependency.silentSources = silentSources(for: dependency.id, digest)
    dependency.level = level(of: dependency, digest)
  }

  private func discovered(_ address: SocketAddress, _ indices: [Int]) -> Dependency {
    var dependency = Dependency(
      id: DependencyID(rawValue: address.description), kind: ServiceKind.guessed(fromPort: address.port), host: nil,
      port: address.port, origin: .discovered)
    summarize(indices, into: &dependency)
    complete(&dependency)
    return dependency
  }

  private func summarize(_ indices: [Int], into dependency: inout Dependency) {
    // A reported name without an address: which sockets are its own cannot be told.
    guard let sweptAt = knowledge.sweptAt, dependency.origin != .reported || !indices.isEmpty else { return }
    let seen = indices.map { knowledge.connections[$0] }
    let held = poolConnections(of: dependency.id)
    let summary = SocketSummary(
      of: seen, standing: { standing(of: $0, in: dependency.resolution) }, opening: { opening(of: $0, held) })
    let grewAt = seen.map(\.firstSeenAt).max() ?? knowledge.firstSweptAt ?? sweptAt
    dependency.sockets = Reading(summary, source: knowledge.sweptBy, observedAt: grewAt)
    let traffic = seen.compactMap { each in each.sample.quiet.map { (each.sampledAt ?? sweptAt) - $0 } }.max()
    dependency.lastTrafficAt = traffic.map(\.roundedToSecond)
  }

  private func connections(of id: DependencyID, _ resolution: Resolution?) -> [Connection] {
    let held = poolConnections(of: id)
    return sockets(of: id).map { index in
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
      uid: sample.uid, since: seen.firstSeenAt, isOlderThanSeen: seen.isOlderThanSeen, idle: sample.quiet,
      awaitingReply: sample.awaitingReply, rtt: sample.rtt, retransmits: sample.info?.totalRetransmits ?? 0,
      unacknowledged: sample.info?.unacknowledged ?? 0, standing: standing(sample.remote.address), pool: nil)
  }

  private func poolConnections(of id: DependencyID) -> [ConnectionPair: PoolConnection] {
    var held: [ConnectionPair: PoolConnection] = [:]
    let told = knowledge.telemetry.dependencies[id]?.connections.map(\.connection) ?? []
    for connection in told + (knowledge.poolConnections[id]?.value ?? []) {
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

  private func silentSources(for id: DependencyID, _ digest: TelemetryDigest?) -> [SilentSource] {
    silent.filter { status in
      if digest?.silent.contains(status.id) == true { return true }
      guard let covered = knowledge.coverage[status.id] else { return false }
      return covered.isEmpty || covered.contains(id)
    }
    .map { status in
      SilentSource(
        source: status.id, since: status.lastSuccessAt ?? status.firstAttemptAt ?? now,
        reason: status.error ?? "does not answer", nextAttemptAt: status.nextAttemptAt)
    }
    .sorted { $0.source < $1.source }
  }

  /// Stale when a source is silent; one client of several that falls silent makes only its own row stale.
  private func level(of dependency: Dependency, _ digest: TelemetryDigest?) -> Level {
    let missed = dependency.silentSources.filter { digest?.silent.contains($0.source) != true }
    if !missed.isEmpty || digest?.isLive == false { return .stale }
    let isRead = !dependency.pools.isEmpty || !(dependency.resolution?.addresses.isEmpty ?? true)
    return isRead || digest != nil ? .ok : .unknown
  }
}

extension WallTime {
  fileprivate var roundedToSecond: WallTime { WallTime(secondsSinceEpoch: secondsSinceEpoch.rounded()) }
}
