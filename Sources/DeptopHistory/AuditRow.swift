internal import DeptopModel
internal import GRDB

/// One row of the audit table.
enum AuditRow {
  static func insert(_ entry: AuditEntry, into database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO audit (at, event, verb, dependency, plan, action, uid, pid, user, reason, result, duration_seconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        entry.at.secondsSinceEpoch, entry.event.rawValue, entry.verb.rawValue, entry.dependency.rawValue,
        entry.plan?.rawValue, entry.action?.rawValue, entry.actor.uid, entry.actor.pid, entry.actor.user,
        entry.reason, entry.result, entry.duration?.seconds,
      ])
  }

  /// Reads a row back.
  ///
  /// - Throws: ``HistoryError`` when the row holds a word that this version does not know.
  static func entry(_ row: Row, path: String) throws -> AuditEntry {
    let (eventWord, verbWord): (String, String) = (row["event"], row["verb"])
    guard let event = AuditEntry.Event(rawValue: eventWord), let verb = ActionVerb(rawValue: verbWord) else {
      let id: Int64 = row["id"]
      throw HistoryError(
        .damaged, path: path, message: "audit entry \(id) has an unknown event or verb: \(eventWord), \(verbWord)")
    }
    let (plan, action, duration): (String?, String?, Double?) = (row["plan"], row["action"], row["duration_seconds"])
    return AuditEntry(
      at: WallTime(secondsSinceEpoch: row["at"]),
      actor: Actor(uid: row["uid"], pid: row["pid"], user: row["user"]),
      event: event, verb: verb, dependency: DependencyID(rawValue: row["dependency"]),
      plan: plan.map(PlanID.init(rawValue:)), action: action.map(ActionID.init(rawValue:)),
      reason: row["reason"], result: row["result"], duration: duration.map { .seconds($0) })
  }
}
