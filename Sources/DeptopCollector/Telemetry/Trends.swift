internal import DeptopModel

/// The trends of all dependencies, from one snapshot to the next.
struct Trends: Sendable {
  private var keepers: [DependencyID: Followed] = [:]

  private struct Followed: Sendable {
    var keeper = TrendKeeper()
    /// Which report was taken last: a window counts once.
    var reportedAt: WallTime?
  }

  /// Takes what the dependencies' readings say now, and tells each one its trend.
  ///
  /// - Complexity: O(n) in the number of dependencies; once in five seconds each also sorts its 60 windows.
  mutating func follow(_ dependencies: inout [Dependency], at now: WallTime) {
    var followed: [DependencyID: Followed] = [:]
    for index in dependencies.indices {
      let id = dependencies[index].id
      guard var current = next(of: dependencies[index], at: now) else { continue }
      dependencies[index].trend = current.keeper.trend
      current.reportedAt = dependencies[index].calls?.observedAt
      followed[id] = current
    }
    keepers = followed
  }

  /// nil for a dependency of which nothing was ever told.
  private func next(of dependency: Dependency, at now: WallTime) -> Followed? {
    let known = keepers[dependency.id]
    if let calls = dependency.calls, let reportedAt = known?.reportedAt, calls.observedAt <= reportedAt { return known }
    guard let sample = TrendSample(dependency, at: now) else { return known }
    var followed = known ?? Followed()
    followed.keeper.record(sample, at: now)
    return followed
  }
}
