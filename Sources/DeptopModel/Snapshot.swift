/// Everything that a collector knows at one tick; immutable once taken.
package struct Snapshot: Sendable, Hashable, Codable {
  /// The number of the tick, from 1, since the collector started.
  package var sequence: UInt64
  package var takenAt: WallTime
  package var host: Host
  package var collector: CollectorStatus
  /// Ascending by id.
  package var dependencies: [Dependency]
  /// Worst first.
  package var findings: [Finding]
  package var sources: [SourceStatus]
  /// Ascending by id, the collector's own first.
  package var namespaces: [NamespaceStatus]
  /// Running actions, and those that ended within the last ten minutes, oldest first.
  package var actions: [ActionStatus]

  package init(
    sequence: UInt64, takenAt: WallTime, host: Host, collector: CollectorStatus, dependencies: [Dependency] = [],
    findings: [Finding] = [], sources: [SourceStatus] = [], namespaces: [NamespaceStatus] = [],
    actions: [ActionStatus] = []
  ) {
    self.sequence = sequence
    self.takenAt = takenAt
    self.host = host
    self.collector = collector
    self.dependencies = dependencies
    self.findings = findings
    self.sources = sources
    self.namespaces = namespaces
    self.actions = actions
  }
}

extension Snapshot {
  /// The place of a dependency; nil when there is no such one.
  ///
  /// - Complexity: O(log n) in the number of dependencies.
  package func place(of id: DependencyID) -> Int? {
    var low = 0
    var high = dependencies.count
    while low < high {
      let middle = (low + high) / 2
      if dependencies[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < dependencies.count && dependencies[low].id == id ? low : nil
  }
}

/// Which host this is, and how it wants to be shown.
package struct Host: Sendable, Hashable, Codable {
  package var name: String
  /// The environment's label (`PROD`); nil when it is not configured.
  package var environment: String?
  /// True when the environment asks to be drawn as one where a slip is costly.
  package var isProduction: Bool
  /// What its operators have to keep to; nil from a collector that does not say.
  package var policy: OperatingPolicy?

  package init(name: String, environment: String?, isProduction: Bool, policy: OperatingPolicy? = nil) {
    self.name = name
    self.environment = environment
    self.isProduction = isProduction
    self.policy = policy
  }
}

/// What everybody who acts on a host has to keep to.
package struct OperatingPolicy: Sendable, Hashable, Codable {
  /// True when an action needs a reason in words.
  package var isReasonRequired: Bool
  /// Verbs that nobody may use.
  package var forbiddenVerbs: [ActionVerb]

  package init(isReasonRequired: Bool, forbiddenVerbs: [ActionVerb]) {
    self.isReasonRequired = isReasonRequired
    self.forbiddenVerbs = forbiddenVerbs
  }
}

/// How the collector itself is doing.
package struct CollectorStatus: Sendable, Hashable, Codable {
  package var version: String
  package var pid: Int32
  package var startedAt: WallTime
  package var tickInterval: Duration
  /// Share of one core used since the previous tick, 0…n.
  package var cpuRatio: Double
  package var residentBytes: UInt64
  /// How late this tick was.
  package var lag: Duration
  /// How long it took to make the snapshot before this one; nil for the first.
  package var tickDuration: Duration?
  /// An error that the operator should know of, such as a configuration that was not accepted.
  package var notice: String?

  private enum CodingKeys: String, CodingKey {
    case version, pid, startedAt, cpuRatio, residentBytes, notice
    case tickInterval = "tickIntervalSeconds"
    case lag = "lagSeconds"
    case tickDuration = "tickDurationSeconds"
  }

  package init(
    version: String, pid: Int32, startedAt: WallTime, tickInterval: Duration, cpuRatio: Double, residentBytes: UInt64,
    lag: Duration, tickDuration: Duration? = nil, notice: String?
  ) {
    self.version = version
    self.pid = pid
    self.startedAt = startedAt
    self.tickInterval = tickInterval
    self.cpuRatio = cpuRatio
    self.residentBytes = residentBytes
    self.lag = lag
    self.tickDuration = tickDuration
    self.notice = notice
  }
}
