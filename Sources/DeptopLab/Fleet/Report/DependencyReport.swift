internal import DeptopClient

/// What deptop is told of one dependency.
struct DependencyReport: Sendable {
  let monitored: MonitoredDependency
  private let errors: [AttemptFailure: ErrorType]
  private let others: ErrorType

  init(_ monitored: MonitoredDependency) {
    self.monitored = monitored
    others = monitored.errorType("connection-failed")
    var errors: [AttemptFailure: ErrorType] = [
      .reset: monitored.errorType("connection-reset"), .closed: monitored.errorType("connection-closed"),
      .error: monitored.errorType("error-answer"),
    ]
    for limit in AttemptFailure.Limit.allCases {
      errors[.limit(limit)] = monitored.errorType("timeout-\(limit.rawValue)")
    }
    self.errors = errors
  }

  /// Counts a request that has ended.
  ///
  /// - Parameters:
  ///   - end: How it ended.
  ///   - progress: What was done for it.
  ///   - took: From its arrival to its end, microseconds.
  func ended(_ end: CallEnd, _ progress: LabCall.Progress, took: Int64) {
    guard end.end != .rejected else { return monitored.recordRejected() }
    let outcome = CallOutcome(
      end.end.fate, attempts: progress.sent, timeout: end.limit?.stage,
      errorType: end.failure.map { errors[$0] ?? others }, isReset: end.failure == .reset)
    guard progress.sent > 0 else { return monitored.record(unsent: outcome) }
    monitored.record(.microseconds(max(0, took - progress.waited)), outcome)
  }

  func waited(_ time: Int64) { monitored.recordWait(.microseconds(time)) }

  /// An attempt was sent.
  func sent() -> CallInFlight { monitored.begin() }

  /// It is no longer waited for.
  func answered(_ call: CallInFlight) { monitored.withdraw(call) }

  func firstByte(after time: Int64) { monitored.record(.firstByte, .microseconds(time)) }
  func lookedUp(in time: Int64) { monitored.record(.dns, .microseconds(time)) }
  func connected(in time: Int64) { monitored.record(.connect, .microseconds(time)) }
  func late(_ time: Int64) { monitored.recordLate(.microseconds(time)) }

  func breakerEntered(_ transition: CircuitBreaker.Transition, _ spec: BreakerSpec) {
    monitored.breakerEntered(
      transition.to.circuit, reason: transition.reason, openWait: spec.isStuck ? nil : .seconds(spec.openFor))
  }

  func breakerSees(_ ratio: Double?) { monitored.breakerSees(failureRatio: ratio) }
}

extension LedgerLine.End {
  fileprivate var fate: CallFate {
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

extension AttemptFailure.Limit {
  fileprivate var stage: TimeoutStage {
    switch self {
    case .poolAcquire: .poolAcquire
    case .dns: .dns
    case .connect: .connect
    case .read: .read
    case .deadline: .deadline
    }
  }
}

extension CircuitBreaker.State {
  var circuit: CircuitState {
    switch self {
    case .closed: .closed
    case .open: .open
    case .halfOpen: .halfOpen
    case .forcedOpen: .forcedOpen
    case .disabled: .disabled
    }
  }

  init(_ state: CircuitState) {
    switch state {
    case .closed: self = .closed
    case .open: self = .open
    case .halfOpen: self = .halfOpen
    case .forcedOpen: self = .forcedOpen
    case .disabled: self = .disabled
    }
  }
}
