internal import GRDB

/// The tables, and how each version of them is made from the one before.
enum HistorySchema {
  /// Tells deptop's file from any other: "dept" in ASCII.
  private static let applicationID = 0x6465_7074

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1-audit-and-answers") { database in
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      try database.execute(sql: audit)
      try database.execute(sql: answers)
    }
    return migrator
  }

  /// Refuses a database that another program made, before anything is written to it.
  static func checkOwnership(of database: Database, path: String) throws {
    let owner = try Int.fetchOne(database, sql: "PRAGMA application_id")
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
    guard owner == applicationID || (owner == 0 && tables == 0) else {
      throw HistoryError(.foreign, path: path, message: "is another program's database")
    }
  }

  /// The audit, with times in seconds since 1970-01-01 UTC.
  ///
  /// Nothing in the table is ever changed or removed, by whatever statement.
  private static let audit = """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at REAL NOT NULL,
      event TEXT NOT NULL,
      verb TEXT NOT NULL,
      dependency TEXT NOT NULL,
      plan TEXT,
      action TEXT,
      uid INTEGER NOT NULL,
      pid INTEGER NOT NULL,
      user TEXT,
      reason TEXT,
      result TEXT NOT NULL,
      duration_seconds REAL
    );
    CREATE INDEX audit_by_time ON audit (at);
    CREATE INDEX audit_by_dependency ON audit (dependency, id);
    CREATE INDEX audit_by_action ON audit (action) WHERE action IS NOT NULL;
    CREATE TRIGGER audit_keeps_entries_as_they_are BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_keeps_entries BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_replaces_no_entry BEFORE INSERT ON audit
      WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    """

  /// Addresses in a change are separated by spaces.
  private static let answers = """
    CREATE TABLE name (
      name TEXT PRIMARY KEY,
      answers INTEGER NOT NULL,
      first_answered_at REAL,
      saved_at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX name_by_save ON name (saved_at);
    CREATE TABLE name_address (
      name TEXT NOT NULL REFERENCES name (name) ON DELETE CASCADE,
      address TEXT NOT NULL,
      first_seen_at REAL NOT NULL,
      last_seen_at REAL NOT NULL,
      left_at REAL,
      absences INTEGER NOT NULL,
      returns INTEGER NOT NULL,
      PRIMARY KEY (name, address)
    ) WITHOUT ROWID;
    CREATE TABLE name_change (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL REFERENCES name (name) ON DELETE CASCADE,
      at REAL NOT NULL,
      from_addresses TEXT NOT NULL,
      to_addresses TEXT NOT NULL
    );
    CREATE INDEX name_change_by_name ON name_change (name, id);
    """
}
