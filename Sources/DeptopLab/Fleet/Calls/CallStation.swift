internal import NIOCore
internal import Synchronization

/// Everything that a service has for calling one dependency: pool, breaker, retries, limits.
final class CallStation: Sendable {
  private struct State {
    var breaker: CircuitBreaker?
    var budget = RetryBudget()
    var calls = 0
    var isEnding = false
  }

  let pool: ConnectionPool
  let names: NameLookup
  let ledger: FleetLedger
  /// What deptop is told; nil for a service that nobody instrumented.
  let report: DependencyReport?
  private let state: Mutex<State>

  init(_ spec: CallSpec, names: NameLookup, dialer: Dialer, ledger: FleetLedger, report: DependencyReport?) {
    self.names = names
    self.ledger = ledger
    self.report = report
    pool = ConnectionPool(spec, dialer: dialer)
    state = Mutex(State(breaker: spec.breaker.map(CircuitBreaker.init)))
    report?.follow(self)
  }

  var spec: CallSpec { pool.call }
  var isEnding: Bool { state.withLock { $0.isEnding } }

  /// Calls by another spec from now on; connections stay, and so does the breaker when it is the same.
  func change(to next: CallSpec) {
    let isSame = next.breaker == spec.breaker
    pool.change(to: next)
    if !isSame { state.withLock { $0.breaker = next.breaker.map(CircuitBreaker.init) } }
    report?.changed(to: next, isBreakerNew: !isSame)
  }

  /// Closes everything; calls that wait end at once.
  func end() {
    state.withLock { $0.isEnding = true }
    pool.close()
  }

  /// Makes one request, and returns when nothing is left to be done for it.
  func call(id: String) async {
    let (spec, began) = (spec, LabClock.now)
    let call = LabCall(id: id, began: began, deadline: Moment.end(of: spec.limits.deadline, from: began)) {
      [ledger, report] end, progress in
      let ended = LabClock.now
      ledger.request(id, of: spec.dependency, began: began, ended: ended, end, attempts: progress.sent)
      report?.ended(end, progress, took: ended - began)
    }
    let admission = admit(at: began)
    guard admission.isAdmitted else {
      call.end(CallEnd(end: .rejected))
      return
    }
    // Where the deadline is not handed on, the caller alone keeps it, and the work goes on.
    let alarm = spec.limits.passesDeadlineOn ? nil : call.deadline
    let timer = alarm.map { alarm in
      pool.dialer.loop.scheduleTask(deadline: Moment.deadline(alarm)) { [self] in
        judge(admission.permit, isFailure: true, of: call, CallEnd(.limit(.deadline), .over))
      }
    }
    let end = await tryRepeatedly(call, spec)
    timer?.cancel()
    judge(admission.permit, isFailure: !end.end.isSuccess, of: call, end)
  }

  /// Ends a call and tells the breaker, unless that was done before.
  private func judge(_ permit: CircuitBreaker.Permit?, isFailure: Bool, of call: LabCall, _ end: CallEnd) {
    guard call.end(end), let permit else { return }
    tell { $0.ended(permit, isFailure: isFailure, at: LabClock.now) }
  }

  private func admit(at now: Int64) -> (isAdmitted: Bool, permit: CircuitBreaker.Permit?) {
    var permit: CircuitBreaker.Permit?
    var hasBreaker = false
    tell { breaker in
      hasBreaker = true
      let (given, transition) = breaker.admit(at: now)
      permit = given
      return transition
    }
    return (permit != nil || !hasBreaker, permit)
  }

  /// Changes the breaker, where there is one, and tells what came of it, in order.
  private func tell(_ change: (inout CircuitBreaker) -> CircuitBreaker.Transition?) {
    state.withLock { state in
      guard var breaker = state.breaker else { return }
      let transition = change(&breaker)
      state.breaker = breaker
      if let transition { report?.breakerEntered(transition, breaker.spec) }
      report?.breakerSees(breaker.failureRatio)
    }
  }

  /// Puts the breaker into a state; false when there is no breaker.
  func setBreaker(_ wanted: CircuitBreaker.State, reason: String) -> Bool {
    var hasBreaker = false
    tell { breaker in
      hasBreaker = true
      return breaker.set(wanted, reason: reason, at: LabClock.now)
    }
    return hasBreaker
  }

  /// True for a request that is to be large.
  func isLarge(_ spec: CallSpec) -> Bool {
    let number = state.withLock { state in
      state.calls &+= 1
      return state.calls
    }
    return spec.largeEvery > 0 && number % spec.largeEvery == 0
  }

  func earnRetry(_ spec: RetrySpec) {
    if let share = spec.budget { state.withLock { $0.budget.earn(share) } }
  }

  func mayRetry(_ spec: RetrySpec) -> Bool {
    spec.budget == nil || state.withLock { $0.budget.spend() }
  }
}
