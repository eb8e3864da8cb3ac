internal import DeptopModel
internal import Synchronization

/// The states of a circuit breaker.
public enum CircuitState: Sendable, Hashable, CaseIterable {
  /// Calls pass and are judged.
  case closed
  /// Calls are rejected until the wait is over.
  case open
  /// A few calls pass to find out whether to close.
  case halfOpen
  /// Somebody opened it; it stays so until somebody closes it.
  case forcedOpen
  /// Calls pass and nothing is judged.
  case disabled

  var state: BreakerState {
    switch self {
    case .closed: .closed
    case .open: .open
    case .halfOpen: .halfOpen
    case .forcedOpen: .forcedOpen
    case .disabled: .disabled
    }
  }

  init(_ state: BreakerState) {
    switch state {
    case .closed: self = .closed
    case .open: self = .open
    case .halfOpen: self = .halfOpen
    case .forcedOpen: self = .forcedOpen
    case .disabled: self = .disabled
    }
  }
}

/// One dependency's breaker, as its owner told it: the state and the newest transitions, in order.
final class BreakerLog: Sendable {
  private let reading = Mutex<ReportedBreaker?>(nil)

  /// Enters a state; the first one that is told is no transition.
  func enter(_ state: BreakerState, reason: String?, openWait: Duration?) {
    let now = WallTime.now()
    let reason = reason.map { String($0.prefix(256)) }
    reading.withLock { reading in
      var transitions = reading?.transitions ?? []
      if let before = reading?.state, before != state {
        transitions.append(BreakerTransition(at: now, from: before, to: state, reason: reason))
        transitions.removeFirst(max(0, transitions.count - BreakerReading.transitionsKept))
      }
      let isSame = reading?.state == state
      var next = ReportedBreaker(state: state, since: isSame ? reading?.since : now, reason: reason)
      next.failureRatio = reading?.failureRatio
      next.openWait = openWait ?? reading?.openWait
      next.transitions = transitions
      reading = next
    }
  }

  /// Notes the share of failures that the breaker sees; without effect before a state was told.
  func note(failureRatio: Double?) {
    reading.withLock { $0?.failureRatio = failureRatio.flatMap { $0.isFinite ? $0 : nil } }
  }

  /// nil before a state was told.
  func report(notPermitted: UInt64) -> ReportedBreaker? {
    var report = reading.withLock { $0 }
    report?.notPermitted = notPermitted
    return report
  }
}
