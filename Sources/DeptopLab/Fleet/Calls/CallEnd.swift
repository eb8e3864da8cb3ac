/// How one request ended for its caller.
struct CallEnd: Sendable, Hashable {
  var end: LedgerLine.End
  /// Why, when it is no success and was not rejected.
  var failure: AttemptFailure?

  /// What was waited for; told of a request that a time limit ended, and of no other.
  var limit: AttemptFailure.Limit? {
    guard end == .timeout, case .limit(let limit)? = failure else { return nil }
    return limit
  }
}

/// Why no attempt follows one that failed.
enum Stop: Sendable, Hashable {
  /// The client makes one attempt at most, or does not send again what may have been carried out.
  case forbidden
  case exhausted
  case budget
  /// The caller's time is over, or the service ends.
  case over
}

extension CallEnd {
  /// An answer, after so many attempts.
  static func success(attempts: Int) -> CallEnd { CallEnd(end: attempts > 1 ? .successAfterRetry : .success) }

  /// A failure that nothing follows.
  init(_ failure: AttemptFailure, _ stop: Stop) {
    self.failure = failure
    if stop == .budget {
      end = .retrySkipped
    } else if case .limit = failure {
      end = .timeout
    } else {
      switch stop {
      case .forbidden: end = .notRetryable
      case .exhausted: end = .retriesExhausted
      case .budget: end = .retrySkipped
      case .over: end = .failure
      }
    }
  }
}
