/// Why an attempt has no answer that is of use.
enum AttemptFailure: Error, Hashable {
  /// A time limit was over.
  case limit(Limit)
  /// The name has no address, with the name server's reason.
  case unresolved(String)
  /// No connection was made, with the system's reason.
  case unconnected(String)
  /// The other side reset the connection.
  case reset
  /// The connection was closed before there was an answer.
  case closed
  /// Answered with an error of the application; the connection is as good as before.
  case error

  /// What was waited for; the words are the ledger's.
  enum Limit: String, Sendable, Hashable, CaseIterable {
    case poolAcquire = "pool-acquire"
    case dns, connect, read, deadline
  }

  /// The word of an attempt's line.
  var outcome: String {
    switch self {
    case .limit(let limit): limit.rawValue
    case .unresolved: "unresolved"
    case .unconnected: "refused"
    case .reset: "reset"
    case .closed: "closed"
    case .error: "error"
    }
  }

  /// In a sentence for operators.
  var text: String {
    switch self {
    case .limit(let limit): "the \(limit.rawValue) limit was over"
    case .unresolved(let reason), .unconnected(let reason): reason
    case .reset: "the connection was reset"
    case .closed: "the connection was closed"
    case .error: "the answer was an error"
    }
  }

  /// A limit that is over: the caller's deadline when that came first, else the part's own.
  static func over(_ own: Limit, at end: Int64?, deadline: Int64?) -> AttemptFailure {
    if let deadline, deadline <= end ?? .max { return .limit(.deadline) }
    return .limit(own)
  }
}
