internal import GRDB

/// The connections to the database: one that writes, and a few that read beside it.
struct HistoryStore: Sendable {
  let path: String
  private let pool: DatabasePool

  /// Opens a file that exists.
  init(path: String) throws(HistoryError) {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    configuration.label = "deptop.history"
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// Brings the schema up to date.
  func migrate() throws(HistoryError) {
    let migrator = HistorySchema.migrator
    try attempt {
      try pool.read { database in
        try HistorySchema.checkOwnership(of: database, path: path)
        guard try !migrator.hasBeenSuperseded(database) else {
          throw HistoryError(.newerSchema, path: path, message: "was written by a newer version of deptop")
        }
      }
      try migrator.migrate(pool)
    }
  }

  /// Reads from one state of the database, beside any write.
  func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws(HistoryError) -> Value {
    try attempt { try pool.read(body) }
  }

  /// Writes in one transaction that survives the end of the process.
  func write<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws(HistoryError) -> Value {
    try attempt { try pool.write(body) }
  }

  /// Writes in one transaction that also survives a loss of power.
  func writeDurably<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws(HistoryError) -> Value {
    try attempt {
      try pool.writeWithoutTransaction { database in
        // In WAL mode only FULL waits for the disk at each commit, and it can only be set between transactions.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        defer { restoreSynchronous(database) }
        var result: Value?
        try database.inTransaction(.immediate) {
          result = try body(database)
          return .commit
        }
        guard let result else { throw HistoryError(.failed, path: path, message: "the transaction had no result") }
        return result
      }
    }
  }

  func close() throws(HistoryError) {
    try attempt {
      // Only a connection that may write can fold the log into the database, so it has to be the last one.
      pool.invalidateReadOnlyConnections()
      try pool.close()
    }
  }

  private func restoreSynchronous(_ database: Database) {
    do {
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    } catch {
      // The connection stays at FULL, which is slower and no less safe.
    }
  }

  private func attempt<Value>(_ body: () throws -> Value) throws(HistoryError) -> Value {
    do {
      return try body()
    } catch {
      throw HistoryError(error, path: path)
    }
  }
}
