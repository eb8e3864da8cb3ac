package import DeptopKernel
package import DeptopModel

/// What the privileged side said when it was asked last.
package enum SocketMeans: Sendable, Hashable {
  /// It has not answered yet.
  case unasked
  /// It did not answer; the reason for the operator.
  case missing(String)
  case known(HostAbilities)

  /// What an error of the privileged side amounts to.
  package static func failed(_ error: HostAccessError) -> SocketMeans { .missing(error.inWords) }

  /// Why an ability is not there; nil when it is.
  func reasonAgainst(_ ability: HostAbility) -> String? {
    switch self {
    case .unasked: "deptop-helper has not been asked yet"
    case .missing(let reason): reason
    case .known(let abilities): abilities.reasonAgainst(ability)
    }
  }

  var selection: SocketSelection.Means {
    SocketSelection.Means(
      canSetOptions: reasonAgainst(.options) == nil, canDestroy: reasonAgainst(.destroy) == nil)
  }
}

/// Which repairs are possible, from the counts of a dependency alone.
package enum SocketOffers {
  /// The one offer of ``ActionVerb/repair``.
  package static func offers(for dependency: Dependency, means: SocketMeans) -> [ActionOffer] {
    let sockets = dependency.sockets?.value
    let repairs = RepairMethod.allCases.map { method in
      RepairOffer(method, unavailable: reasonAgainst(method, sockets, means))
    }
    let isPossible = repairs.contains { $0.unavailable == nil }
    return [
      ActionOffer(verb: .repair, unavailable: isPossible ? nil : repairs.first?.unavailable, repairs: repairs)
    ]
  }

  private static func reasonAgainst(
    _ method: RepairMethod, _ sockets: SocketSummary?, _ means: SocketMeans
  ) -> String? {
    if let missing = means.reasonAgainst(method == .close ? .destroy : .options) { return missing }
    guard let sockets else { return "the kernel's table has not been read for it yet" }
    guard sockets.total > 0 else { return "it has no connection" }
    let isUnowned = !sockets.clients.contains { $0.owner != nil }
    switch method {
    case .prove:
      guard sockets.established > 0 else { return "it has no established connection" }
      return isUnowned ? ownerUnknown(means) : nil
    case .close:
      // What is dead can be closed without its owner.
      return isUnowned && sockets.conditions.dead == 0 ? ownerUnknown(means) : nil
    case .unstick:
      guard sockets.conditions.dead > 0 else { return "no connection is stuck" }
      return isUnowned && means.reasonAgainst(.destroy) != nil ? ownerUnknown(means) : nil
    }
  }

  private static func ownerUnknown(_ means: SocketMeans) -> String {
    let why = means.reasonAgainst(.processes).map { ": \($0)" } ?? ""
    return "which process holds its connections is not known\(why)"
  }
}

extension HostAccessError {
  /// The error as an operator reads it.
  package var inWords: String {
    switch self {
    case .absent(let reason): "deptop-helper is not running: \(reason)"
    case .refused(let reason), .broken(let reason): reason
    }
  }

  var control: ControlError {
    switch self {
    case .refused(let reason): .refused(reason)
    case .absent, .broken: .failed(inWords)
    }
  }
}
