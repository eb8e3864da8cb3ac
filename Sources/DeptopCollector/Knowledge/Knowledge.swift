internal import DeptopConfiguration
internal import DeptopModel

/// Everything that the sources have said: the fold of their observations.
///
/// A reading keeps the moment at which it first had its value; whether its source still answers is the source's
/// status. So a dependency of which nothing changed is equal from one snapshot to the next.
struct Knowledge: Sendable {
  /// Addresses of a dependency whose probes are kept; those that were not probed for longest go first.
  static let probedAddressesKept = 64

  /// Dependencies that probes are remembered of; more only when they are configured.
  static let probedDependenciesKept = 1024

  private(set) var settings: Settings
  private(set) var configured: [DependencyID: DependencySettings]
  /// The host names of the configured dependencies.
  private var hosts: Set<String>
  private(set) var connections: [ObservedConnection] = []
  /// nil before the first sweep.
  private(set) var sweptAt: WallTime?
  private(set) var firstSweptAt: WallTime?
  private(set) var sweptBy: SourceID = "kernel"
  private(set) var names: [String: NameKnowledge] = [:]
  private(set) var pools: [DependencyID: [SourceID: Reading<PoolReading>]] = [:]
  private(set) var poolConnections: [DependencyID: Reading<[PoolConnection]>] = [:]
  private(set) var requests: [DependencyID: Reading<RequestReading>] = [:]
  private(set) var connects: [DependencyID: ConnectSummary] = [:]
  /// What connections went through that are there no more, or look well again.
  private(set) var history = SocketHistory()
  private(set) var namespaces: [NamespaceStatus] = []
  /// The names as other namespaces see them.
  private(set) var views: [NamespaceID: [String: NameKnowledge]] = [:]
  private(set) var paths: [DependencyID: Reading<PathCheck>] = [:]
  /// Names of addresses that nobody configured.
  private(set) var addressNames: [IPAddress: String] = [:]
  /// What clients say of their dependencies, configured or not.
  private(set) var telemetry: Telemetry
  private(set) var statuses: [SourceID: SourceStatus] = [:]
  private var remarks: [SourceID: [String]] = [:]
  /// Which dependencies lose readings when a source is silent; empty means all.
  private(set) var coverage: [SourceID: Set<DependencyID>] = [:]

  init(settings: Settings, remembered: [String: RememberedAnswers] = [:]) {
    self.settings = settings
    configured = Knowledge.byID(settings)
    telemetry = Telemetry(settings: settings)
    hosts = Set(settings.dependencies.compactMap(\.hostName))
    for (name, answers) in remembered where hosts.contains(name) {
      names[name] = NameKnowledge(name: name, remembered: answers)
    }
  }

  private static func byID(_ settings: Settings) -> [DependencyID: DependencySettings] {
    Dictionary(settings.dependencies.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Takes what one poll of one source saw.
  ///
  /// What this source said before and leaves out now is no longer known. What is said of a name or a dependency that
  /// is not configured any more is passed over.
  mutating func fold(_ observations: [Observation], from source: SourceID, at now: WallTime) {
    var told = Told()
    for observation in observations { fold(observation, into: &told, from: source, at: now) }
    for (name, answers) in told.answers {
      names[name, default: NameKnowledge(name: name)].record(answers, from: source, at: now)
    }
    for (namespace, answers) in told.viewAnswers {
      for (name, answers) in answers {
        views[namespace, default: [:]][name, default: NameKnowledge(name: name)].record(answers, from: source, at: now)
      }
    }
    telemetry.record(told.clients, from: source, at: now)
    forgetUntold(by: source, told)
  }

  /// What one poll was about.
  private struct Told {
    var clients: [ClientObservation] = []
    var answers: [String: [ResolverAnswer]] = [:]
    var viewAnswers: [NamespaceID: [String: [ResolverAnswer]]] = [:]
    var pools: Set<DependencyID> = []
    var connections: Set<DependencyID> = []
    var requests: Set<DependencyID> = []
    var owners: Set<DependencyID> = []
  }

  private mutating func fold(
    _ observation: Observation, into told: inout Told, from source: SourceID, at now: WallTime
  ) {
    switch observation {
    case .connections(let seen):
      connections = seen
      history.record(seen, at: now)
      sweptAt = now
      firstSweptAt = firstSweptAt ?? now
      sweptBy = source
    case .resolution(let answer):
      if hosts.contains(answer.name) { told.answers[answer.name, default: []].append(answer) }
    case .pool(let id, let reading):
      guard configured[id] != nil else { return }
      told.pools.insert(id)
      let previous = pools[id]?[source]
      pools[id, default: [:]][source] = previous.updated(to: reading, from: source, at: now)
    case .poolConnections(let id, let held):
      guard configured[id] != nil else { return }
      told.connections.insert(id)
      poolConnections[id] = poolConnections[id].updated(to: held, from: source, at: now)
    case .requests(let id, let reading):
      guard configured[id] != nil else { return }
      told.requests.insert(id)
      requests[id] = requests[id].updated(to: reading, from: source, at: now)
    case .ownerResolution(let id, let reading):
      guard let name = configured[id]?.hostName else { return }
      told.owners.insert(id)
      let previous = names[name]?.resolution.owner
      names[name, default: NameKnowledge(name: name)]
        .record(owner: previous.updated(to: reading, from: source, at: now))
    case .connect(let id, let attempt):
      guard configured[id] != nil || connects[id] != nil || connects.count < Knowledge.probedDependenciesKept else {
        return
      }
      connects[id, default: ConnectSummary(addresses: [], source: source, histogram: Histogram())]
        .record(attempt, at: now)
    case .client(let observation): told.clients.append(observation)
    case .remarks(let sentences): remarks[source] = sentences
    case .closings(let closed, _): history.record(closed, at: now)
    case .namespaces(let found):
      namespaces = found
      let present = Set(found.map(\.id))
      views = views.filter { present.contains($0.key) }
    case .namespaceResolution(let namespace, let answer):
      guard hosts.contains(answer.name) else { return }
      told.viewAnswers[namespace, default: [:]][answer.name, default: []].append(answer)
    case .path(let id, let check):
      if configured[id] != nil { paths[id] = Reading(check, source: source, observedAt: now) }
    case .addressNames(let names): addressNames = names
    }
  }

  private mutating func forgetUntold(by source: SourceID, _ told: Told = Told()) {
    for id in coverage[source] ?? [] {
      if !told.pools.contains(id) { pools[id]?[source] = nil }
      if !told.connections.contains(id), poolConnections[id]?.source == source { poolConnections[id] = nil }
      if !told.requests.contains(id), requests[id]?.source == source { requests[id] = nil }
      if !told.owners.contains(id), let name = configured[id]?.hostName, names[name]?.resolution.owner?.source == source
      {
        names[name]?.record(owner: nil)
      }
    }
  }

  mutating func record(_ status: SourceStatus, covering dependencies: [DependencyID]) {
    record(reporter: status)
    coverage[status.id] = Set(dependencies)
  }

  /// Records how a source is doing whose dependencies are those that it tells of.
  mutating func record(reporter status: SourceStatus) {
    statuses[status.id] = status
    statuses[status.id]?.remarks = remarks[status.id] ?? []
  }

  /// Forgets a source that the settings no longer ask for, and what only it said of pools.
  mutating func forget(_ source: SourceID) {
    forgetUntold(by: source)
    telemetry.forget(source)
    statuses[source] = nil
    remarks[source] = nil
    coverage[source] = nil
  }

  /// Takes new settings, and drops what belonged to dependencies that are gone or are something else now.
  mutating func adopt(_ settings: Settings) {
    if settings.dns.resolvers != self.settings.dns.resolvers {
      for name in names.keys { names[name]?.forgetResolvers() }
    }
    let (old, new) = (configured, Knowledge.byID(settings))
    self.settings = settings
    configured = new
    telemetry.adopt(settings)
    hosts = Set(settings.dependencies.compactMap(\.hostName))
    names = names.filter { hosts.contains($0.key) }
    views = views.mapValues { view in view.filter { hosts.contains($0.key) } }
    let hasSamePool = { (id: DependencyID) in new[id] != nil && old[id]?.pgbouncer == new[id]?.pgbouncer }
    pools = pools.filter { hasSamePool($0.key) }
    poolConnections = poolConnections.filter { hasSamePool($0.key) }
    requests = requests.filter { hasSamePool($0.key) }
    let isProbedTheSame = { (id: DependencyID) in
      guard let was = old[id], let now = new[id] else { return false }
      return now.isProbed && was.host == now.host && was.port == now.port
    }
    connects = connects.filter { isProbedTheSame($0.key) || (old[$0.key] == nil && new[$0.key] == nil) }
    paths = paths.filter { isProbedTheSame($0.key) }
  }
}

extension Optional {
  /// The same reading while the value stays, else a new one.
  fileprivate func updated<Value>(
    to value: Value, from source: SourceID, at now: WallTime
  ) -> Reading<Value> where Wrapped == Reading<Value> {
    if let self, self.value == value, self.source == source { return self }
    return Reading(value, source: source, observedAt: now)
  }
}

extension ConnectSummary {
  fileprivate mutating func record(_ attempt: ConnectAttempt, at now: WallTime) {
    if let duration = attempt.duration { histogram.record(duration) }
    let index =
      addresses.firstIndex { $0.address == attempt.address.address }
      ?? {
        addresses.append(
          AddressConnect(
            address: attempt.address.address, attempts: 0, failures: 0, lastAt: now, last: nil, lastFailure: nil))
        return addresses.count - 1
      }()
    addresses[index].attempts += 1
    addresses[index].failures += attempt.duration == nil ? 1 : 0
    addresses[index].lastAt = now
    addresses[index].last = attempt.duration
    addresses[index].lastFailure = attempt.failure
    if addresses.count > Knowledge.probedAddressesKept {
      addresses.sort { $0.lastAt > $1.lastAt }
      addresses.removeLast(addresses.count - Knowledge.probedAddressesKept)
      addresses.sort { $0.address < $1.address }
    }
  }
}
