internal import DeptopControl
internal import DeptopModel

/// How a run ends: what was read before against what is read now.
extension ActionRun {
  /// - Parameters:
  ///   - before: What was read of the dependency before anything was done.
  ///   - read: The dependency as it was then.
  ///   - course: What the run has done and seen.
  ///   - startedAt: When it began.
  ///   - broken: What did not last; nil when everything did.
  /// - Returns: What is told and kept of it.
  func verdict(
    _ before: ActionReadings, _ read: DependencyDetail?, _ course: Course, startedAt: WallTime, broken: String?
  ) async -> Verdict {
    let now = detail()
    let after = ActionReadings(plan, now)
    if let left = after.breakersLeft(plan) { return breakerVerdict(before, after, left: left, startedAt: startedAt) }
    let held = hasUnlisted ? await progress(after).held : 0
    let left = max(after.targetsLeft, held ?? 0)
    let isProved = after.isKnown && held != nil
    let outcome: Verdict.Outcome =
      left == 0 && isProved && after.isInPlace && broken == nil
      ? .healed : left >= plan.targets.count ? .failed : .partial
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: before.compared(to: after, by: plan) + CallsMeanwhile(from: read, to: now).comparisons,
      notes: [broken].compactMap(\.self) + course.crossed.map { "\($0), and it could not be stopped any more" }
        + notes(after, left: left, held: held) + (outcome == .healed ? provisional(now, at: after.at) : []))
  }

  /// Until when the trouble may come back; nothing where nothing was verified.
  private func provisional(_ now: DependencyDetail?, at time: WallTime) -> [String] {
    guard verifying > .zero else { return [] }
    let path = now?.dependency.path?.idleTimeout
    let window = path.map { $0 * 2 } ?? ActionPace.provisional
    return ["provisional until \((time + window).minuteInUTC) UTC: the trouble may come back until then"]
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

  /// The verdict by the control plane's own judgement.
  func judged(_ before: DependencyDetail?, _ course: Course, startedAt: WallTime) -> Verdict {
    let read = detail()
    let (after, judgement) = (ActionReadings(plan, read), control.judgement(of: plan, before: before, now: read))
    let left = judgement?.left ?? plan.targets.count
    let leftBefore = control.judgement(of: plan, before: before, now: before)?.left ?? plan.targets.count
    let outcome: Verdict.Outcome =
      left == 0 && after.isKnown ? .healed : left > 0 && left >= leftBefore && leftBefore > 0 ? .failed : .partial
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: (judgement?.comparisons ?? []) + CallsMeanwhile(from: before, to: read).comparisons,
      notes: (judgement?.notes ?? []) + course.crossed)
  }

  func stopped(
    by stop: Stop, _ before: DependencyDetail?, _ course: Course, startedAt: WallTime, didExecute: Bool
  ) async -> Verdict {
    let putBack = didExecute ? await abandon() : nil
    let read = detail()
    let after = ActionReadings(plan, read)
    let done = didExecute ? "what was asked of the system takes its course" : "nothing was changed"
    let (outcome, note): (Verdict.Outcome, String) =
      switch stop {
      case .aborted(let actor): (.aborted, "aborted by \(actor.label)\(course.extent): \(done)")
      case .cancelled: (.interrupted, "the collector ended\(course.extent): \(done)")
      case .failed(let reason): (.failed, "\(reason): \(done)")
      case .crossed(let reason): (.aborted, "stopped by itself\(course.extent): \(reason)\(working(read, course))")
      }
    let judgement = didExecute ? control.judgement(of: plan, before: before, now: read) : nil
    let compared = ActionReadings(plan, before).compared(to: after, by: plan)
    return Verdict(
      outcome: outcome, endedAt: after.at, duration: after.at - startedAt,
      comparisons: didExecute
        ? (judgement?.comparisons ?? compared) + CallsMeanwhile(from: before, to: read).comparisons : [],
      notes: [note] + [putBack].compactMap { $0 } + (judgement?.notes ?? []))
  }

  /// `; 12 of 16 connections work`; nothing when the kernel's table was not read.
  private func working(_ read: DependencyDetail?, _ course: Course) -> String {
    guard let all = course.watch?.before.ready, let ready = AbortReadings(read).ready else { return "" }
    return "; \(min(ready, all)) of \(all) connections work"
  }

  /// Has the control plane put back what was meant for the time of the action only; answers what came of that.
  ///
  /// A privileged side that has ended is started again after a while, so it is tried for longer than that takes, unless
  /// the collector itself ends.
  private func abandon() async -> String? {
    let deadline = clock.now.advanced(by: ActionPace.longestRestoring)
    while true {
      do throws(ControlError) {
        return try await control.abandon(plan, now: detail())
      } catch {
        let failure = "what was set for the time of the action could not be put back: \(error)"
        guard clock.now < deadline else { return failure }
        note(nil, "\(failure); tries again in \(Int(ActionPace.restoringInterval.seconds)) s")
        do {
          try await clock.sleep(for: ActionPace.restoringInterval)
        } catch {
          return failure  // Cancelled: the collector ends, and cannot wait.
        }
      }
    }
  }
}

extension WallTime {
  /// The minute that has begun by then, `14:05`.
  var minuteInUTC: String {
    let minutes = Int((secondsSinceEpoch / 60).rounded(.up)) % 1440
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }
}
