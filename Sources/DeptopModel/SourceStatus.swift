/// How one source is doing, as the runner measured it.
package struct SourceStatus: Sendable, Hashable, Codable, Identifiable {
  package var id: SourceID
  package var state: State
  package var firstAttemptAt: WallTime?
  package var lastSuccessAt: WallTime?
  /// How long the last poll took.
  package var lastDuration: Duration?
  /// Why the last poll failed; nil after a success.
  package var error: String?
  /// When a failing source is asked again.
  package var nextAttemptAt: WallTime?
  /// Failures since the last success.
  package var consecutiveFailures: Int
  package var interval: Duration
  /// What it read and did not understand, as sentences; empty when all was understood.
  package var remarks: [String]

  /// What the last poll came to.
  package enum State: String, Sendable, Hashable, Codable {
    /// Not polled yet.
    case starting
    case ok
    /// Answered, and has nothing to say.
    case noData
    /// Failed; asked again after a growing pause.
    case failing
    /// A poll has outlived its timeout and has not ended.
    case hung
    /// Failed in a way that only a person can mend; asked again seldom.
    case broken
  }

  private enum CodingKeys: String, CodingKey {
    case id, state, firstAttemptAt, lastSuccessAt, error, nextAttemptAt, consecutiveFailures, remarks
    case lastDuration = "lastDurationSeconds"
    case interval = "intervalSeconds"
  }

  package init(id: SourceID, interval: Duration) {
    self.id = id
    self.interval = interval
    state = .starting
    firstAttemptAt = nil
    lastSuccessAt = nil
    lastDuration = nil
    error = nil
    nextAttemptAt = nil
    consecutiveFailures = 0
    remarks = []
  }

  /// True when its readings are getting old.
  package var isSilent: Bool { state == .failing || state == .hung || state == .broken }
}
