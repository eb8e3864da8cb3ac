internal import DeptopConfiguration
internal import DeptopDiagnosis
internal import DeptopModel

/// Makes the snapshots of one collector, one after the other: carries what a tick needs of the ticks before.
struct SnapshotMaker: Sendable {
  private var diagnosis = Diagnosis()
  private var digests = TelemetryDigests()
  private var trends = Trends()
  private var sequence: UInt64 = 0

  /// What a snapshot says besides what the sources said.
  struct Frame: Sendable {
    var host: Host
    var collector: CollectorStatus
    var actions: [ActionStatus]
  }

  /// Assembles the dependencies and judges them.
  ///
  /// - Parameters:
  ///   - knowledge: What the sources said.
  ///   - now: The moment that ages and guard times count to.
  ///   - frame: What the snapshot says besides.
  ///   - offers: The actions on a dependency.
  /// - Returns: The next snapshot.
  mutating func snapshot(
    of knowledge: Knowledge, at now: WallTime, in frame: Frame, offers: (Dependency, Assembly) -> [ActionOffer]
  ) -> Snapshot {
    digests.follow(
      knowledge.telemetry, silent: Set(knowledge.statuses.values.filter(\.isSilent).map(\.id)))
    let assembly = Assembly(of: knowledge, at: now, digests: digests)
    var dependencies = assembly.dependencies()
    trends.follow(&dependencies, at: now)
    // Rules name the action that fits, if there is one.
    for index in dependencies.indices { dependencies[index].actions = offers(dependencies[index], assembly) }
    let findings = diagnosis.findings(for: dependencies, at: now)
    let worst = Dictionary(
      findings.filter { $0.state == .open }.map { ($0.dependency, $0.level) }, uniquingKeysWith: max)
    for index in dependencies.indices {
      let dependency = dependencies[index]
      dependencies[index].level = max(dependency.level, worst[dependency.id] ?? dependency.level)
    }
    sequence += 1
    return Snapshot(
      sequence: sequence, takenAt: now, host: frame.host, collector: frame.collector, dependencies: dependencies,
      findings: findings, sources: knowledge.statuses.values.sorted { $0.id < $1.id },
      namespaces: knowledge.namespaces, actions: frame.actions)
  }
}
