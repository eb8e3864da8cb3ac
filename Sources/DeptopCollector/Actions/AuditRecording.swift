internal import DeptopModel

/// Where the engine writes what was done and who asked for it.
protocol AuditRecording: Sendable {
  /// Writes one entry for good.
  ///
  /// - Throws: When it could not be written; the action that it belongs to must not start.
  func append(_ entry: AuditEntry) async throws
}
