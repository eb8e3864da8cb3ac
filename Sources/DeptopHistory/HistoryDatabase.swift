internal import GRDB

/// The collector's memory on disk: one SQLite file in its state directory.
///
/// Every call blocks until the disk has answered, so it is made from a thread that may wait, never from a task.
/// Calls may come from several threads: writes follow one another, and reads go on beside them. What a call has
/// returned from survives the end of the process; an audit entry also survives a loss of power.
package struct HistoryDatabase: Sendable {
  /// The name of the file in the state directory.
  package static let fileName = "deptop.sqlite"

  /// The path of the database file.
  package let path: String
  private let store: HistoryStore

  /// What was done, by whom and why.
  package var audit: AuditLog { AuditLog(store: store) }
  /// What names were answered with.
  package var answers: AnswerMemory { AnswerMemory(store: store) }

  /// Opens the database of a state directory, and makes both when they are missing.
  ///
  /// A new directory is for its owner alone (0700), and so is a new file (0600).
  ///
  /// - Throws: ``HistoryError`` that names the path and the reason.
  package static func open(directory: String) throws(HistoryError) -> HistoryDatabase {
    let directory = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    try StateDirectory.make(directory)
    let path = "\(directory)/\(fileName)"
    try StateDirectory.makeFile(path)
    let store = try HistoryStore(path: path)
    try store.migrate()
    return HistoryDatabase(path: path, store: store)
  }

  /// Writes everything into the database file and lets go of it; no call may follow.
  package func close() throws(HistoryError) {
    try store.close()
  }
}
