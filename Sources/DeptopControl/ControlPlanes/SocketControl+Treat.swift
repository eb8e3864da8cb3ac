internal import DeptopKernel
internal import DeptopModel

/// Proving and freeing: everything is asked of the kernel at once, watched, and put back.
extension SocketControl {
  func treat(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    let view = SocketTableView(now, client: plan.request.client)
    if step == 0 {
      try await access.announce(plan.id, plan.targets, for: SocketPace.shortLife)
      update(plan) { $0.announcements = max(1, $0.announcements) }
    }
    let unread = try await treatWhatIsRead(plan, view, step: step)
    guard step > 0 else { return begun(plan, unread: unread.count) }
    let progress = progress(of: plan) ?? SocketProgress()
    let isSettled = isSettled(plan, view, progress, unread: unread.count)
    if !isSettled, step < progress.treatedAt + SocketPace.provingLooks {
      return StepReport(text: watching(plan, view, unread: unread.count), pause: SocketPace.look)
    }
    update(plan) { progress in
      for target in unread { progress.leave(target.cookieNumber, "its network namespace is not read now") }
    }
    if !isSettled, let report = try await awaitRetransmission(plan, view, step: step, now: now) { return report }
    let text = try await putBack(plan, now: now, isAbandoned: false)
    update(plan) { $0.isFinished = true }
    return StepReport(text: text ?? "nothing has to be put back", pause: nil)
  }

  /// Treats what has not had its turn, and answers what has to wait because its namespace is not read.
  private func treatWhatIsRead(
    _ plan: Plan, _ view: SocketTableView, step: Int
  ) async throws(ControlError) -> [PlanTarget] {
    let progress = progress(of: plan) ?? SocketProgress()
    let pending = plan.targets.filter { !progress.isHandled($0.cookieNumber) }
    let read = pending.filter { !view.isLeftOut($0) }
    if !read.isEmpty { update(plan) { $0.treatedAt = step } }
    // The dead first: nothing that lives waits for them any longer.
    for treatment in [SocketTreatment.userTimeout, .discoveryOff, .destroy, .keepalive] {
      try await apply(treatment, to: read.filter { $0.treatment == treatment }, of: plan)
    }
    return pending.filter { view.isLeftOut($0) }
  }

  private func begun(_ plan: Plan, unread: Int) -> StepReport {
    let progress = progress(of: plan) ?? SocketProgress()
    let hasMore = unread > 0 || !progress.changes.keepalives.isEmpty || !progress.changes.userTimeouts.isEmpty
    if !hasMore { update(plan) { $0.isFinished = true } }
    let waits = unread > 0 ? "; \(unread) wait: their network namespace is not read now" : ""
    return StepReport(
      text: progress.summary(of: plan.targets.map(\.cookieNumber)) + waits, pause: hasMore ? SocketPace.look : nil)
  }

  /// True when nothing is stuck any more; a probe is answered or not only after its time.
  private func isSettled(
    _ plan: Plan, _ view: SocketTableView, _ progress: SocketProgress, unread: Int
  ) -> Bool {
    unread == 0 && progress.changes.keepalives.isEmpty
      && plan.targets.allSatisfy { view.isRead($0) && !view.isUnanswered($0) }
  }

  /// Waits on for a retransmission that is due after the time of the probes; nil when none is waited for.
  ///
  /// At that one the kernel gives up, as long as the short user timeout is still set. What was asked by keepalive has
  /// had its time by then, and gets the one that stays.
  private func awaitRetransmission(
    _ plan: Plan, _ view: SocketTableView, step: Int, now: DependencyDetail?
  ) async throws(ControlError) -> StepReport? {
    let changes = progress(of: plan)?.changes ?? SocketChanges()
    let due = plan.targets.filter { changes.userTimeouts[$0.cookieNumber] != nil && view.isUnanswered($0) }
      .compactMap { view[$0]?.nextRetransmit }.max()
    guard let due else { return nil }
    let looks = min(max(due, .zero), SocketPace.longestRetransmit).seconds.rounded(.up)
    // What is due at the first look counts: each later one would put the end off.
    let end = update(plan) { progress in
      progress.waitsUntil = progress.waitsUntil ?? step + Int(looks) + 1
      return progress.waitsUntil ?? step
    }
    guard step < end else { return nil }
    let kept =
      changes.keepalives.isEmpty
      ? nil : try await keepAlive(plan, isOver: { view.isGone($0) }, now: now, isAbandoned: true)
    return StepReport(text: kept ?? watching(plan, view, unread: 0), pause: SocketPace.look)
  }

  /// Treats those of the targets that have not had their turn.
  func apply(
    _ treatment: SocketTreatment, to targets: [PlanTarget], of plan: Plan
  ) async throws(ControlError) {
    let progress = progress(of: plan) ?? SocketProgress()
    let cookies = targets.map(\.cookieNumber).filter { !progress.isHandled($0) }
    try await access.repair(treatment.step, plan.id, cookies) { cookie, answer in
      update(plan) { $0.take(answer, of: cookie, to: treatment) }
    }
  }

  private func watching(_ plan: Plan, _ view: SocketTableView, unread: Int) -> String {
    guard view.isKnown else { return "the kernel's table is not read now; waits" }
    let dead = plan.targets.filter(\.isDead)
    let gone = dead.count { view.isGone($0) }
    let unanswered = plan.targets.count { view.isUnanswered($0) }
    let silent = unanswered > 0 ? "\(unanswered) do not answer" : "all that are left answer"
    let text = dead.isEmpty ? silent : "\(gone) of \(dead.count) dead connections closed; \(silent)"
    return unread > 0 ? "\(text); \(unread) wait: their network namespace is not read now" : text
  }
}
