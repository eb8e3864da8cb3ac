internal import DeptopModel

/// What is said of a repair beside the figures.
extension SocketOutcome {
  func notes(_ pending: [PlanTarget]) -> [String] {
    var notes: [String] = []
    if new.isKnown {
      notes += method == .prove ? closedNotes + unprovedNotes : []
      let rest = pending.filter { new.isRead($0) && !isLeftAlone($0) }
      if !rest.isEmpty { notes.append("\(rest.count) \(leftInWords): \(SocketOutcome.named(rest))") }
      if !unread.isEmpty {
        notes.append(
          "the network namespace of \(unread.count) is not read now, so that nothing proves what became of them: "
            + SocketOutcome.named(unread))
      }
    } else {
      notes.append("the kernel's table is not read now, so that nothing proves what became of the connections")
    }
    notes += progress.refusals(of: plan.targets.map(\.cookieNumber))
    if !progress.spared.isEmpty { notes.append("left \(progress.spared.count) alone: taken into use meanwhile") }
    notes += progress.changes.notes(of: plan.targets.filter { !new.isGone($0) }.map(\.cookieNumber))
    if !progress.changes.kept.isEmpty, let detail = now ?? before {
      notes.append(
        SocketDurableSetting.keepalive(
          detail.stayingKeepalive, owners: detail.ownerNames, kind: detail.dependency.kind))
    }
    if progress.done.values.contains(.discoveryOff) { notes.append(SocketDurableSetting.packetSize) }
    return notes
  }

  private var closedNotes: [String] {
    let gone = plan.targets.filter { old[$0] != nil && new.isGone($0) }
    let (dead, others) = (gone.filter { old.isUnanswered($0) }, gone.filter { !old.isUnanswered($0) })
    var notes: [String] = []
    if !dead.isEmpty { notes.append("closed as dead: \(SocketOutcome.named(dead))") }
    if !others.isEmpty {
      notes.append(
        "closed meanwhile, by the kernel's probes or by the process itself: \(SocketOutcome.named(others))")
    }
    return notes
  }

  /// Keepalive sends no probe while something is unacknowledged, so that such a connection is neither dead nor proved.
  private var unprovedNotes: [String] {
    let busy = plan.targets.filter { target in
      target.treatment == .keepalive && new.isRead(target) && !new.isUnanswered(target)
        && (new[target]?.unacknowledged ?? 0) > 0
    }
    return busy.isEmpty
      ? [] : ["\(busy.count) cannot be proved while data is under way: \(SocketOutcome.named(busy))"]
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
