package import DeptopModel

/// The ways of repairing a dependency's connections, each with the reason why it cannot be used.
package struct RepairMenu: Sendable, Hashable {
  /// The dependency that was selected when the menu opened: it stays the target, whatever rows do meanwhile.
  package var dependency: DependencyID
  /// In the order of the offer; never empty.
  package var offers: [RepairOffer]
  /// The highlighted one.
  package var index: Int

  /// The way that is wanted is highlighted, without one the first that can be used; nil without any.
  package init?(dependency: DependencyID, offers: [RepairOffer], wanted: RepairMethod?) {
    guard !offers.isEmpty else { return nil }
    self.dependency = dependency
    self.offers = offers
    index =
      offers.firstIndex { $0.method == wanted } ?? offers.firstIndex { $0.unavailable == nil } ?? 0
  }

  var chosen: RepairOffer { offers[index.clamped(to: 0...offers.count - 1)] }

  /// The highlight one or more places further; it stops at the ends.
  mutating func move(by step: Int) { index = (index + step).clamped(to: 0...offers.count - 1) }
}

extension RepairMethod {
  /// The connections that it is about unless somebody says otherwise.
  ///
  /// To prove harms no living connection, and only stuck ones are freed; what is closed has to be on an address that
  /// left DNS, or dead.
  package var usualScope: ActionScope {
    switch self {
    case .prove, .unstick: .all
    case .close: .stale
    }
  }

  /// The letter that chooses it in the menu.
  var menuKey: Character { rawValue.first ?? " " }

  /// What it does, in three words at most.
  var deed: String {
    switch self {
    case .prove: "prove and keep alive"
    case .close: "close stale"
    case .unstick: "unstick"
    }
  }

  /// What it does, in one line.
  var explanation: String {
    switch self {
    case .prove: "the kernel finds out which are dead and closes those"
    case .close: "closes exactly the planned connections"
    case .unstick: "gives up what is dead, sends smaller where large is lost"
    }
  }

  /// The way that the label of a finding's action names: `prove and keep alive`; nil when it names none.
  init?(named label: String) {
    let label = label.lowercased()
    guard let method = RepairMethod.allCases.first(where: { label.contains($0.rawValue) }) else { return nil }
    self = method
  }
}
