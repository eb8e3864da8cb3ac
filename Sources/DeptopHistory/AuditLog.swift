package import DeptopModel
internal import GRDB

/// What was asked of dependencies: an entry is appended once and then stays as it is.
///
/// The table itself refuses every change and removal. All calls block.
package struct AuditLog: Sendable {
  private let store: HistoryStore

  init(store: HistoryStore) {
    self.store = store
  }

  /// Appends one entry; it is on the disk when the call returns.
  package func append(_ entry: AuditEntry) throws(HistoryError) {
    try store.writeDurably { database in try AuditRow.insert(entry, into: database) }
  }

  /// The last entries that match, newest last.
  ///
  /// - Parameters:
  ///   - limit: At most so many; the older ones are left out.
  ///   - dependency: Only entries about this one; nil means all.
  ///   - since: Only entries of this moment and later; nil means all.
  /// - Returns: The entries in the order in which they were appended.
  /// - Throws: ``HistoryError``.
  package func entries(
    limit: Int, dependency: DependencyID? = nil, since: WallTime? = nil
  ) throws(HistoryError) -> [AuditEntry] {
    try store.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM audit
          WHERE (:dependency IS NULL OR dependency = :dependency) AND (:since IS NULL OR at >= :since)
          ORDER BY id DESC LIMIT :limit
          """,
        arguments: [
          "dependency": dependency?.rawValue, "since": since?.secondsSinceEpoch, "limit": max(0, limit),
        ])
      return try rows.reversed().map { try AuditRow.entry($0, path: store.path) }
    }
  }

  /// What can be said of an action that nobody saw to its end.
  private static func end(of action: ActionID?, in database: Database) throws -> String {
    let progress = try String.fetchOne(
      database, sql: "SELECT result FROM audit WHERE action = ? AND event = 'progress' ORDER BY id DESC LIMIT 1",
      arguments: [action?.rawValue])
    return progress.map { "interrupted after: \($0); nothing more is closed" }
      ?? "the collector ended while the action ran; what it had done by then stays done"
  }

  /// Appends an `interrupted` entry for each action that was started and never ended, and returns those entries.
  ///
  /// Called once at start-up, before any action: what is running then was begun by a collector that is gone. A second
  /// call finds nothing.
  package func markInterrupted(at now: WallTime = .now()) throws(HistoryError) -> [AuditEntry] {
    try store.writeDurably { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM audit WHERE event = 'started' AND action IS NOT NULL AND id IN (
            SELECT min(id) FROM audit AS started WHERE event = 'started' AND NOT EXISTS (
              SELECT 1 FROM audit AS ended
              WHERE ended.action = started.action AND ended.event IN ('finished', 'interrupted')
            ) GROUP BY action
          ) ORDER BY id
          """)
      return try rows.map { row in
        var entry = try AuditRow.entry(row, path: store.path)
        entry.at = now
        entry.event = .interrupted
        entry.result = try AuditLog.end(of: entry.action, in: database)
        entry.duration = nil
        try AuditRow.insert(entry, into: database)
        return entry
      }
    }
  }
}
