internal import DeptopControl
internal import DeptopModel

/// The times that an action keeps to.
enum ActionPace {
  /// How often the system and the kernel are asked how far it got.
  static let pollInterval = Duration.milliseconds(250)
  /// The longest wait for something that has to pass first.
  static let longestWait = Duration.seconds(120)
  /// How long the new connections may take to show in the kernel's table.
  static let settleTime = Duration.seconds(5)
  /// How long the steps of one plan may take together, as long as the privileged side carries a plan out.
  static let longestExecution = Duration.seconds(600)
  /// How often and how long it is tried to put back what was set for the time of the action: the privileged side is
  /// started again 30 s after it has ended.
  static let restoringInterval = Duration.seconds(5)
  static let longestRestoring = Duration.seconds(40)
}

/// One execution of a plan, from the first wait to the verdict.
struct ActionRun<Time: Clock>: Sendable where Time.Duration == Duration {
  let plan: Plan
  let control: any ControlPlane
  let clock: Time
  /// The dependency as the store has it now.
  let detail: @Sendable () -> DependencyDetail?
  /// Why the plan may not be executed any more; nil when it may.
  ///
  /// Asked after a wait, which the checks that were made before it do not cover.
  let objection: @Sendable () async -> String?
  let note: @Sendable (ActionStatus.Phase?, String?) -> Void
  /// Who asked for an end; nil when nobody did.
  let abortedBy: @Sendable () -> Actor?

  /// Why a run ends early.
  enum Stop: Error {
    case aborted(Actor)
    case cancelled
    case failed(String)
  }

  /// Runs to its end; a failure is a verdict too.
  func run() async -> Verdict {
    let started = WallTime.now()
    let read = detail()
    let before = ActionReadings(plan, read)
    var didExecute = false
    do throws(Stop) {
      if try await waitForObstacles(), let objection = await objection() { throw .failed(objection) }
      try stopIfAsked()
      note(.executing, nil)
      didExecute = true
      try await executeSteps()
      if control.judgement(of: plan, before: read, now: read) != nil {
        note(.verifying, nil)
        try await awaitJudgement(from: read)
        return judged(read, startedAt: started)
      }
      try await drain()
      note(.verifying, nil)
      try await settle()
      return await verdict(before, startedAt: started)
    } catch {
      return await stopped(by: error, read, startedAt: started, didExecute: didExecute)
    }
  }

  /// Waits for what has to pass first, and answers whether there was anything.
  private func waitForObstacles() async throws(Stop) -> Bool {
    let deadline = clock.now.advanced(by: ActionPace.longestWait)
    var didWait = false
    while let obstacle = try await controlling({ () async throws(ControlError) in try await control.obstacle(to: plan) }
    ) {
      guard clock.now < deadline else {
        throw .failed("gave up after \(Int(ActionPace.longestWait.seconds)) s: \(obstacle.reason)")
      }
      didWait = true
      note(.waiting, obstacle.reason)
      try await pause(min(max(obstacle.remaining, ActionPace.pollInterval), .seconds(1)))
    }
    return didWait
  }

  /// Has the control plane do one step after the other until it says that it was the last.
  private func executeSteps() async throws(Stop) {
    let deadline = clock.now.advanced(by: ActionPace.longestExecution)
    var step = 0
    while true {
      let report = try await controlling { () async throws(ControlError) in
        try await control.execute(plan, step: step, now: detail())
      }
      note(nil, report.text)
      guard let wait = report.pause else { return }
      guard clock.now < deadline else {
        throw .failed("gave up after \(Int(ActionPace.longestExecution.seconds)) s of steps")
      }
      try await pause(wait)
      step += 1
    }
  }

  /// Waits until the control plane says that the plan's end is reached, or the plan's time is over.
  private func awaitJudgement(from before: DependencyDetail?) async throws(Stop) {
    let deadline = clock.now.advanced(by: plan.drainTimeout)
    while clock.now < deadline {
      guard let judgement = control.judgement(of: plan, before: before, now: detail()), !judgement.isSettled else {
        return
      }
      try await pause(ActionPace.pollInterval)
    }
  }

  /// Waits until none of the plan's connections is left any more, or the plan's time is over.
  private func drain() async throws(Stop) {
    let deadline = clock.now.advanced(by: plan.drainTimeout)
    while clock.now < deadline {
      let readings = readings()
      if plan.request.verb != .breaker, readings.provesNoneLeft, !hasUnlisted { return }
      let (held, text) = await progress(readings)
      if readings.provesNoneLeft || plan.request.verb == .breaker, held == 0 { return }
      note(.draining, text)
      try await pause(ActionPace.pollInterval)
    }
  }

  /// How many of the plan's connections the system still holds, as far as it says, and a sentence.
  func progress(_ readings: ActionReadings) async -> (held: Int?, text: String) {
    let closed =
      readings.breakersLeft(plan).map { "\(plan.clients.count - $0) of \(plan.clients.count) breakers set" }
      ?? "\(plan.targets.count - readings.targetsLeft) of \(plan.targets.count) connections replaced"
    do throws(ControlError) {
      let remaining = try await control.remaining(of: plan)
      return (remaining.connections, remaining.note.map { "\(closed); \($0)" } ?? closed)
    } catch {
      return (nil, "\(closed); \(error)")
    }
  }

  /// Gives new connections time to appear where they belong.
  private func settle() async throws(Stop) {
    let deadline = clock.now.advanced(by: ActionPace.settleTime)
    while clock.now < deadline {
      let readings = readings()
      if let left = readings.breakersLeft(plan) {
        if left == 0 { return }
        try await pause(ActionPace.pollInterval)
        continue
      }
      if readings.targetsLeft > 0 || (readings.isInPlace && readings.total > 0) { return }
      try await pause(ActionPace.pollInterval)
    }
  }

  private func pause(_ duration: Duration) async throws(Stop) {
    try stopIfAsked()
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw .cancelled
    }
    try stopIfAsked()
  }

  private func stopIfAsked() throws(Stop) {
    if let actor = abortedBy() { throw .aborted(actor) }
    if Task.isCancelled { throw .cancelled }
  }

  private func controlling<Value>(_ call: () async throws(ControlError) -> Value) async throws(Stop) -> Value {
    do throws(ControlError) {
      return try await call()
    } catch {
      throw .failed(error.description)
    }
  }

  func readings() -> ActionReadings { ActionReadings(plan, detail()) }

  /// True when the kernel's table lacks connections of the plan, so that only the system can say what became of them.
  var hasUnlisted: Bool { !plan.targets.allSatisfy(\.isInKernel) }
}
