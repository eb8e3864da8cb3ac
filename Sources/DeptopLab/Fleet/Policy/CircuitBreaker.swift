/// A circuit breaker over the latest calls: decisions without a clock of their own.
///
/// Times are microseconds of ``LabClock``.
struct CircuitBreaker: Sendable {
  /// The states of Resilience4j's breaker, which operators can also set.
  enum State: Sendable, Hashable {
    case closed, open, halfOpen
    /// An operator opened it: it stays so until an operator closes it.
    case forcedOpen
    /// Everything passes and nothing is judged.
    case disabled
  }

  /// A change of the state, and why.
  struct Transition: Sendable, Hashable {
    var to: State
    var reason: String
  }

  let spec: BreakerSpec
  private(set) var state = State.closed
  /// The latest calls, oldest first: true for a failure.
  private var calls: [Bool] = []
  private var openedAt: Int64 = 0
  /// Calls that were let through since it is half-open, and how those that ended have ended.
  private var trials = 0
  private var trialResults: [Bool] = []
  /// Grows with each transition, so that a call of an earlier state is not judged in a later one.
  private var generation = 0

  init(_ spec: BreakerSpec) {
    self.spec = spec
  }

  /// What a call that was let through shows when it has ended.
  struct Permit: Sendable, Hashable {
    fileprivate var generation: Int
  }

  /// Failures / calls in the window, 0…1; nil below the minimum number of calls.
  var failureRatio: Double? {
    calls.count >= max(1, spec.minimumCalls) ? Double(calls.count(where: { $0 })) / Double(calls.count) : nil
  }

  /// Asks whether a call may pass; nil when it may not.
  ///
  /// - Returns: The permit, and the transition that asking brought about.
  mutating func admit(at now: Int64) -> (permit: Permit?, transition: Transition?) {
    var transition: Transition?
    if state == .open, !spec.isStuck, now - openedAt >= Moment.microseconds(spec.openFor) {
      transition = enter(.halfOpen, "it was open for \(spec.openFor) s", at: now)
    }
    switch state {
    case .closed, .disabled: return (Permit(generation: generation), transition)
    case .open, .forcedOpen: return (nil, transition)
    case .halfOpen:
      guard trials < max(1, spec.permits) else { return (nil, transition) }
      trials += 1
      return (Permit(generation: generation), transition)
    }
  }

  /// Notes how a call ended that was let through.
  mutating func ended(_ permit: Permit, isFailure: Bool, at now: Int64) -> Transition? {
    guard permit.generation == generation else { return nil }
    switch state {
    case .closed:
      calls.append(isFailure)
      calls.removeFirst(max(0, calls.count - max(1, spec.window)))
      guard let failureRatio, failureRatio >= spec.failureRatio else { return nil }
      return enter(.open, "\(percent(failureRatio)) of \(calls.count) calls failed", at: now)
    case .halfOpen:
      trialResults.append(isFailure)
      guard trialResults.count >= max(1, spec.permits) else { return nil }
      let failed = trialResults.count(where: { $0 })
      let text = "\(failed) of \(trialResults.count) trial calls failed"
      let ratio = Double(failed) / Double(trialResults.count)
      return enter(ratio >= spec.failureRatio ? .open : .closed, text, at: now)
    case .open, .forcedOpen, .disabled: return nil
    }
  }

  /// An operator's word.
  mutating func set(_ wanted: State, reason: String, at now: Int64) -> Transition? {
    wanted == state ? nil : enter(wanted, reason, at: now)
  }

  private mutating func enter(_ next: State, _ reason: String, at now: Int64) -> Transition {
    state = next
    generation += 1
    (trials, trialResults) = (0, [])
    if next == .open { openedAt = now }
    if next != .open && next != .halfOpen { calls = [] }
    return Transition(to: next, reason: reason)
  }

  private func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }
}
