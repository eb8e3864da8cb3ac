internal import DeptopModel

/// Dead connections, which a pool counts as in use for as long as the kernel sends again.
struct DeadCause {
  private let path: DeadPath
  /// What another rule tells of them; nil when none explains them.
  let finding: Finding?

  /// nil when no connection is dead.
  init?(of dependency: Dependency, at now: WallTime) {
    guard let path = DeadPath(dependency, at: now) else { return nil }
    self.path = path
    let explaining: [any Rule] = [
      StaleConnections(), PathMTUBlackHole(), BadAddress(), UnansweredConnects(), HalfOpenPeers(),
    ]
    finding = explaining.lazy.compactMap { $0.finding(for: dependency, at: now) }.first
  }

  var text: String {
    "; the cause: \(path.conditions.dead.areConnections(of: path.total)) dead" + (finding.map { " (\($0.rule))" } ?? "")
  }

  var evidence: Evidence { path.count }
}
