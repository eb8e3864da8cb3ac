internal import DeptopModel
internal import DeptopPgBouncer

/// How far a `RECONNECT` has come, as of one reading.
struct ReconnectProgress {
  /// The plan's connections that are still listed.
  private let held: [ServerRow]
  /// Connections that were opened after the plan was made and are logged in.
  private let opened: Int
  private let waitingCallers: Int
  private let isSessionPooling: Bool

  /// nil when the database's connections were not read.
  init?(of name: String, plan: Plan, in report: PgBouncerReport) {
    guard let row = report.database(name), let servers = report.servers(of: name) else { return nil }
    let targets = Set(plan.targets.map { ConnectionEnds(local: $0.local, remote: $0.remote) })
    let isTarget = { (server: ServerRow) -> Bool in
      guard let local = server.local, let remote = server.remote else { return false }
      return targets.contains(ConnectionEnds(local: local, remote: remote))
    }
    held = servers.filter(isTarget)
    opened = servers.count { !isTarget($0) && $0.state != "new" }
    waitingCallers = report.pool(of: name, client: "")?.pending ?? 0
    isSessionPooling = report.mode(of: row)?.contains("session") ?? false
  }

  var remaining: Remaining {
    let inUse = held.count(where: \.isActive)
    return Remaining(connections: held.count, inUse: inUse, note: note(inUse: inUse))
  }

  private func note(inUse: Int) -> String? {
    if inUse > 0 {
      return isSessionPooling
        ? "\(inUse) held by clients' sessions: each closes when its client disconnects"
        : "\(inUse) carrying a query or transaction: each closes when it ends"
    }
    if !held.isEmpty { return "\(held.count) idle, about to be closed" }
    if opened > 0 { return nil }
    return waitingCallers > 0
      ? "all are closed, \(waitingCallers) callers wait, and no new connection is logged in yet"
      : "all are closed; no caller has needed a new connection yet, so that PgBouncer has not looked the name up again"
  }
}
