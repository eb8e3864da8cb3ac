/// One line of the lab's own record of what happened, of which deptop's readings are an independent copy.
///
/// Fields are separated by a tab, times are microseconds of the host's monotonic clock. A request's id is
/// `CLIENT-NUMBER`, an attempt's id is `CLIENT-NUMBER.ATTEMPT`; the attempt's id is what travels to the upstream.
package enum LedgerLine: Sendable, Hashable {
  /// `R`: a client's request has ended.
  case request(RequestLine)
  /// `A`: an attempt of it has ended.
  case attempt(AttemptLine)
  /// `S`: an upstream is done with an attempt.
  case served(ServedLine)
  /// `C`: an upstream's side of a connection opened or closed.
  case connection(at: Int64, address: String, peerPort: UInt16, isOpen: Bool)

  /// How a request ended for its caller.
  package struct RequestLine: Sendable, Hashable {
    package var id: String
    package var dependency: String
    package var began: Int64
    package var ended: Int64
    package var end: End
    /// Attempts that were sent.
    package var attempts: Int
    /// What was waited for when a time limit ended it: `pool-acquire`, `dns`, `connect`, `read`, `deadline`; else `-`.
    package var limit: String

    package init(
      id: String, dependency: String, began: Int64, ended: Int64, end: End, attempts: Int, limit: String
    ) {
      self.id = id
      self.dependency = dependency
      self.began = began
      self.ended = ended
      self.end = end
      self.attempts = attempts
      self.limit = limit
    }
  }

  /// What became of a request; the words are those of deptop's fates.
  package enum End: String, Sendable, Hashable, CaseIterable {
    case success
    case successAfterRetry = "success-after-retry"
    case notRetryable = "not-retryable"
    case retriesExhausted = "retries-exhausted"
    case retrySkipped = "retry-skipped"
    case timeout
    case rejected
    case failure

    package var isSuccess: Bool { self == .success || self == .successAfterRetry }
  }

  /// One attempt as the client saw it.
  package struct AttemptLine: Sendable, Hashable {
    package var id: String
    package var began: Int64
    package var ended: Int64
    /// 0 when no connection was made.
    package var localPort: UInt16
    /// The address that it went to; `-` when none.
    package var address: String
    /// `ok`, `error`, `reset`, `closed`, `late` (answered after its caller had given up), `refused` (no connection was
    /// made), `unresolved` (the name has no address), or a limit's name.
    package var outcome: String

    package init(
      id: String, began: Int64, ended: Int64, localPort: UInt16, address: String, outcome: String
    ) {
      self.id = id
      self.began = began
      self.ended = ended
      self.localPort = localPort
      self.address = address
      self.outcome = outcome
    }
  }

  /// One attempt as the upstream saw it.
  package struct ServedLine: Sendable, Hashable {
    package var id: String
    package var address: String
    package var received: Int64
    package var ended: Int64
    /// `ok`, `error`, `full` (the queue was), `abandoned` (worked on, and its connection was gone).
    package var outcome: String

    package init(id: String, address: String, received: Int64, ended: Int64, outcome: String) {
      self.id = id
      self.address = address
      self.received = received
      self.ended = ended
      self.outcome = outcome
    }
  }
}

extension LedgerLine {
  /// The line without its end.
  package var text: String {
    switch self {
    case .request(let line):
      "R\t\(line.id)\t\(line.dependency)\t\(line.began)\t\(line.ended)\t\(line.end.rawValue)\t\(line.attempts)"
        + "\t\(line.limit)"
    case .attempt(let line):
      "A\t\(line.id)\t\(line.began)\t\(line.ended)\t\(line.localPort)\t\(line.address)\t\(line.outcome)"
    case .served(let line): "S\t\(line.id)\t\(line.address)\t\(line.received)\t\(line.ended)\t\(line.outcome)"
    case .connection(let at, let address, let port, let isOpen):
      "C\t\(at)\t\(address)\t\(port)\t\(isOpen ? "open" : "closed")"
    }
  }

  /// Reads a line; nil for one that is cut or not of the ledger.
  package init?(_ text: some StringProtocol) {
    let fields = String(text).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    switch (fields.first, fields.count) {
    case ("R", 8):
      guard let began = Int64(fields[3]), let ended = Int64(fields[4]), let end = End(rawValue: fields[5]),
        let attempts = Int(fields[6])
      else { return nil }
      self = .request(
        RequestLine(
          id: fields[1], dependency: fields[2], began: began, ended: ended, end: end, attempts: attempts,
          limit: fields[7]))
    case ("A", 7):
      guard let began = Int64(fields[2]), let ended = Int64(fields[3]), let port = UInt16(fields[4]) else { return nil }
      self = .attempt(
        AttemptLine(
          id: fields[1], began: began, ended: ended, localPort: port, address: fields[5], outcome: fields[6]))
    case ("S", 6):
      guard let received = Int64(fields[3]), let ended = Int64(fields[4]) else { return nil }
      self = .served(
        ServedLine(id: fields[1], address: fields[2], received: received, ended: ended, outcome: fields[5]))
    case ("C", 5):
      guard let at = Int64(fields[1]), let port = UInt16(fields[3]), ["open", "closed"].contains(fields[4]) else {
        return nil
      }
      self = .connection(at: at, address: fields[2], peerPort: port, isOpen: fields[4] == "open")
    default: return nil
    }
  }
}
