internal import DeptopModel
internal import GRDB

/// The rows of remembered answers.
enum AnswerRow {
  /// Writes what differs from what is remembered of a name.
  static func save(_ answers: RememberedAnswers, of name: String, at now: WallTime, in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO name (name, answers, first_answered_at, saved_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET answers = excluded.answers, first_answered_at = excluded.first_answered_at,
          saved_at = excluded.saved_at
        WHERE answers IS NOT excluded.answers OR first_answered_at IS NOT excluded.first_answered_at
        """,
      arguments: [
        name, answers.answers, answers.firstAnsweredAt?.secondsSinceEpoch, now.secondsSinceEpoch,
      ])
    let horizon = now - AnswerMemory.addressesKeptFor
    try saveHistory(answers.history.filter { $0.lastSeenAt >= horizon }, of: name, in: database)
    try saveChanges(answers.changes.suffix(AnswerMemory.changesKept), of: name, in: database)
  }

  /// Drops what is too old or too much, of all names.
  static func dropExcess(at now: WallTime, in database: Database) throws {
    let horizon = now - AnswerMemory.addressesKeptFor
    try database.execute(
      sql: "DELETE FROM name_address WHERE last_seen_at < ?", arguments: [horizon.secondsSinceEpoch])
    try database.execute(
      sql: "DELETE FROM name WHERE name IN (SELECT name FROM name ORDER BY saved_at DESC, name LIMIT -1 OFFSET ?)",
      arguments: [AnswerMemory.namesKept])
  }

  static func history(_ row: Row, path: String) throws -> AddressHistory {
    let leftAt: Double? = row["left_at"]
    return AddressHistory(
      address: try address(row["address"], path: path), firstSeenAt: WallTime(secondsSinceEpoch: row["first_seen_at"]),
      lastSeenAt: WallTime(secondsSinceEpoch: row["last_seen_at"]),
      leftAt: leftAt.map(WallTime.init(secondsSinceEpoch:)), absences: row["absences"], returns: row["returns"])
  }

  static func change(_ row: Row, path: String) throws -> AnswerChange {
    AnswerChange(
      at: WallTime(secondsSinceEpoch: row["at"]), from: try addresses(row["from_addresses"], path: path),
      to: try addresses(row["to_addresses"], path: path))
  }

  private static func saveHistory(_ history: [AddressHistory], of name: String, in database: Database) throws {
    let kept = Set(history.map(\.address.description))
    for stored in try String.fetchAll(
      database, sql: "SELECT address FROM name_address WHERE name = ?", arguments: [name])
    where !kept.contains(stored) {
      try database.execute(sql: "DELETE FROM name_address WHERE name = ? AND address = ?", arguments: [name, stored])
    }
    for entry in history {
      try database.execute(
        sql: """
          INSERT INTO name_address (name, address, first_seen_at, last_seen_at, left_at, absences, returns)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (name, address) DO UPDATE SET first_seen_at = excluded.first_seen_at,
            last_seen_at = excluded.last_seen_at, left_at = excluded.left_at, absences = excluded.absences,
            returns = excluded.returns
          WHERE (first_seen_at, last_seen_at, absences, returns)
              <> (excluded.first_seen_at, excluded.last_seen_at, excluded.absences, excluded.returns)
            OR left_at IS NOT excluded.left_at
          """,
        arguments: [
          name, entry.address.description, entry.firstSeenAt.secondsSinceEpoch, entry.lastSeenAt.secondsSinceEpoch,
          entry.leftAt?.secondsSinceEpoch, entry.absences, entry.returns,
        ])
    }
  }

  /// Drops the oldest stored changes that are no longer kept and appends the new ones.
  private static func saveChanges(_ changes: ArraySlice<AnswerChange>, of name: String, in database: Database) throws {
    let wanted = changes.map(StoredChange.init)
    let rows = try Row.fetchAll(
      database, sql: "SELECT * FROM name_change WHERE name = ? ORDER BY id", arguments: [name])
    let stored = rows.map(StoredChange.init)
    let dropped = (0...stored.count).first { wanted.starts(with: stored[$0...]) } ?? stored.count
    for row in rows[..<dropped] {
      try database.execute(sql: "DELETE FROM name_change WHERE id = ?", arguments: [row["id"] as Int64])
    }
    for change in wanted[(stored.count - dropped)...] {
      try database.execute(
        sql: "INSERT INTO name_change (name, at, from_addresses, to_addresses) VALUES (?, ?, ?, ?)",
        arguments: [name, change.at, change.from, change.to])
    }
  }

  private static func addresses(_ text: String, path: String) throws -> [IPAddress] {
    try text.split(separator: " ").map { try address(String($0), path: path) }
  }

  private static func address(_ text: String, path: String) throws -> IPAddress {
    guard let address = IPAddress(text) else {
      throw HistoryError(.damaged, path: path, message: "a remembered answer is no address: \(text)")
    }
    return address
  }
}

/// A change as its row holds it.
private struct StoredChange: Hashable {
  let at: Double
  let from: String
  let to: String

  init(_ change: AnswerChange) {
    at = change.at.secondsSinceEpoch
    from = change.from.map(\.description).joined(separator: " ")
    to = change.to.map(\.description).joined(separator: " ")
  }

  init(_ row: Row) {
    at = row["at"]
    from = row["from_addresses"]
    to = row["to_addresses"]
  }
}
