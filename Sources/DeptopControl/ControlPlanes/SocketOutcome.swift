internal import DeptopModel

/// What became of a repair, read from the kernel's table before and now.
struct SocketOutcome {
  let plan: Plan
  let progress: SocketProgress
  let before: DependencyDetail?
  let now: DependencyDetail?
  let (old, new): (SocketTableView, SocketTableView)

  init(plan: Plan, progress: SocketProgress, before: DependencyDetail?, now: DependencyDetail?) {
    self.plan = plan
    self.progress = progress
    self.before = before
    self.now = now
    let client = plan.request.client
    (old, new) = (SocketTableView(before, client: client), SocketTableView(now, client: client))
  }

  var method: RepairMethod { plan.request.repair ?? .prove }

  var judgement: Judgement {
    let pending = pending
    // What was left alone will not change any more.
    let isFinal = pending.allSatisfy { isLeftAlone($0) }
    return Judgement(
      left: pending.count, isSettled: progress.isFinished && unread.isEmpty && new.isKnown && isFinal,
      comparisons: comparisons, notes: notes(pending))
  }

  /// The connections of which nothing is known now.
  var unread: [PlanTarget] { plan.targets.filter { !new.isRead($0) } }

  /// The connections that are not as they should be, and those of which nothing is known.
  private var pending: [PlanTarget] { plan.targets.filter { !new.isRead($0) || isLeft($0) } }

  private func isLeft(_ target: PlanTarget) -> Bool {
    switch method {
    case .prove: new.isUnanswered(target) || (new[target] != nil && isLeftAlone(target))
    case .close: new[target]?.isClosable == true
    case .unstick: new[target]?.isDead == true
    }
  }

  func isLeftAlone(_ target: PlanTarget) -> Bool {
    let cookie = target.cookieNumber
    return progress.refused[cookie] != nil || progress.spared.contains(cookie)
      || progress.changes.unrestored[cookie] != nil
  }

  private var comparisons: [Comparison] {
    var rows: [Comparison] =
      switch method {
      case .prove: proved
      case .close:
        [
          Comparison(
            reading: "planned connections left", before: "\(plan.targets.count { old[$0] != nil })",
            after: counted { new[$0]?.isClosable == true }, note: "read from the kernel's table"),
          Comparison(
            reading: "usable connections", before: "\(old.ready(without: []))", after: "\(new.ready(without: []))"),
        ]
      case .unstick: [stuck]
      }
    if let waiting = before?.callersWaiting, let later = now?.callersWaiting {
      rows.append(Comparison(reading: "callers waiting", before: "\(waiting)", after: "\(later)"))
    }
    return rows
  }

  private var proved: [Comparison] {
    let living = plan.targets.filter { old[$0] != nil && !old.isUnanswered($0) }
    let present = plan.targets.filter { new.isRead($0) && new[$0] != nil }
    return [
      stuck,
      Comparison(
        reading: "live connections", before: "\(living.count)",
        after: "\(living.count { new.isRead($0) && new[$0] != nil }) of \(living.count)" + unreadInWords,
        note: "the same ones, on their local ports"),
      Comparison(
        reading: "with keepalive", before: keepalive(plan.targets.filter { old[$0] != nil }, old),
        after: keepalive(present, new) + keptInWords),
    ]
  }

  private var stuck: Comparison {
    Comparison(
      reading: "dead connections", before: "\(plan.targets.count { old.isUnanswered($0) })",
      after: counted { new.isUnanswered($0) }, note: "read from the kernel's table")
  }

  /// How many of the planned connections are so now, and of how many that is not known.
  private func counted(_ isSo: (PlanTarget) -> Bool) -> String {
    "\(plan.targets.count { new.isRead($0) && isSo($0) })" + unreadInWords
  }

  private var unreadInWords: String { unread.isEmpty ? "" : ", \(unread.count) not read" }

  private func keepalive(_ targets: [PlanTarget], _ view: SocketTableView) -> String {
    let isOn = targets.count { target in
      if case .on = view[target]?.signals.keepalive { true } else { false }
    }
    return "\(isOn) of \(targets.count)"
  }

  private var keptInWords: String {
    guard let shortest = progress.changes.kept.values.min(), let longest = progress.changes.kept.values.max() else {
      return ""
    }
    return shortest == longest ? ", \(longest) s" : ", \(shortest) to \(longest) s"
  }
}
