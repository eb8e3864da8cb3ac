extension Resolution {
  /// An address against everything that was answered for the name.
  package func standing(of address: IPAddress) -> AddressUse.Standing {
    if addresses.isEmpty { return .unnamed }
    if addresses.contains(address) { return .current }
    if history.contains(where: { $0.address == address }) { return .left }
    return wasResolvedByOwner(address) ? .suspected : .neverAnswered
  }

  /// When an address left the answers; nil while it is in them, and when it never was.
  package func leftAt(_ address: IPAddress) -> WallTime? {
    history.first { $0.address == address }?.leftAt
  }

  /// True when the pool's owner looked up this very name and holds the address as its answer.
  private func wasResolvedByOwner(_ address: IPAddress) -> Bool {
    guard let owner = owner?.value, owner.host.lowercased() == name.lowercased() else { return false }
    return owner.addresses?.contains(address) == true
  }
}

extension AddressUse.Standing {
  /// True when connections to the address are what a drain of the stale ones is about.
  package var isStale: Bool { self == .left || self == .suspected }
}
