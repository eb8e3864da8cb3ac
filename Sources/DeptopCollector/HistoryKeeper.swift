internal import DeptopBlocking
internal import DeptopHistory
internal import DeptopModel

/// The history's files, reached from tasks: SQLite may wait for a disk, so it has a thread of its own.
final class HistoryKeeper: AuditRecording {
  private let thread = BlockingThread()
  private let database: HistoryDatabase

  /// Opens the history, and creates it when it is missing.
  ///
  /// - Throws: ``HistoryError`` when the directory cannot be used.
  init(directory: String) async throws {
    database = try await thread.run { () throws(HistoryError) in try HistoryDatabase.open(directory: directory) }
  }

  func append(_ entry: AuditEntry) async throws {
    try await thread.run { [database] () throws(HistoryError) in try database.audit.append(entry) }
  }

  /// The newest entries, oldest first.
  func audit(limit: Int, dependency: DependencyID?) async throws -> [AuditEntry] {
    try await thread.run { [database] () throws(HistoryError) in
      try database.audit.entries(limit: limit, dependency: dependency)
    }
  }

  /// Closes the record of actions that an earlier collector left unfinished, and answers what it wrote.
  func markInterrupted() async throws -> [AuditEntry] {
    try await thread.run { [database] () throws(HistoryError) in try database.audit.markInterrupted() }
  }

  func rememberedAnswers() async throws -> [String: RememberedAnswers] {
    try await thread.run { [database] () throws(HistoryError) in try database.answers.load() }
  }

  func remember(_ answers: [String: RememberedAnswers]) async throws {
    try await thread.run { [database] () throws(HistoryError) in try database.answers.save(answers) }
  }
}
