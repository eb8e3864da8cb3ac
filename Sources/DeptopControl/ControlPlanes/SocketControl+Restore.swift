internal import DeptopKernel
internal import DeptopModel

/// Putting back what is meant for a moment only.
extension SocketControl {
  /// Gives back their own user timeout, and the keepalive that stays for the one of the proof, wherever the socket is
  /// not known to be gone.
  ///
  /// Abandoned means that the action has not come to its end: then nothing is given that was not changed before, and
  /// the table is not relied on. Answers what was done as one sentence; nil when there was nothing to do.
  func putBack(_ plan: Plan, now: DependencyDetail?, isAbandoned: Bool) async throws(ControlError) -> String? {
    let view = SocketTableView(now, client: plan.request.client)
    let isOver = { (target: PlanTarget) in !isAbandoned && view.isGone(target) }
    var failure: ControlError?
    do throws(ControlError) {
      try await restoreUserTimeouts(plan, of: plan.targets.filter { !isOver($0) })
    } catch {
      failure = error  // Told below: what else can be put back comes first.
    }
    let kept = try await keepAlive(plan, isOver: isOver, now: now, isAbandoned: isAbandoned)
    if let failure { throw failure }
    let restored = progress(of: plan)?.changes.restored.count ?? 0
    let told = [restored > 0 ? "put back the user timeout of \(restored)" : nil, kept].compactMap { $0 }
    return told.isEmpty ? nil : told.joined(separator: "; ")
  }

  private func restoreUserTimeouts(_ plan: Plan, of targets: [PlanTarget]) async throws(ControlError) {
    try await clearUncertain(plan, of: targets)
    let before = progress(of: plan)?.changes.userTimeouts ?? [:]
    let changed = targets.filter { before[$0.cookieNumber] != nil }
    guard !changed.isEmpty else { return }
    let id = try await announceAgain(plan, changed, as: .userTimeout)
    let groups = Dictionary(grouping: changed.map(\.cookieNumber)) { before[$0] ?? 0 }
    for (value, cookies) in groups.sorted(by: { $0.key < $1.key }) {
      try await access.repair(.userTimeout(milliseconds: max(0, value)), id, cookies) { cookie, answer in
        update(plan) { $0.restore(answer, of: cookie) }
      }
    }
  }

  /// Takes the user timeout off where it is not known whether it was set: the answer tells what was there.
  private func clearUncertain(_ plan: Plan, of targets: [PlanTarget]) async throws(ControlError) {
    let asked = progress(of: plan)?.changes.uncertain ?? [:]
    let uncertain = targets.filter { asked[$0.cookieNumber] == .userTimeout }
    guard !uncertain.isEmpty else { return }
    let id = try await announceAgain(plan, uncertain, as: .userTimeout)
    try await access.repair(.userTimeout(milliseconds: 0), id, uncertain.map(\.cookieNumber)) { cookie, answer in
      update(plan) { $0.clear(answer, of: cookie) }
    }
  }

  /// Sets the keepalive that stays where the one of the proof is or may be, and, unless abandoned, on what lives.
  func keepAlive(
    _ plan: Plan, isOver: (PlanTarget) -> Bool, now: DependencyDetail?, isAbandoned: Bool
  ) async throws(ControlError) -> String? {
    guard plan.request.repair ?? .prove == .prove else { return nil }
    let view = SocketTableView(now, client: plan.request.client)
    let progress = progress(of: plan) ?? SocketProgress()
    let living = plan.targets.filter { target in
      let cookie = target.cookieNumber
      guard (target.socket?.pid ?? 0) > 0, !progress.closed.contains(cookie), !isOver(target) else { return false }
      if progress.changes.mayBeProving(cookie) { return true }
      return !isAbandoned && progress.done[cookie] != nil && progress.changes.kept[cookie] == nil
        && view.isRead(target) && view[target] != nil && !view.isUnanswered(target)
    }
    let staying = StayingKeepalive(pathTimeout: now?.dependency.path?.idleTimeout)
    try await stay(staying, on: living, of: plan)
    // What turned out to have had a shorter time of its own, which nobody knew for want of an answer.
    let own = self.progress(of: plan)?.changes.keepalives ?? [:]
    try await stay(staying, on: living.filter { own[$0.cookieNumber] != nil }, of: plan)
    let kept = self.progress(of: plan)?.changes.kept.count ?? 0
    return kept > 0 ? "\(staying.inWords) stays on \(kept)" : nil
  }

  private func stay(
    _ staying: StayingKeepalive, on targets: [PlanTarget], of plan: Plan
  ) async throws(ControlError) {
    guard !targets.isEmpty else { return }
    let before = progress(of: plan)?.changes.keepalives ?? [:]
    let id = try await announceAgain(plan, targets, as: .keepalive)
    let groups = Dictionary(grouping: targets.map(\.cookieNumber)) { staying.idle(before: before[$0] ?? 0) }
    for (idle, cookies) in groups.sorted(by: { $0.key < $1.key }) {
      let step = RepairStep.keepalive(
        idle: idle, interval: min(staying.interval, idle), probes: SocketPace.probes)
      try await access.repair(step, id, cookies) { cookie, answer in
        update(plan) { $0.stay(idle, answer, of: cookie) }
      }
    }
  }

  /// A further announcement, as each allows one treatment of a socket, once; its own id also lets it be repeated.
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
