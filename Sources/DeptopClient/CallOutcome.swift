internal import DeptopModel

/// How a call ended, in the caller's eyes.
public enum CallFate: UInt8, Sendable, Hashable, CaseIterable {
  case success
  case successAfterRetry
  /// Failed in a way that the client does not retry.
  case notRetryable
  case retriesExhausted
  /// Would have been retried, and the retry budget did not allow it.
  case retrySkipped
  case timeout
  /// Never sent: the breaker was open.
  case rejected
  /// Failed, and nothing more is known.
  case failure

  var fate: Fate {
    switch self {
    case .success: .success
    case .successAfterRetry: .successAfterRetry
    case .notRetryable: .notRetryable
    case .retriesExhausted: .retriesExhausted
    case .retrySkipped: .retrySkipped
    case .timeout: .timeout
    case .rejected: .rejected
    case .failure: .failure
    }
  }
}

/// What was waited for when a time limit was reached.
public enum TimeoutStage: UInt8, Sendable, Hashable, CaseIterable {
  /// A connection from the pool.
  case poolAcquire
  case dns, connect, tls, read
  /// The deadline of the whole call, whatever it was doing.
  case deadline

  var category: TimeoutCategory {
    switch self {
    case .poolAcquire: .poolAcquire
    case .dns: .dns
    case .connect: .connect
    case .tls: .tls
    case .read: .read
    case .deadline: .deadline
    }
  }
}

/// A part of the time that a call takes.
public enum CallPhase: UInt8, Sendable, Hashable, CaseIterable {
  case dns, connect, tls, firstByte

  var phase: Phase {
    switch self {
    case .dns: .dns
    case .connect: .connect
    case .tls: .tls
    case .firstByte: .firstByte
    }
  }
}

/// The name of a kind of error, made known once by ``MonitoredDependency/errorType(_:)``.
///
/// It belongs to the dependency that made it; with another one it stands for whatever that one has in its place.
public struct ErrorType: Sendable, Hashable {
  let index: UInt8
}

/// What became of one call.
public struct CallOutcome: Sendable, Hashable {
  /// How it ended for the caller.
  public var fate: CallFate
  /// What was sent, retries included: 0 for a call that was rejected, else 1 or more.
  public var attempts: Int
  /// What was waited for, when a time limit ended the call or one of its attempts.
  public var timeout: TimeoutStage?
  /// The kind of error; nil when it is not told.
  public var errorType: ErrorType?
  /// True when the other side reset the connection.
  public var isReset: Bool

  /// A call's end.
  ///
  /// - Parameters:
  ///   - fate: How it ended for the caller.
  ///   - attempts: What was sent, retries included.
  ///   - timeout: What was waited for, when a time limit was reached.
  ///   - errorType: The kind of error, of few kinds.
  ///   - isReset: True when the other side reset the connection.
  public init(
    _ fate: CallFate, attempts: Int = 1, timeout: TimeoutStage? = nil, errorType: ErrorType? = nil,
    isReset: Bool = false
  ) {
    self.fate = fate
    self.attempts = attempts
    self.timeout = timeout
    self.errorType = errorType
    self.isReset = isReset
  }

  /// The first attempt succeeded.
  public static var success: CallOutcome { CallOutcome(.success) }
  /// The only attempt failed, and nothing more is known.
  public static var failure: CallOutcome { CallOutcome(.failure) }
  /// The breaker did not let the call through.
  public static var rejected: CallOutcome { CallOutcome(.rejected, attempts: 0) }
}
