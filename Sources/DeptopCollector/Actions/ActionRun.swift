internal import DeptopControl
internal import DeptopModel

/// One execution of a plan, from the first wait to the verdict.
struct ActionRun: Sendable {
  /// How often the system and the kernel are asked how far it got.
  static let pollInterval = Duration.milliseconds(250)
  /// The longest wait for something that has to pass first.
  static let longestWait = Duration.seconds(120)
  /// How long the new connections may take to show in the kernel's table.
  static let settleTime = Duration.seconds(5)

  let plan: Plan
  let control: any ControlPlane
  let clock: any Clock<Duration>
  /// The dependency as the store has it now.
  let detail: @Sendable () -> DependencyDetail?
  let note: @Sendable (ActionStatus.Phase?, String?) -> Void
  let isAborted: @Sendable () -> Bool

  private enum Stop: Error {
    case aborted, cancelled
    case failed(String)
  }

  /// Runs to its end; a failure is a verdict too.
  func run() async -> Verdict {
    let started = WallTime.now()
    let before = ActionReadings(plan, detail())
    var didExecute = false
    do throws(Stop) {
      try await waitForObstacles()
      note(.executing, nil)
      didExecute = true
      note(nil, try await controlling { () async throws(ControlError) in try await control.execute(plan) })
      try await drain()
      note(.verifying, nil)
      try await settle()
      return verdict(before, startedAt: started)
    } catch {
      return stopped(by: error, before, startedAt: started, didExecute: didExecute)
    }
  }

  private func waitForObstacles() async throws(Stop) {
    let deadline = WallTime.now() + ActionRun.longestWait
    while let obstacle = try await controlling({ () async throws(ControlError) in try await control.obstacle(to: plan) }
    ) {
      guard WallTime.now() < deadline else {
        throw .failed("gave up after \(Int(ActionRun.longestWait.seconds)) s: \(obstacle.reason)")
      }
      note(.waiting, obstacle.reason)
      try await pause(min(max(obstacle.remaining, ActionRun.pollInterval), .seconds(1)))
    }
  }

  /// Waits until the kernel has none of the plan's connections any more, or the plan's time is over.
  private func drain() async throws(Stop) {
    let deadline = WallTime.now() + plan.drainTimeout
    while WallTime.now() < deadline {
      let left = ActionReadings(plan, detail()).targetsLeft
      if left == 0 { return }
      note(.draining, await progress(left))
      try await pause(ActionRun.pollInterval)
    }
  }

  private func progress(_ left: Int) async -> String {
    let closed = "\(plan.targets.count - left) of \(plan.targets.count) connections replaced"
    do throws(ControlError) {
      let remaining = try await control.remaining(of: plan)
      return remaining.note.map { "\(closed); \($0)" } ?? closed
    } catch {
      return "\(closed); \(error)"
    }
  }

  /// Gives new connections time to appear where they belong.
  private func settle() async throws(Stop) {
    let deadline = WallTime.now() + ActionRun.settleTime
    while WallTime.now() < deadline {
      let readings = ActionReadings(plan, detail())
      if readings.targetsLeft > 0 || (readings.isInPlace && readings.total > 0) { return }
      try await pause(ActionRun.pollInterval)
    }
  }

  private func pause(_ duration: Duration) async throws(Stop) {
    if isAborted() { throw .aborted }
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw .cancelled
    }
    if isAborted() { throw .aborted }
  }

  private func controlling<Value>(_ call: () async throws(ControlError) -> Value) async throws(Stop) -> Value {
    do throws(ControlError) {
      return try await call()
    } catch {
      throw .failed(error.description)
    }
  }

  private func verdict(_ before: ActionReadings, startedAt: WallTime) -> Verdict {
    let after = ActionReadings(plan, detail())
    var notes: [String] = []
    if after.targetsLeft > 0 {
      notes.append(
        "\(after.targetsLeft) of \(plan.targets.count) connections are still in use after "
          + "\(Int(plan.drainTimeout.seconds)) s; they are closed when they are returned")
    }
    if after.onOther > 0, after.targetsLeft == 0 {
      notes.append("\(after.onOther) new connections went to an address that is not in DNS: the old answer is cached")
    }
    let isHealed = after.targetsLeft == 0 && after.isInPlace
    let outcome: Verdict.Outcome =
      isHealed ? .healed : after.targetsLeft == plan.targets.count ? .failed : .partial
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt, comparisons: before.compared(to: after),
      notes: notes)
  }

  private func stopped(
    by stop: Stop, _ before: ActionReadings, startedAt: WallTime, didExecute: Bool
  ) -> Verdict {
    let after = ActionReadings(plan, detail())
    let done = didExecute ? "what was closed stays closed" : "nothing was changed"
    let (outcome, note): (Verdict.Outcome, String) =
      switch stop {
      case .aborted: (.aborted, "aborted by an operator: \(done)")
      case .cancelled: (.interrupted, "the collector ended: \(done)")
      case .failed(let reason): (.failed, "\(reason): \(done)")
      }
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: didExecute ? before.compared(to: after) : [], notes: [note])
  }
}
