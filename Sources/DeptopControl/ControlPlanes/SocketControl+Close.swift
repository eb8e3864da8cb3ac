internal import DeptopModel

/// Closing: what is dead at once, what lives in steps.
extension SocketControl {
  func close(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    let view = SocketTableView(now, client: plan.request.client)
    guard view.isKnown else {
      throw .failed("the kernel's table is not read now: what is ready and what is in use is not known")
    }
    if step == 0 {
      try await access.announce(plan.id, plan.targets, for: SocketPace.pacedLife)
      update(plan) { $0.callersWaiting = $0.callersWaiting ?? now?.callersWaiting }
    }
    update(plan) { $0.count(view) }
    let turn = turn(of: plan, view)
    update(plan) { progress in
      progress.spared.formUnion(turn.spared)
      let isWorse = (now?.callersWaiting ?? 0) > (progress.callersWaiting ?? .max)
      progress.looksWithMoreWaiting = isWorse ? progress.looksWithMoreWaiting + 1 : 0
      progress.looksWithoutReplacement = turn.isHeldUp ? progress.looksWithoutReplacement + 1 : 0
      progress.looksWithoutReading = turn.isBlind ? progress.looksWithoutReading + 1 : 0
    }
    if progress(of: plan)?.reasonToStop == nil { try await apply(.destroy, to: turn.targets, of: plan) }
    return report(plan, turn)
  }

  /// What one step closes.
  struct Turn {
    var targets: [PlanTarget] = []
    /// Those that were idle when planned, and are in use now.
    var spared: [UInt64] = []
    /// True when nothing that lives may be closed until closed ones are replaced.
    var isHeldUp = false
    /// Those in namespaces that are not read now, which wait.
    var unread = 0
    var ready = 0
    var live = 0
    /// True when nothing else is left to do.
    var isBlind: Bool { unread > 0 && targets.isEmpty && spared.isEmpty && !isHeldUp }
  }

  private func turn(of plan: Plan, _ view: SocketTableView) -> Turn {
    let progress = progress(of: plan) ?? SocketProgress()
    let pending = plan.targets.filter { !progress.isHandled($0.cookieNumber) }
    var turn = Turn()
    var living: [PlanTarget] = []
    for target in pending {
      let connection = view[target]
      if view.isLeftOut(target) {
        turn.unread += 1
      } else if target.isDead || connection?.isDead == true || connection?.isForgotten == true {
        turn.targets.append(target)
      } else if plan.request.scope != .all, connection?.isInUse == true {
        turn.spared.append(target.cookieNumber)
      } else {
        // One that is merely not seen keeps the pace of the living: only the privileged side knows that it is gone.
        living.append(target)
      }
    }
    turn.ready = view.ready(without: progress.closed)
    turn.live = progress.live ?? turn.ready
    let size = SocketBatch.size(live: turn.live, ready: turn.ready)
    turn.targets += living.prefix(size)
    turn.isHeldUp = !living.isEmpty && size == 0
    return turn
  }

  private func report(_ plan: Plan, _ turn: Turn) -> StepReport {
    let progress = progress(of: plan) ?? SocketProgress()
    let left = plan.targets.count { !progress.isHandled($0.cookieNumber) }
    let stop = left > 0 ? progress.reasonToStop.map { "stopped: \($0); \(left) left alone" } : nil
    guard left > 0, stop == nil else {
      update(plan) { $0.isFinished = true }
      return StepReport(text: stop ?? text(of: turn, progress, plan), pause: nil, progress: extent(of: turn, plan))
    }
    return StepReport(text: text(of: turn, progress, plan), pause: pause, progress: extent(of: turn, plan))
  }

  /// nil when the step closed nothing.
  private func extent(of turn: Turn, _ plan: Plan) -> StepProgress? {
    guard !turn.targets.isEmpty, let progress = progress(of: plan) else { return nil }
    return StepProgress(
      done: plan.targets.count { progress.closed.contains($0.cookieNumber) }, total: plan.targets.count)
  }

  private func text(of turn: Turn, _ progress: SocketProgress, _ plan: Plan) -> String {
    let handled = plan.targets.count { progress.isHandled($0.cookieNumber) }
    let count = "\(handled) of \(plan.targets.count)"
    guard !turn.targets.isEmpty || !turn.spared.isEmpty else {
      return turn.isHeldUp
        ? "\(count); waits until closed ones are replaced: \(turn.ready) of \(turn.live) ready"
        : "\(count); waits for \(turn.unread) whose network namespace is not read now"
    }
    let spared = turn.spared.isEmpty ? "" : ", left \(turn.spared.count) alone: in use now"
    return "\(count); \(progress.summary(of: turn.targets.map(\.cookieNumber)))\(spared)"
  }
}

extension SocketProgress {
  /// Notes how many connections were usable when it began; again when all namespaces are read for the first time.
  mutating func count(_ view: SocketTableView) {
    guard !isLiveWhole else { return }
    isLiveWhole = view.unread.isEmpty
    guard let live else {
      self.live = view.ready(without: [])
      return
    }
    if isLiveWhole { self.live = max(live, view.ready(without: closed).addingSaturated(closed.count)) }
  }

  /// Why no more is closed; nil when it may go on.
  var reasonToStop: String? {
    if looksWithoutReplacement >= SocketPace.replacementLooks {
      return "what was closed is not replaced, and half of the pool has to stay"
    }
    if looksWithoutReading >= SocketPace.readingLooks {
      return "the network namespace of what is left is not read any more"
    }
    return looksWithMoreWaiting >= SocketPace.waitingLooks ? "more callers wait than before" : nil
  }
}
