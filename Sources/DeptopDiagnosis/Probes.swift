internal import DeptopModel

extension Dependency {
  /// The last attempts to connect, by address, of the latest rounds of probes.
  ///
  /// Attempts on addresses that are asked no more are kept with the others, and say nothing about now.
  var probes: [AddressConnect] {
    guard let connect, let newest = connect.addresses.map(\.lastAt).max() else { return [] }
    return connect.addresses.filter { newest - $0.lastAt <= NewConnection.memory }
  }

  /// The last attempt on an address when it failed; nil when it did not, or none was made lately.
  func failingProbe(of address: IPAddress) -> AddressConnect? {
    probes.first { $0.address == address && $0.last == nil }
  }

  /// True when the last attempt on an address failed, and that is more than one bad moment.
  func isFailing(_ probe: AddressConnect) -> Bool {
    guard probe.last == nil else { return false }
    return probe.failures >= UnansweredConnects.leastFailures
      || sockets?.value.conditions.deadAddresses.contains(probe.address) == true
  }

  /// True when the last attempt on every address failed; false when nothing probes it.
  var isUnreachable: Bool { !probes.isEmpty && probes.allSatisfy { $0.last == nil } }
}
