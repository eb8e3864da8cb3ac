internal import DeptopModel

/// What became of a repair, read from the kernel's table before and now.
struct SocketOutcome {
  let plan: Plan
  let progress: SocketProgress
  let before: DependencyDetail?
  let now: DependencyDetail?
  private let (old, new): (SocketTableView, SocketTableView)

  init(plan: Plan, progress: SocketProgress, before: DependencyDetail?, now: DependencyDetail?) {
    self.plan = plan
    self.progress = progress
    self.before = before
    self.now = now
    (old, new) = (SocketTableView(before), SocketTableView(now))
  }

  private var method: RepairMethod { plan.request.repair ?? .prove }

  var judgement: Judgement {
    let pending = pending
    // What was left alone will not change any more.
    let isFinal = pending.allSatisfy { isLeftAlone($0) }
    return Judgement(
      left: pending.count, isSettled: progress.isFinished && new.isKnown && isFinal, comparisons: comparisons,
      notes: notes(pending))
  }

  /// The connections that are not as they should be; all of them where the kernel's table is not read.
  private var pending: [PlanTarget] {
    guard new.isKnown else { return plan.targets }
    switch method {
    case .prove:
      return plan.targets.filter { new.isUnanswered($0) || (new[$0] != nil && isLeftAlone($0)) }
    case .close: return plan.targets.filter { new[$0]?.isClosable == true }
    case .unstick: return plan.targets.filter { new[$0]?.isDead == true }
    }
  }

  private func isLeftAlone(_ target: PlanTarget) -> Bool {
    progress.refused[target.cookieNumber] != nil || progress.spared.contains(target.cookieNumber)
  }

  private var comparisons: [Comparison] {
    var rows: [Comparison] =
      switch method {
      case .prove: proved
      case .close:
        [
          Comparison(
            reading: "planned connections left", before: "\(plan.targets.count { old[$0] != nil })",
            after: "\(plan.targets.count { new[$0]?.isClosable == true })", note: "read from the kernel's table"),
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
    let present = plan.targets.filter { new[$0] != nil }
    return [
      stuck,
      Comparison(
        reading: "live connections", before: "\(living.count)",
        after: "\(living.count { new[$0] != nil }) of \(living.count)", note: "the same ones, on their local ports"),
      Comparison(
        reading: "with keepalive", before: keepalive(plan.targets.filter { old[$0] != nil }, old),
        after: keepalive(present, new) + keptInWords),
    ]
  }

  private var stuck: Comparison {
    Comparison(
      reading: "dead connections", before: "\(plan.targets.count { old.isUnanswered($0) })",
      after: "\(plan.targets.count { new.isUnanswered($0) })", note: "read from the kernel's table")
  }

  private func keepalive(_ targets: [PlanTarget], _ view: SocketTableView) -> String {
    let isOn = targets.count { target in
      if case .on = view[target]?.signals.keepalive { true } else { false }
    }
    return "\(isOn) of \(targets.count)"
  }

  private var keptInWords: String {
    guard let shortest = progress.kept.values.min(), let longest = progress.kept.values.max() else { return "" }
    return shortest == longest ? ", \(longest) s" : ", \(shortest) to \(longest) s"
  }
}

extension SocketOutcome {
  private func notes(_ pending: [PlanTarget]) -> [String] {
    var notes: [String] = []
    if new.isKnown {
      notes += method == .prove ? closedNotes : []
      let rest = pending.filter { !isLeftAlone($0) }
      if !rest.isEmpty { notes.append("\(rest.count) \(leftInWords): \(SocketOutcome.named(rest))") }
    } else {
      notes.append("the kernel's table is not read now, so that nothing proves what became of the connections")
    }
    notes += progress.refusals(of: plan.targets.map(\.cookieNumber))
    if !progress.spared.isEmpty { notes.append("left \(progress.spared.count) alone: taken into use meanwhile") }
    if !progress.kept.isEmpty, let detail = now ?? before {
      notes.append(
        SocketDurableSetting.keepalive(
          detail.stayingKeepalive, owners: detail.ownerNames, kind: detail.dependency.kind))
    }
    if progress.done.values.contains(.discoveryOff) { notes.append(SocketDurableSetting.packetSize) }
    return notes
  }

  private var closedNotes: [String] {
    let gone = plan.targets.filter { old[$0] != nil && new[$0] == nil }
    let (dead, others) = (gone.filter { old.isUnanswered($0) }, gone.filter { !old.isUnanswered($0) })
    var notes: [String] = []
    if !dead.isEmpty { notes.append("closed as dead: \(SocketOutcome.named(dead))") }
    if !others.isEmpty {
      notes.append(
        "closed meanwhile, by the kernel's probes or by the process itself: \(SocketOutcome.named(others))")
    }
    return notes
  }

  private var leftInWords: String {
    switch method {
    case .prove: "do not answer and are still there"
    case .close: "are still there"
    case .unstick: "are still stuck"
    }
  }

  /// The first five by their ends, and how many more there are.
  private static func named(_ targets: [PlanTarget]) -> String {
    let sorted = targets.sorted { ($0.local, $0.remote) < ($1.local, $1.remote) }
    let shown = sorted.prefix(5).map { "\($0.local) → \($0.remote)" }.joined(separator: ", ")
    return targets.count > 5 ? "\(shown) and \(targets.count - 5) more" : shown
  }
}
