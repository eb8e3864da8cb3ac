internal import DeptopModel
internal import DeptopScreen

/// What a repair does to which of its targets, counted by treatment and peer.
enum PlanTreatments {
  /// Labels and texts in the order of how much is done; empty for plans without treatments.
  static func entries(_ plan: Plan) -> [(label: String, text: String)] {
    let order: [SocketTreatment] = [.destroy, .userTimeout, .discoveryOff, .keepalive]
    return order.compactMap { treatment in
      let targets = plan.targets.filter { $0.treatment == treatment }
      return targets.isEmpty ? nil : (treatment.label, text(treatment, targets))
    }
  }

  private static func text(_ treatment: SocketTreatment, _ targets: [PlanTarget]) -> String {
    let dead = targets.count(where: \.isDead)
    let active = targets.count { $0.isActive && !$0.isDead }
    let marks = [
      dead > 0 ? "\(dead) dead" : nil, active > 0 ? "\(active) in use" : nil,
    ].compactMap { $0 }
    let count = counted(targets.count, "connection") + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
    return "\(count) to \(peers(targets)): \(treatment.deed)"
  }

  private static func peers(_ targets: [PlanTarget]) -> String {
    let peers = Set(targets.map(\.remote)).sorted()
    let shown = peers.prefix(2).map(\.description).joined(separator: ", ")
    return peers.count > 2 ? "\(shown) and \(peers.count - 2) more" : shown
  }
}

extension SocketTreatment {
  /// Its word before the connections.
  fileprivate var label: String {
    switch self {
    case .keepalive: "keepalive"
    case .userTimeout: "time limit"
    case .destroy: "close"
    case .discoveryOff: "smaller"
    }
  }

  /// What it does, in one clause.
  fileprivate var deed: String {
    switch self {
    case .keepalive: "the kernel probes and closes those that do not answer"
    case .userTimeout: "the kernel gives up what stays unacknowledged"
    case .destroy: "closed by the kernel, the owner sees an error"
    case .discoveryOff: "sent in packets that fit"
    }
  }
}
