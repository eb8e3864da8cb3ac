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

  private enum Stop: Error {
    case aborted(Actor)
    case cancelled
    case failed(String)
  }

  /// Runs to its end; a failure is a verdict too.
  func run() async -> Verdict {
    let started = WallTime.now()
    let before = readings()
    var didExecute = false
    do throws(Stop) {
      if try await waitForObstacles(), let objection = await objection() { throw .failed(objection) }
      try stopIfAsked()
      note(.executing, nil)
      didExecute = true
      note(nil, try await controlling { () async throws(ControlError) in try await control.execute(plan) })
      try await drain()
      note(.verifying, nil)
      try await settle()
      return await verdict(before, startedAt: started)
    } catch {
      return stopped(by: error, before, startedAt: started, didExecute: didExecute)
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
  private func progress(_ readings: ActionReadings) async -> (held: Int?, text: String) {
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

  private func readings() -> ActionReadings { ActionReadings(plan, detail()) }

  /// True when the kernel's table lacks connections of the plan, so that only the system can say what became of them.
  private var hasUnlisted: Bool { !plan.targets.allSatisfy(\.isInKernel) }
}

extension ActionRun {
  private func verdict(_ before: ActionReadings, startedAt: WallTime) async -> Verdict {
    let after = readings()
    if let left = after.breakersLeft(plan) { return breakerVerdict(before, after, left: left, startedAt: startedAt) }
    let held = hasUnlisted ? await progress(after).held : 0
    let left = max(after.targetsLeft, held ?? 0)
    let isProved = after.isKnown && held != nil
    let outcome: Verdict.Outcome =
      left == 0 && isProved && after.isInPlace
      ? .healed : left >= plan.targets.count ? .failed : .partial
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: before.compared(to: after, by: plan),
      notes: notes(after, left: left, held: held))
  }

  private func breakerVerdict(
    _ before: ActionReadings, _ after: ActionReadings, left: Int, startedAt: WallTime
  ) -> Verdict {
    let wanted = plan.request.breaker?.rawValue ?? ""
    let outcome: Verdict.Outcome = left == 0 ? .healed : left >= plan.clients.count ? .failed : .partial
    let notes = left == 0 ? [] : ["\(left) of \(plan.clients.count) breakers do not report to be \(wanted)"]
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: before.compared(to: after, by: plan), notes: notes)
  }

  private func notes(_ after: ActionReadings, left: Int, held: Int?) -> [String] {
    var notes: [String] = []
    if left > 0 {
      notes.append(
        "\(left) of \(plan.targets.count) connections are still in use after "
          + "\(Int(plan.drainTimeout.seconds)) s; they are closed when they are returned")
    }
    if !after.isKnown {
      notes.append("the kernel's table is not read now, so that nothing proves where the connections are")
    }
    let unlisted = plan.targets.count { !$0.isInKernel }
    if unlisted > 0 {
      let word = held == nil ? "and the pool does not say what became of them" : "this rests on the pool's own word"
      notes.append("\(unlisted) of the connections are not in this host's socket table: \(word)")
    }
    if after.onOther > 0, left == 0 {
      notes.append("\(after.onOther) new connections went to an address that is not in DNS: the old answer is cached")
    }
    return notes
  }

  private func stopped(
    by stop: Stop, _ before: ActionReadings, startedAt: WallTime, didExecute: Bool
  ) -> Verdict {
    let after = readings()
    let done = didExecute ? "what was asked of the system takes its course" : "nothing was changed"
    let (outcome, note): (Verdict.Outcome, String) =
      switch stop {
      case .aborted(let actor): (.aborted, "aborted by \(actor.label): \(done)")
      case .cancelled: (.interrupted, "the collector ended: \(done)")
      case .failed(let reason): (.failed, "\(reason): \(done)")
      }
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: didExecute ? before.compared(to: after, by: plan) : [], notes: [note])
  }
}
