package import DeptopModel

/// Outbound connections, counted by where they go to.
package struct DependencyCounts: Sendable, Hashable {
  /// The connections of one remote address and port.
  package struct Counts: Sendable, Hashable {
    package var connections = 0
    package var established = 0
    /// Over the life of the connections.
    package var retransmits: UInt64 = 0

    package init() {}
  }

  package private(set) var byAddress: [SocketAddress: Counts] = [:]

  package init(of connections: [ObservedConnection]) {
    // By index: to take an element out would copy it, and retain its owner.
    for index in connections.indices {
      byAddress[connections[index].sample.remote, default: Counts()].add(connections[index].sample)
    }
  }
}

extension DependencyCounts.Counts {
  fileprivate mutating func add(_ sample: SocketSample) {
    connections += 1
    if sample.state == .established { established += 1 }
    retransmits += UInt64(sample.info?.totalRetransmits ?? 0)
  }
}
