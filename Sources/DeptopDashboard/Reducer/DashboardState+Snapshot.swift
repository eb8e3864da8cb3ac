internal import DeptopModel

extension DashboardState {
  /// How long a collector may leave an action out of its snapshots before it is taken to have forgotten it.
  private static let patienceForActions = Duration.seconds(10)

  mutating func take(_ snapshot: Snapshot, _ now: WallTime) {
    record(snapshot)
    reported = reported.union(ReportedColumns(snapshot.dependencies))
    for status in snapshot.actions { follow(status) }
    let known = Set(snapshot.actions.map(\.id))
    for (id, status) in followed where !known.contains(id) {
      guard snapshot.takenAt - status.startedAt > Self.patienceForActions else { continue }
      followed[id] = nil
      let text =
        "The collector no longer knows the \(status.verb.noun) of \(status.dependency). "
        + "It may have been restarted: the audit (4) says how far it came."
      if dialog == .running(id) {
        show(.refusal(title: "\(status.verb) \(status.dependency)", text: text))
      } else {
        notify(text, .problem, now)
      }
    }
  }

  /// Takes what is known of an action that was started here; others are in the snapshot only.
  mutating func follow(_ status: ActionStatus) {
    guard let known = followed[status.id], status.progress.count >= known.progress.count else { return }
    guard status.verdict != nil else {
      followed[status.id] = status
      return
    }
    followed[status.id] = nil
    if dialog == .running(status.id) { show(.verdict(status)) } else { waitingVerdicts.append(status) }
  }

  private mutating func record(_ snapshot: Snapshot) {
    // By index: to take a dependency out of the array would copy all of it.
    let dependencies = snapshot.dependencies
    for index in dependencies.indices {
      trends[dependencies[index].id, default: Trend()].record(dependencies[index].trendReading, at: snapshot.takenAt)
    }
    guard trends.count > snapshot.dependencies.count else { return }
    let known = Set(snapshot.dependencies.map(\.id))
    trends = trends.filter { known.contains($0.key) }
  }
}
