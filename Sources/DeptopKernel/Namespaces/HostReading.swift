package import DeptopModel

/// What one sweep of all network namespaces found.
package struct HostReading: Sendable {
  /// Every outbound connection, with its owner as far as that is known.
  package var connections: [ObservedConnection]
  /// Outbound connections that ended since the last reading.
  package var closed: [ClosedConnection]
  /// False when some of those may be missing.
  package var isClosedComplete: Bool
  /// The own namespace first, then the others by id; empty until they were first listed.
  package var namespaces: [NamespaceReading]
  /// True when the list of namespaces is a new one.
  package var isListingNew: Bool
  /// What could not be seen, as sentences for the operator.
  package var remarks: [String]
}

/// What one sweep found of one namespace.
package struct NamespaceReading: Sendable {
  package var facts: NamespaceFacts
  /// TCP connections, both ways; nil when it is not swept.
  package var connections: Int?
  /// Why it is not swept.
  package var problem: String?
  package var usage: NamespaceUsage

  /// The namespace as the collector shows it, with the name servers that its processes ask.
  package func status(nameservers: [String]) -> NamespaceStatus {
    var limits = facts.limits
    if connections != nil { limits?.localPortsUsed = usage.localPorts }
    return NamespaceStatus(
      id: facts.id, label: facts.label, processes: facts.processes, pid: facts.pid, connections: connections,
      nameservers: nameservers, counters: facts.counters, lastMinute: facts.lastMinute, limits: limits,
      problem: problem)
  }
}

/// Where the outbound connections of a namespace go.
package struct NamespaceUsage: Sendable, Hashable {
  /// The most local ports that connections to one remote address and port take.
  package private(set) var localPorts = 0
  package private(set) var peers: Set<SocketAddress> = []
  /// The lowest id of the processes that hold them; nil while no owner is known.
  package private(set) var speaker: Int32?

  package init() {}

  /// The usage of each namespace that has connections.
  package static func byNamespace(_ connections: [ObservedConnection]) -> [NamespaceID: NamespaceUsage] {
    var counts: [NamespaceID: [SocketAddress: Int]] = [:]
    var speakers: [NamespaceID: Int32] = [:]
    for index in connections.indices {
      let namespace = connections[index].sample.namespace
      counts[namespace, default: [:]][connections[index].sample.remote, default: 0] += 1
      if let pid = connections[index].owner?.pid { speakers[namespace] = min(speakers[namespace] ?? pid, pid) }
    }
    return Dictionary(
      uniqueKeysWithValues: counts.map { namespace, counts in
        var usage = NamespaceUsage()
        usage.localPorts = counts.values.max() ?? 0
        usage.peers = Set(counts.keys)
        usage.speaker = speakers[namespace]
        return (namespace, usage)
      })
  }
}
