internal import DeptopKernel
internal import DeptopModel

/// Proving and freeing: everything is asked of the kernel at once, watched, and put back.
extension SocketControl {
  func treat(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    guard step > 0 else { return try await begin(plan) }
    let progress = progress(of: plan) ?? SocketProgress()
    let view = SocketTableView(now)
    let unanswered = plan.targets.filter { view.isUnanswered($0) }
    // A probe is answered or not only after its time; whatever has no probe is settled when nothing is stuck any more.
    let isSettled = view.isKnown && unanswered.isEmpty && progress.keepalives.isEmpty
    guard step >= SocketPace.provingLooks || isSettled else {
      return StepReport(text: watching(plan, view, unanswered.count), pause: SocketPace.look)
    }
    let text = try await putBack(plan, now: now, isAbandoned: false)
    update(plan) { $0.isFinished = true }
    return StepReport(text: text ?? "nothing has to be put back", pause: nil)
  }

  private func begin(_ plan: Plan) async throws(ControlError) -> StepReport {
    try await access.announce(plan.id, plan.targets, for: SocketPace.shortLife)
    update(plan) { $0.announcements = max(1, $0.announcements) }
    // The dead first: nothing that lives waits for them any longer.
    for treatment in [SocketTreatment.userTimeout, .discoveryOff, .destroy, .keepalive] {
      try await apply(treatment, to: plan.targets.filter { $0.treatment == treatment }, of: plan)
    }
    let progress = progress(of: plan) ?? SocketProgress()
    let hasMore = !progress.keepalives.isEmpty || !progress.userTimeouts.isEmpty
    if !hasMore { update(plan) { $0.isFinished = true } }
    return StepReport(
      text: progress.summary(of: plan.targets.map(\.cookieNumber)), pause: hasMore ? SocketPace.look : nil)
  }

  /// Treats those of the targets that have not had their turn.
  func apply(
    _ treatment: SocketTreatment, to targets: [PlanTarget], of plan: Plan
  ) async throws(ControlError) {
    let progress = progress(of: plan) ?? SocketProgress()
    let cookies = targets.map(\.cookieNumber).filter { !progress.isHandled($0) }
    try await access.repair(treatment.step, plan.id, cookies) { cookie, outcome in
      update(plan) { $0.take(outcome, of: cookie, to: treatment) }
    }
  }

  private func watching(_ plan: Plan, _ view: SocketTableView, _ unanswered: Int) -> String {
    guard view.isKnown else { return "the kernel's table is not read now; waits" }
    let dead = plan.targets.filter(\.isDead)
    let gone = dead.count { view[$0] == nil }
    let silent = unanswered > 0 ? "\(unanswered) do not answer" : "all that are left answer"
    return dead.isEmpty ? silent : "\(gone) of \(dead.count) dead connections closed; \(silent)"
  }
}

/// Putting back what is meant for a moment only.
extension SocketControl {
  /// Gives the living their own user timeout again and the keepalive that stays.
  ///
  /// Abandoned means that the action has not come to its end: then nothing is given that was not changed before, and
  /// nothing is left changed on what is dead. Answers what was done as one sentence; nil when there was nothing to do.
  func putBack(_ plan: Plan, now: DependencyDetail?, isAbandoned: Bool) async throws(ControlError) -> String? {
    let view = SocketTableView(now)
    let isOver = { (target: PlanTarget) in
      !isAbandoned && view.isKnown && (view[target] == nil || view.isUnanswered(target))
    }
    var parts: [String?] = []
    var failure: ControlError?
    do throws(ControlError) {
      parts.append(try await restoreUserTimeouts(plan, of: plan.targets.filter { !isOver($0) }))
    } catch {
      failure = error  // Told below: what else can be put back comes first.
    }
    parts.append(try await keepAlive(plan, isOver: isOver, now: now, isAbandoned: isAbandoned))
    if let failure { throw failure }
    let told = parts.compactMap { $0 }
    return told.isEmpty ? nil : told.joined(separator: "; ")
  }

  private func restoreUserTimeouts(_ plan: Plan, of targets: [PlanTarget]) async throws(ControlError) -> String? {
    let before = progress(of: plan)?.userTimeouts ?? [:]
    let changed = targets.filter { before[$0.cookieNumber] != nil }
    guard !changed.isEmpty else { return nil }
    let id = try await announceAgain(plan, changed, as: .userTimeout)
    let groups = Dictionary(grouping: changed.map(\.cookieNumber)) { before[$0] ?? 0 }
    for (value, cookies) in groups.sorted(by: { $0.key < $1.key }) {
      try await access.repair(.userTimeout(milliseconds: max(0, value)), id, cookies) { cookie, outcome in
        update(plan) { $0.restored(outcome, of: cookie) }
      }
    }
    return "put back the user timeout of \(changed.count)"
  }

  private func keepAlive(
    _ plan: Plan, isOver: (PlanTarget) -> Bool, now: DependencyDetail?, isAbandoned: Bool
  ) async throws(ControlError) -> String? {
    guard plan.request.repair ?? .prove == .prove else { return nil }
    let progress = progress(of: plan) ?? SocketProgress()
    let closed = progress.closed
    let living = plan.targets.filter { target in
      let isChanged = progress.keepalives[target.cookieNumber] != nil
      return (target.socket?.pid ?? 0) > 0 && !closed.contains(target.cookieNumber)
        && !isOver(target) && (isChanged || (!isAbandoned && progress.done[target.cookieNumber] != nil))
    }
    guard !living.isEmpty else { return nil }
    let staying = StayingKeepalive(pathTimeout: now?.dependency.path?.idleTimeout)
    let id = try await announceAgain(plan, living, as: .keepalive)
    let groups = Dictionary(grouping: living.map(\.cookieNumber)) { staying.idle(before: progress.keepalives[$0] ?? 0) }
    for (idle, cookies) in groups.sorted(by: { $0.key < $1.key }) {
      let step = RepairStep.keepalive(
        idle: idle, interval: min(staying.interval, idle), probes: SocketPace.probes)
      try await access.repair(step, id, cookies) { cookie, outcome in
        update(plan) { $0.stays(idle, outcome, of: cookie) }
      }
    }
    let kept = self.progress(of: plan)?.kept.count ?? 0
    return "\(staying.inWords) stays on \(kept)"
  }

  /// A further announcement, as each allows one treatment of a socket, once.
  private func announceAgain(
    _ plan: Plan, _ targets: [PlanTarget], as treatment: SocketTreatment
  ) async throws(ControlError) -> PlanID {
    let number = update(plan) { progress in
      progress.announcements += 1
      return progress.announcements
    }
    let id = PlanID(rawValue: "\(plan.id)-\(number)")
    try await access.announce(id, targets, as: treatment, for: SocketPace.shortLife)
    return id
  }
}
