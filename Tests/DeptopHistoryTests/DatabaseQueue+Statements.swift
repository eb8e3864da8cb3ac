import GRDB

extension DatabaseQueue {
  /// Runs one statement as another program would.
  func writeStatement(_ statement: String) throws {
    try write { database in try database.execute(sql: statement) }
  }

  /// The first column of a query.
  func strings(_ query: String) throws -> [String] {
    try read { database in try String.fetchAll(database, sql: query) }
  }
}
