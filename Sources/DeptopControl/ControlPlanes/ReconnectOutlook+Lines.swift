internal import DeptopModel
internal import DeptopPgBouncer

extension ReconnectOutlook {
  /// What the operator has to read before saying yes.
  func lines(for request: PlanRequest) -> [PlanLine] {
    let isSelective = request.verb == .drain && request.scope == .stale
    let wanted = isSelective ? targets.filter(\.isStale) : targets
    let others = isSelective ? targets.filter { !$0.isStale } : []
    return [
      line("closes now", idleText(wanted.filter { !$0.isActive })),
      line("on return", activeText(wanted.filter(\.isActive))),
      line("replaces also", healthyText(others)),
      line("waits", waitText),
      PlanLine(
        "pace", "none: all are marked at once; PgBouncer opens new ones one at a time, when a caller needs one"),
      line("cannot", request.verb == .resolve ? resolveText : nil),
      line("cannot", others.isEmpty ? nil : "spare the healthy ones: RECONNECT replaces every server connection"),
      PlanLine("cannot", "be aborted once sent: what is marked closes when it is returned"),
      line("cannot", unmatchedText),
      PlanLine("risk", riskText),
    ].compactMap { $0 }
  }

  private func line(_ label: String, _ text: String?) -> PlanLine? {
    text.map { PlanLine(label, $0) }
  }

  private func idleText(_ idle: [PlanTarget]) -> String? {
    guard !idle.isEmpty else { return nil }
    return "\(count(idle.count, "idle connection")) to \(addresses(of: idle)), within a second"
  }

  private func activeText(_ active: [PlanTarget]) -> String? {
    guard !active.isEmpty else { return nil }
    let subject = "\(count(active.count, "connection")) to \(addresses(of: active))"
    let limit = "\(whole(drainTimeout)) s"
    if mode?.contains("session") == true {
      return "\(subject) held by a client's session: each closes only when its client disconnects (session pooling), "
        + "which may be long after the \(limit) that are waited"
    }
    return "\(subject) carrying a query or transaction; waits up to \(limit) for each"
  }

  private func healthyText(_ others: [PlanTarget]) -> String? {
    guard !others.isEmpty else { return nil }
    let active = others.count(where: \.isActive)
    return "\(count(others.count, "healthy connection")) to \(addresses(of: others)): "
      + "\(others.count - active) idle now, \(active) on return"
  }

  private var waitText: String? {
    let waits = cache.filter { $0.remaining > .zero }.compactMap { host in
      host.objection(current: current).map { (host.remaining, $0) }
    }
    return waits.max { $0.0 < $1.0 }.map { "\(whole($0.0) + 1) s first: \($0.1) for that long" }
  }

  private var resolveText: String {
    let limit = cacheLimit.map { ", at most \(whole($0)) s," } ?? ""
    return "look \(hostNames.joined(separator: ", ")) up by command, PgBouncer has none: this waits for its DNS "
      + "cache to run out\(limit) and replaces the connections; the first new one looks the name up"
  }

  private var unmatchedText: String? {
    guard unmatched > 0 else { return nil }
    return "check \(unmatched) of \(count(targets.count, "connection")) in the kernel: not in this host's socket "
      + "table; their end is read from PgBouncer alone"
  }

  private var riskText: String {
    let destination = current.map { " to " + $0.sorted().map(\.description).joined(separator: ", ") } ?? ""
    let waiting = waitingCallers == 0 ? "no caller waits now" : "\(count(waitingCallers, "caller")) wait now"
    return "\(waiting); up to \(count(targets.count, "new login"))\(destination) follow"
  }

  private func addresses(of targets: [PlanTarget]) -> String {
    let counts = Dictionary(targets.map { ($0.remote.address, 1) }, uniquingKeysWith: +)
    let sorted = counts.sorted { $0.key < $1.key }
    if sorted.count == 1 { return sorted[0].key.description }
    return sorted.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func whole(_ duration: Duration) -> Int { Int(duration.seconds.rounded(.up)) }
}
