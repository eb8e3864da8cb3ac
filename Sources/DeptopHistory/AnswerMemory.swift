package import DeptopModel
internal import GRDB

/// What names were answered with, kept over restarts, so that an address that left DNS is still known for it.
///
/// Bounded: addresses that were not seen for 30 days and changes beyond the last 20 are dropped, and so are the names
/// whose answers changed longest ago beyond 1,000. All calls block.
package struct AnswerMemory: Sendable {
  /// Names that are kept.
  package static let namesKept = 1000
  /// How long an address is kept after it was last seen.
  package static let addressesKeptFor: Duration = .seconds(30 * 86_400)
  /// Changes that are kept of each name.
  package static let changesKept = 20

  private let store: HistoryStore

  init(store: HistoryStore) {
    self.store = store
  }

  /// Everything that is remembered, by name; addresses ascending, changes newest last.
  package func load(at now: WallTime = .now()) throws(HistoryError) -> [String: RememberedAnswers] {
    let horizon = now - AnswerMemory.addressesKeptFor
    return try store.read { database in
      let addresses = try Row.fetchAll(
        database, sql: "SELECT * FROM name_address WHERE last_seen_at >= ?", arguments: [horizon.secondsSinceEpoch])
      let changes = try Row.fetchAll(database, sql: "SELECT * FROM name_change ORDER BY id")
      let histories = try Dictionary(grouping: addresses) { $0["name"] as String }.mapValues { rows in
        try rows.map { try AnswerRow.history($0, path: store.path) }.sorted { $0.address < $1.address }
      }
      let changesByName = try Dictionary(grouping: changes) { $0["name"] as String }.mapValues { rows in
        try rows.map { try AnswerRow.change($0, path: store.path) }
      }
      return try Row.fetchAll(database, sql: "SELECT * FROM name").reduce(into: [:]) { result, row in
        let (name, firstAnsweredAt): (String, Double?) = (row["name"], row["first_answered_at"])
        result[name] = RememberedAnswers(
          answers: row["answers"], firstAnsweredAt: firstAnsweredAt.map(WallTime.init(secondsSinceEpoch:)),
          history: histories[name] ?? [], changes: changesByName[name] ?? [])
      }
    }
  }

  /// Remembers one name; see ``save(_:at:)``.
  package func save(_ name: String, _ answers: RememberedAnswers, at now: WallTime = .now()) throws(HistoryError) {
    try save([name: answers], at: now)
  }

  /// Remembers several names in one transaction; names that are not given stay as they are.
  ///
  /// Rows that did not change are not written. Survives the end of the process; a loss of power may cost the last
  /// saves, but never the database.
  package func save(
    _ answers: [String: RememberedAnswers], at now: WallTime = .now()
  ) throws(HistoryError) {
    guard !answers.isEmpty else { return }
    try store.write { database in
      for (name, remembered) in answers {
        try AnswerRow.save(remembered, of: name, at: now, in: database)
      }
      try AnswerRow.dropExcess(at: now, in: database)
    }
  }
}
