extension CallStation {
  /// Makes attempts until one is answered or none may follow.
  func tryRepeatedly(_ call: LabCall, _ spec: CallSpec) async -> CallEnd {
    let plan = RetryPlan(spec.retry)
    let bytes = isLarge(spec) ? spec.largeRequestBytes : spec.requestBytes
    earnRetry(spec.retry)
    var attempt = 1
    while true {
      call.note { $0.attempts = attempt }
      let work = AttemptWork(station: self, call: call, spec: spec, number: attempt, bytes: bytes)
      let result = await work.run()
      guard case .failure(let failure) = result else { return .success(attempts: attempt) }
      if let stop = stop(after: failure, attempt, of: plan, call, wasSent: work.wasSent) {
        return CallEnd(failure, stop)
      }
      if let over = await rest(plan.backoff(after: attempt, random: .random(in: 0...1)), call, spec) { return over }
      attempt += 1
    }
  }

  /// Why no attempt follows; nil when one does.
  private func stop(
    after failure: AttemptFailure, _ attempt: Int, of plan: RetryPlan, _ call: LabCall, wasSent: Bool
  ) -> Stop? {
    if failure == .limit(.deadline) || isEnding { return .over }
    if plan.attempts == 1 || wasSent && !plan.spec.repeatsSent { return .forbidden }
    if attempt >= plan.attempts { return .exhausted }
    return mayRetry(plan.spec) ? nil : .budget
  }

  /// Waits before the next attempt; the call's end when its time is over first.
  private func rest(_ seconds: Double, _ call: LabCall, _ spec: CallSpec) async -> CallEnd? {
    let end = LabClock.now + Moment.microseconds(seconds)
    let bound = spec.limits.passesDeadlineOn ? Moment.earlier(end, call.deadline) ?? end : end
    do {
      try await Task.sleep(nanoseconds: UInt64(max(0, bound - LabClock.now)) * 1000)
    } catch {
      return CallEnd(.closed, .over)
    }
    if isEnding { return CallEnd(.closed, .over) }
    return bound < end ? CallEnd(.limit(.deadline), .over) : nil
  }
}
