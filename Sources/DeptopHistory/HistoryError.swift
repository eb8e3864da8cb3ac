internal import GRDB
internal import Glibc

/// Why the history could not be opened, read or written.
package struct HistoryError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, for a caller that decides by it.
  package let reason: Reason
  /// The directory or the file that it is about.
  package let path: String
  /// One sentence in lower case.
  package let message: String

  /// The kinds of failure.
  package enum Reason: Sendable, Hashable {
    /// The directory cannot be made or used.
    case directory
    /// The file cannot be opened or written: rights, a read-only file system, no space.
    case notWritable
    /// The file is something else than deptop's database.
    case foreign
    /// A newer deptop has written it.
    case newerSchema
    /// The file is damaged.
    case damaged
    /// Another process holds it for too long.
    case busy
    /// Everything else.
    case failed
  }

  package init(_ reason: Reason, path: String, message: String) {
    self.reason = reason
    self.path = path
    self.message = message
  }

  /// `/var/lib/deptop/deptop.sqlite: is not a database`.
  package var description: String { "\(path): \(message)" }
}

extension HistoryError {
  init(_ reason: Reason, path: String, action: String, errno number: Int32) {
    self.init(reason, path: path, message: "\(action): \(unsafe String(cString: strerror(number)))")
  }

  /// Puts any error of a database call into words.
  init(_ error: any Error, path: String) {
    if let error = error as? HistoryError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.failed, path: path, message: "\(error)")
      return
    }
    let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_NOTADB: self.init(.foreign, path: path, message: "is not a database")
    case .SQLITE_CORRUPT: self.init(.damaged, path: path, message: "is damaged: \(detail)")
    case .SQLITE_CANTOPEN, .SQLITE_PERM:
      self.init(.notWritable, path: path, message: "cannot be opened for writing: \(detail)")
    case .SQLITE_READONLY, .SQLITE_FULL, .SQLITE_IOERR:
      self.init(.notWritable, path: path, message: "cannot be written: \(detail)")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, path: path, message: "is held by another process")
    default: self.init(.failed, path: path, message: detail)
    }
  }
}
