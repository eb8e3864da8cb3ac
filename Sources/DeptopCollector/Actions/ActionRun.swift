internal import DeptopControl
internal import DeptopModel
internal import DeptopSources

/// The times that an action keeps to.
enum ActionPace {
  /// How often the system and the kernel are asked how far it got.
  static let pollInterval = Duration.milliseconds(250)
  /// The longest wait for something that has to pass first.
  static let longestWait = Duration.seconds(120)
  /// How long the new connections may take to show in the kernel's table.
  static let settleTime = Duration.seconds(5)
  /// How long what is healed has to stay so before it is called healed.
  static let verifying = Duration.seconds(5)
  /// How long a verdict is called provisional, when nothing says how long the trouble takes to come back.
  static let provisional = Duration.seconds(60)
  /// How often new connections are tried while an action runs, at most; and how long each may take.
  static let probeInterval = Duration.seconds(1)
  static let probeTimeout = Duration.seconds(1)
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
  /// Opens a new connection to each of the plan's destinations; nothing without pre-flight.
  var probe: @Sendable () async -> [ConnectAttempt] = { [] }
  /// Writes down how far a step got.
  var record: @Sendable (StepProgress) async -> Void = { _ in }
  /// Has the kernel's table read before its time, so that what was just closed and opened is seen.
  var hasten: @Sendable () -> Void = {}
  /// How long what is healed has to stay so.
  var verifying = Duration.zero

  /// Why a run ends early.
  enum Stop: Error {
    case aborted(Actor)
    case cancelled
    case failed(String)
    /// A bound of the plan was crossed.
    case crossed(String)
  }

  /// What a run carries from step to step.
  struct Course: Sendable {
    /// nil when the plan has no bounds.
    var watch: AbortWatch?
    var progress: StepProgress?
    /// Bounds that were crossed when it could not be stopped any more.
    var crossed: [String] = []
    /// When the watch began, and new connections were tried last.
    var watchedSince: Time.Instant
    var probedAt: Time.Instant?
  }

  /// Runs to its end; a failure is a verdict too.
  func run() async -> Verdict {
    let started = WallTime.now()
    let read = detail()
    let before = ActionReadings(plan, read)
    var course = Course(watchedSince: clock.now)
    var didExecute = false
    do throws(Stop) {
      if try await waitForObstacles(), let objection = await objection() { throw .failed(objection) }
      try stopIfAsked()
      course.begin(plan, AbortReadings(detail()), at: clock.now)
      note(.executing, nil)
      didExecute = true
      try await executeSteps(&course)
      if control.judgement(of: plan, before: read, now: read) != nil {
        note(.verifying, nil)
        try await awaitJudgement(from: read, &course)
        return judged(read, course, startedAt: started)
      }
      try await drain(&course)
      note(.verifying, nil)
      try await settle()
      let broken = try await hold()
      return await verdict(before, read, course, startedAt: started, broken: broken)
    } catch {
      return await stopped(by: error, read, course, startedAt: started, didExecute: didExecute)
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
  private func executeSteps(_ course: inout Course) async throws(Stop) {
    let limit = min(ActionPace.longestExecution, plan.bounds?.timeLimit ?? ActionPace.longestExecution)
    let deadline = clock.now.advanced(by: limit)
    var step = 0
    while true {
      try await awaitClearance(&course)
      let report = try await controlling { () async throws(ControlError) in
        try await control.execute(plan, step: step, now: detail())
      }
      note(nil, report.text)
      if let progress = report.progress {
        course.step(progress)
        await record(progress)
      }
      if let reason = report.stop { throw .crossed(reason) }
      guard let wait = report.pause else { return }
      guard clock.now < deadline else {
        let text = "not done within \(Int(limit.seconds)) s"
        throw plan.bounds == nil ? .failed("gave up after \(Int(limit.seconds)) s of steps") : .crossed(text)
      }
      try await pause(wait, watching: &course)
      step += 1
    }
  }

  /// Looks before a step, and lets none begin while a new connection has just failed.
  private func awaitClearance(_ course: inout Course) async throws(Stop) {
    guard course.watch != nil, plan.bounds?.canStop == true else { return try await look(&course, trying: true) }
    while true {
      try await look(&course, trying: true)
      guard course.watch?.isClear == false else { return }
      note(nil, "a new connection failed: looks again before it goes on")
      try await pause(ActionPace.probeInterval)
    }
  }

  /// Reads, and judges it by the plan's bounds; tries new connections as well when that is wanted and due.
  private func look(_ course: inout Course, trying: Bool) async throws(Stop) {
    guard course.watch != nil else { return }
    var attempts: [ConnectAttempt] = []
    if trying, course.isProbeDue(at: clock.now) {
      course.probedAt = clock.now
      attempts = await probe()
    }
    let time = course.watchedSince.duration(to: clock.now)
    guard let reason = course.watch?.look(AbortReadings(detail()), tried: attempts, at: time) else { return }
    guard plan.bounds?.canStop != true else { throw .crossed(reason) }
    if course.crossed.isEmpty {
      course.crossed = [reason]
      note(nil, "\(reason); it cannot be stopped any more")
    }
  }

  /// Waits, and looks all the while when there are bounds.
  private func pause(_ duration: Duration, watching course: inout Course) async throws(Stop) {
    guard course.watch != nil else { return try await pause(duration) }
    let end = clock.now.advanced(by: duration)
    while true {
      let rest = clock.now.duration(to: end)
      guard rest > .zero else { return }
      try await pause(min(rest, ActionPace.pollInterval))
      try await look(&course, trying: false)
    }
  }

  /// Waits until the control plane says that the plan's end is reached, or the plan's time is over.
  private func awaitJudgement(from before: DependencyDetail?, _ course: inout Course) async throws(Stop) {
    let deadline = clock.now.advanced(by: plan.drainTimeout)
    while clock.now < deadline {
      guard let judgement = control.judgement(of: plan, before: before, now: detail()), !judgement.isSettled else {
        return
      }
      try await pause(ActionPace.pollInterval, watching: &course)
    }
  }

  /// Waits until none of the plan's connections is left any more, or the plan's time is over.
  private func drain(_ course: inout Course) async throws(Stop) {
    let deadline = clock.now.advanced(by: plan.drainTimeout)
    while clock.now < deadline {
      let readings = readings()
      if plan.request.verb != .breaker, readings.provesNoneLeft, !hasUnlisted { return }
      let (held, text) = await progress(readings)
      if readings.provesNoneLeft || plan.request.verb == .breaker, held == 0 { return }
      note(.draining, text)
      try await pause(ActionPace.pollInterval)
      try await look(&course, trying: true)
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

  /// Watches whether what is healed stays so; answers what broke, nil when nothing did.
  private func hold() async throws(Stop) -> String? {
    guard verifying > .zero, plan.request.verb != .breaker, isHealed(readings()) else { return nil }
    let end = clock.now.advanced(by: verifying)
    while clock.now < end {
      try await pause(min(clock.now.duration(to: end), ActionPace.pollInterval))
      let readings = readings()
      guard readings.isKnown, !isHealed(readings) else { continue }
      return readings.onOther > 0
        ? "it did not last: \(readings.onOther) of \(readings.total) connections are on another address again"
        : "it did not last: \(readings.targetsLeft) of the planned connections are there again"
    }
    return nil
  }

  func isHealed(_ readings: ActionReadings) -> Bool { readings.provesNoneLeft && readings.isInPlace }

  private func pause(_ duration: Duration) async throws(Stop) {
    try stopIfAsked()
    hasten()
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
