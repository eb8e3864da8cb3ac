internal import DeptopConfiguration
internal import DeptopModel

/// Everything that the sources have said: the fold of their observations.
///
/// A reading keeps the moment at which it first had its value; whether its source still answers is the source's
/// status. So a dependency of which nothing changed is equal from one snapshot to the next.
struct Knowledge: Sendable {
  var settings: Settings
  private(set) var connections: [ObservedConnection] = []
  /// nil before the first sweep.
  private(set) var sweptAt: WallTime?
  private(set) var firstSweptAt: WallTime?
  private(set) var sweptBy: SourceID = "kernel"
  private(set) var names: [String: NameKnowledge] = [:]
  private(set) var pools: [DependencyID: [SourceID: Reading<PoolReading>]] = [:]
  private(set) var poolConnections: [DependencyID: [PoolConnection]] = [:]
  private(set) var requests: [DependencyID: Reading<RequestReading>] = [:]
  private(set) var connects: [DependencyID: ConnectSummary] = [:]
  private(set) var statuses: [SourceID: SourceStatus] = [:]
  /// Which dependencies lose readings when a source is silent; empty means all.
  private(set) var coverage: [SourceID: [DependencyID]] = [:]

  init(settings: Settings, remembered: [String: RememberedAnswers] = [:]) {
    self.settings = settings
    let wanted = Set(settings.dependencies.compactMap(\.hostName))
    for (name, answers) in remembered where wanted.contains(name) {
      names[name] = NameKnowledge(name: name, remembered: answers)
    }
  }

  /// Takes what one poll of one source saw.
  mutating func fold(_ observations: [Observation], from source: SourceID, at now: WallTime) {
    for observation in observations { fold(observation, from: source, at: now) }
  }

  private mutating func fold(_ observation: Observation, from source: SourceID, at now: WallTime) {
    switch observation {
    case .connections(let seen):
      connections = seen
      sweptAt = now
      firstSweptAt = firstSweptAt ?? now
      sweptBy = source
    case .resolution(let answer):
      names[answer.name, default: NameKnowledge(name: answer.name)].record(answer, from: source, at: now)
    case .pool(let id, let reading):
      pools[id, default: [:]][source] = pools[id]?[source].updated(to: reading, from: source, at: now)
    case .poolConnections(let id, let held):
      poolConnections[id] = held
    case .requests(let id, let reading):
      requests[id] = requests[id].updated(to: reading, from: source, at: now)
    case .ownerResolution(let id, let reading):
      fold(reading, of: id, from: source, at: now)
    case .connect(let id, let attempt):
      connects[id, default: ConnectSummary(addresses: [], source: source, histogram: Histogram())]
        .record(attempt, at: now)
    }
  }

  private mutating func fold(_ reading: OwnerResolution, of id: DependencyID, from source: SourceID, at now: WallTime) {
    guard let name = settings.dependencies.first(where: { $0.id == id })?.hostName else { return }
    let previous = names[name]?.resolution.owner
    names[name, default: NameKnowledge(name: name)]
      .record(owner: previous.updated(to: reading, from: source, at: now))
  }

  mutating func record(_ status: SourceStatus, covering dependencies: [DependencyID]) {
    statuses[status.id] = status
    coverage[status.id] = dependencies
  }

  /// Forgets a source that the settings no longer ask for, and what only it said.
  mutating func forget(_ source: SourceID) {
    statuses[source] = nil
    coverage[source] = nil
    for id in pools.keys { pools[id]?[source] = nil }
  }

  /// Takes new settings, and drops what belonged to dependencies that are gone.
  mutating func adopt(_ settings: Settings) {
    if settings.dns.resolvers != self.settings.dns.resolvers {
      for name in names.keys { names[name]?.forgetResolvers() }
    }
    let ids = Set(settings.dependencies.map(\.id))
    let hosts = Set(settings.dependencies.compactMap(\.hostName))
    self.settings = settings
    names = names.filter { hosts.contains($0.key) }
    pools = pools.filter { ids.contains($0.key) }
    poolConnections = poolConnections.filter { ids.contains($0.key) }
    requests = requests.filter { ids.contains($0.key) }
    connects = connects.filter { ids.contains($0.key) }
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
  }
}
