internal import DeptopModel

extension SocketSelection {
  /// Why there is nothing to plan; nil when there is.
  func reasonAgainst(_ request: PlanRequest) -> String? {
    guard targets.isEmpty else { return reasonAgainstTargets }
    if let client = request.client, total == 0 { return "no connection of \(request.dependency) belongs to \(client)" }
    if unowned > 0 { return "which process holds the connections of \(request.dependency) is not known" }
    let others = live > 0 ? "; \(live) are well" : ""
    switch request.repair ?? .prove {
    case .prove: return "no connection of \(request.dependency) can be proved"
    case .unstick: return "no connection of \(request.dependency) is stuck"
    case .close where busy > 0: return "the \(busy) connections of \(request.dependency) in the scope are in use"
    case .close where request.scope == .stale:
      return "no connection of \(request.dependency) is dead, on an address that left DNS, or forgotten\(others)"
    case .close: return "no connection of \(request.dependency) is idle\(others)"
    }
  }

  private var reasonAgainstTargets: String? {
    if targets.count > SocketPace.largestPlan {
      return "\(targets.count) connections are more than the \(SocketPace.largestPlan) of one plan: name one client"
    }
    // The privileged side and what is remembered of a plan tell its sockets apart by their cookies alone.
    let counts = Dictionary(grouping: targets, by: \.cookieNumber).filter { $0.value.count > 1 }
    guard let (cookie, twins) = counts.min(by: { $0.key < $1.key }) else { return nil }
    return "\(twins.count) connections in different namespaces have the cookie \(String(cookie, radix: 16)): "
      + "name one client"
  }

  /// How long the proof on the kernel's table may take: stuck data moves at its next retransmission.
  var proofTime: Duration {
    let due =
      chosen.filter { $0.target.treatment == .userTimeout || $0.target.treatment == .discoveryOff }
      .compactMap(\.connection.nextRetransmit).max() ?? .zero
    return SocketPace.proofTime + min(max(due, .zero), SocketPace.longestRetransmit)
  }
}
