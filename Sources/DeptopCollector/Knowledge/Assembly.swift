internal import DeptopConfiguration
internal import DeptopModel

/// Turns what the sources said into dependencies: a pure function of ``Knowledge`` and the time.
struct Assembly: Sendable {
  let knowledge: Knowledge
  let now: WallTime
  private let attribution: Attribution
  private let digests: TelemetryDigests
  /// What nobody configured, by its name or its address.
  private let discovered: [DependencyID: Discovered]
  /// The remote addresses whose past belongs to a configured dependency.
  private let pasts: [DependencyID: [RemotePlace]]
  private let labels: [NamespaceID: String]
  /// The sources that do not answer now.
  private let silent: [SourceStatus]

  /// Connections to one place that nobody configured, as indices into the sweep.
  private struct Discovered {
    /// The host's name; nil when only the address is known.
    var host: String?
    var port: UInt16
    var indices: [Int]
  }

  /// Prepares what the answers need.
  ///
  /// - Parameters:
  ///   - knowledge: What the sources said.
  ///   - now: The moment that ages count to.
  ///   - digests: Those of an earlier assembly, of which only what changed is made anew; nil makes them as needed.
  init(of knowledge: Knowledge, at now: WallTime, digests: TelemetryDigests? = nil) {
    self.knowledge = knowledge
    self.now = now
    let attribution = Attribution(of: knowledge)
    self.attribution = attribution
    let labels = Assembly.labels(of: knowledge.namespaces)
    self.labels = labels
    discovered = Assembly.discovered(in: attribution, knowledge, labels)
    var pasts: [DependencyID: [RemotePlace]] = [:]
    for place in knowledge.history.remotes.keys {
      if let id = attribution.configured(at: place) { pasts[id, default: []].append(place) }
    }
    self.pasts = pasts
    silent = knowledge.statuses.values.filter(\.isSilent)
    self.digests = digests ?? TelemetryDigests()
  }

  /// What a person would call each namespace, told apart where several would be called the same.
  private static func labels(of namespaces: [NamespaceStatus]) -> [NamespaceID: String] {
    let byLabel = Dictionary(grouping: namespaces, by: \.label)
    return Dictionary(
      namespaces.map { each in
        let isOnly = byLabel[each.label]?.count == 1
        return (each.id, isOnly ? each.label : "\(each.label)#\(each.id.inode)")
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func discovered(
    in attribution: Attribution, _ knowledge: Knowledge, _ labels: [NamespaceID: String]
  ) -> [DependencyID: Discovered] {
    var found: [DependencyID: Discovered] = [:]
    for (place, indices) in attribution.discovered {
      let port = place.address.port
      let name = knowledge.addressNames[place.address.address]
      let suffix = place.namespace == .own ? "" : "@\(labels[place.namespace] ?? place.namespace.description)"
      var id = DependencyID(rawValue: (name.map { "\($0):\(port)" } ?? place.address.description) + suffix)
      // A name that the configuration uses for something else says nothing here.
      if knowledge.configured[id] != nil { id = DependencyID(rawValue: place.address.description + suffix) }
      found[id, default: Discovered(host: name, port: port, indices: [])].indices += indices
    }
    return found
  }

  /// Every dependency, ascending by id; levels are what the readings alone say, before any finding.
  func dependencies() -> [Dependency] {
    let named = knowledge.settings.dependencies.map { configured($0) }
    let told = knowledge.telemetry.dependencies.filter { knowledge.configured[$0.key] == nil }
    let others = discovered.filter { told[$0.key] == nil }.map { discovered($0.key, $0.value) }
    let all = named + told.map { reported($0.key, $0.value) } + others
    // Sorted by place: to move whole dependencies about costs more than all the rest.
    return all.indices.sorted { all[$0].id < all[$1].id }.map { all[$0] }
  }

  /// One dependency with its connections; nil when there is none of that name.
  func detail(of id: DependencyID) -> DependencyDetail? {
    if let settings = knowledge.configured[id] {
      return detail(configured(settings), connections(of: id, settings.hostName))
    }
    if let told = knowledge.telemetry.dependencies[id] {
      return detail(reported(id, told), connections(of: id, nil))
    }
    guard let found = discovered[id] else { return nil }
    return DependencyDetail(
      dependency: discovered(id, found), connections: found.indices.map { connection($0, name: nil) },
      unreadNamespaces: unreadNamespaces)
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
      }, heat: told?.heat.columns ?? [], unreadNamespaces: unreadNamespaces)
  }

  /// Namespaces of which the last sweep says nothing.
  private var unreadNamespaces: [NamespaceID] {
    knowledge.namespaces.filter { $0.connections == nil || $0.problem != nil }.map(\.id)
  }

  private func configured(_ settings: DependencySettings) -> Dependency {
    var dependency = Dependency(
      id: settings.id, kind: settings.kind ?? ServiceKind.guessed(fromPort: settings.port), host: settings.host,
      port: settings.port, origin: .configured)
    dependency.resolution = settings.hostName.flatMap { knowledge.names[$0]?.resolution }
    dependency.pools = (knowledge.pools[settings.id] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    dependency.requests = knowledge.requests[settings.id]
    let indices = attribution.named[settings.id] ?? []
    dependency.views = views(of: settings.hostName, indices)
    let remotes = Set(pasts[settings.id] ?? []).union(indices.map { RemotePlace(knowledge.connections[$0].sample) })
    summarize(indices, remotes, name: settings.hostName, into: &dependency)
    dependency.path = path(of: settings, past(of: remotes))
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
    summarizeUnnamed(sockets(of: id), into: &dependency)
    complete(&dependency)
    return dependency
  }

  /// A dependency's sockets; where a report gives no name but an endpoint, those of everyone to that endpoint.
  private func sockets(of id: DependencyID) -> [Int] {
    let unnamed = knowledge.configured[id] == nil ? discovered[id]?.indices : nil
    return (attribution.named[id] ?? []) + (unnamed ?? [])
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
    dependency.connect = knowledge.connects[dependency.id]
    dependency.silentSources = silentSources(for: dependency.id, digest)
    dependency.level = level(of: dependency, digest)
  }

  private func discovered(_ id: DependencyID, _ found: Discovered) -> Dependency {
    var dependency = Dependency(
      id: id, kind: ServiceKind.guessed(fromPort: found.port), host: nil, port: found.port, origin: .discovered)
    summarizeUnnamed(found.indices, into: &dependency)
    complete(&dependency)
    return dependency
  }

  private func summarizeUnnamed(_ indices: [Int], into dependency: inout Dependency) {
    let remotes = Set(indices.map { RemotePlace(knowledge.connections[$0].sample) })
    summarize(indices, remotes, name: nil, into: &dependency)
    dependency.path = path(of: nil, past(of: remotes))
  }

  private func past(of remotes: Set<RemotePlace>) -> [RemoteHistory] {
    remotes.compactMap { knowledge.history.remotes[$0] }
  }

  /// What is known of the way; nil when that is nothing.
  private func path(of settings: DependencySettings?, _ past: [RemoteHistory]) -> NetworkPath? {
    var path = NetworkPath()
    path.declaredIdleTimeout = settings?.path.idleTimeout
    path.declaredMTU = settings?.path.mtu
    path.survivedIdle = past.compactMap(\.survivedIdle).max()?.roundedToTenth
    path.failedIdle = past.compactMap(\.failedIdle).min()?.roundedToTenth
    let check = settings.flatMap { knowledge.paths[$0.id] }
    path.check = check?.value
    path.checkedAt = check?.observedAt
    return path == NetworkPath() ? nil : path
  }

  /// The name as the other namespaces see it that have connections.
  private func views(of name: String?, _ indices: [Int]) -> [ResolutionView] {
    guard let name, !knowledge.views.isEmpty else { return [] }
    let present = Set(indices.map { knowledge.connections[$0].sample.namespace }).sorted()
    return present.compactMap { namespace in
      guard let view = knowledge.views[namespace]?[name] else { return nil }
      return ResolutionView(
        namespace: namespace, label: labels[namespace] ?? namespace.description, resolution: view.resolution)
    }
  }

  private func summarize(
    _ indices: [Int], _ remotes: Set<RemotePlace>, name: String?, into dependency: inout Dependency
  ) {
    // A reported name without an address: which sockets are its own cannot be told.
    guard let sweptAt = knowledge.sweptAt, dependency.origin != .reported || !indices.isEmpty else { return }
    let held = poolConnections(of: dependency.id)
    let past = past(of: remotes)
    let replies = ReplyEstimate(of: past.flatMap(\.replyTimes), resolution: knowledge.settings.kernel.interval)
    let tally = SocketTally(
      of: knowledge.connections, at: indices, sweptAt: sweptAt, standing: { standing(of: $0, name: name) },
      opening: { opening(of: $0, held) })
    let summary = tally.summary(
      SocketConditions(of: knowledge.connections, at: indices, sweptAt: sweptAt, replies: replies))
    dependency.closings = past.compactMap(\.closings).reduce(nil) { sum, next in sum.map { $0.adding(next) } ?? next }
    let grewAt = tally.newestSince ?? knowledge.firstSweptAt ?? sweptAt
    dependency.sockets = Reading(summary, source: knowledge.sweptBy, observedAt: grewAt)
    dependency.lastTrafficAt = tally.lastTrafficAt?.roundedToSecond
  }

  private func connections(of id: DependencyID, _ name: String?) -> [Connection] {
    let held = poolConnections(of: id)
    return sockets(of: id).map { index in
      var made = connection(index, name: name)
      let opening = opening(of: index, held)
      made.pool = ConnectionPair(onHost: knowledge.connections[index].sample).flatMap { held[$0] }
      (made.since, made.isOlderThanSeen) = (opening.at, opening.isOlder)
      return made
    }
  }

  private func connection(_ index: Int, name: String?) -> Connection {
    let seen = knowledge.connections[index]
    let sample = seen.sample
    return Connection(
      cookie: sample.identity, local: sample.local, remote: sample.remote, state: "\(sample.state)", owner: seen.owner,
      uid: sample.uid, since: seen.firstSeenAt, isOlderThanSeen: seen.isOlderThanSeen, idle: sample.quiet,
      awaitingReply: sample.awaitingReply, rtt: sample.rtt, retransmits: sample.info?.totalRetransmits ?? 0,
      unacknowledged: sample.info?.unacknowledged ?? 0, standing: standing(of: index, name: name).word, pool: nil,
      signals: seen.signals, namespace: sample.namespace, translated: seen.translated, inode: sample.inode,
      nextRetransmit: sample.timer == .retransmit ? .milliseconds(Int(sample.timerExpires)) : nil,
      segmentSize: sample.info.map { Int($0.sendMSS) })
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
  private func opening(of index: Int, _ held: [ConnectionPair: PoolConnection]) -> Opening {
    let firstSeenAt = knowledge.connections[index].firstSeenAt
    if !held.isEmpty, let pair = ConnectionPair(onHost: knowledge.connections[index].sample),
      let connectedAt = held[pair]?.connectedAt
    {
      return Opening(at: min(connectedAt, firstSeenAt), isOlder: false)
    }
    return Opening(at: firstSeenAt, isOlder: knowledge.connections[index].isOlderThanSeen)
  }

  /// Where a connection goes, against the answers that its own namespace gets.
  ///
  /// An address that is translated on this host stands where the connection really goes, unless the name itself gives
  /// the translated one.
  private func standing(of index: Int, name: String?) -> SocketStanding {
    let namespace = knowledge.connections[index].sample.namespace
    let names = namespace == .own ? knowledge.names : knowledge.views[namespace] ?? [:]
    guard let resolution = name.flatMap({ names[$0]?.resolution }) else {
      return SocketStanding(word: .unnamed, leftAt: nil, view: namespace)
    }
    let address = knowledge.connections[index].sample.remote.address
    let word = resolution.standing(of: address)
    if word != .current, let real = knowledge.connections[index].translated?.address,
      resolution.standing(of: real) == .current
    {
      return SocketStanding(word: .current, leftAt: nil, view: namespace)
    }
    return SocketStanding(word: word, leftAt: resolution.leftAt(address), view: namespace)
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
  ///
  /// Callers that fail are seen at once, long before a rule is sure of the mechanism.
  private func level(of dependency: Dependency, _ digest: TelemetryDigest?) -> Level {
    let missed = dependency.silentSources.filter { digest?.silent.contains($0.source) != true }
    if !missed.isEmpty || digest?.isLive == false { return .stale }
    let isRead = !dependency.pools.isEmpty || !(dependency.resolution?.addresses.isEmpty ?? true)
    return isRead || digest != nil ? dependency.calls?.value.level ?? .ok : .unknown
  }
}
