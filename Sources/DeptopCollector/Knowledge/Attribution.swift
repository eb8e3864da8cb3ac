internal import DeptopConfiguration
internal import DeptopModel

/// Decides which dependency each connection belongs to.
///
/// In order: the pool's owner lists exactly this pair of addresses; one configured dependency, and only one, has
/// this port and ever had this address; a client reports a dependency at this address and port; else the dependency
/// that is named by the remote address itself.
struct Attribution: Sendable {
  /// The connections of a configured or reported dependency, as indices into the sweep.
  private(set) var named: [DependencyID: [Int]] = [:]
  private(set) var discovered: [SocketAddress: [Int]] = [:]

  init(of knowledge: Knowledge) {
    let held = Attribution.held(by: knowledge)
    let byPort = Dictionary(grouping: Attribution.endpoints(of: knowledge), by: \.port)
    for (index, connection) in knowledge.connections.enumerated() {
      let sample = connection.sample
      if let id = held[ConnectionPair(sample)] {
        named[id, default: []].append(index)
      } else if let id = Attribution.only(byPort[sample.remote.port], with: sample.remote.address) {
        named[id, default: []].append(index)
      } else if let id = knowledge.telemetry.endpoints[sample.remote] {
        named[id, default: []].append(index)
      } else {
        discovered[sample.remote, default: []].append(index)
      }
    }
  }

  private struct Endpoint {
    var id: DependencyID
    var port: UInt16
    var addresses: Set<IPAddress>
  }

  private static func held(by knowledge: Knowledge) -> [ConnectionPair: DependencyID] {
    var pairs: [ConnectionPair: DependencyID] = [:]
    for (id, connections) in knowledge.poolConnections {
      for connection in connections.value {
        guard let pair = ConnectionPair(connection) else { continue }
        pairs[pair] = id
      }
    }
    for (id, told) in knowledge.telemetry.dependencies where told.listsConnections {
      for pair in told.connections.compactMap(ConnectionPair.init) where pairs[pair] == nil { pairs[pair] = id }
    }
    return pairs
  }

  private static func endpoints(of knowledge: Knowledge) -> [Endpoint] {
    knowledge.settings.dependencies.map { dependency in
      var addresses = Set(IPAddress(dependency.host).map { [$0] } ?? [])
      if let name = dependency.hostName, let known = knowledge.names[name] {
        addresses.formUnion(known.resolution.history.map(\.address))
        addresses.formUnion(known.resolution.owner?.value.addresses ?? [])
      }
      return Endpoint(id: dependency.id, port: dependency.port, addresses: addresses)
    }
  }

  private static func only(_ endpoints: [Endpoint]?, with address: IPAddress) -> DependencyID? {
    guard let endpoints else { return nil }
    let matching = endpoints.filter { $0.addresses.contains(address) }
    return matching.count == 1 ? matching[0].id : nil
  }
}

/// The two ends of a connection; a local port alone may serve connections to several peers.
struct ConnectionPair: Hashable {
  var local: SocketAddress
  var remote: SocketAddress

  init(local: SocketAddress, remote: SocketAddress) {
    self.local = local
    self.remote = remote
  }

  /// nil when the pool's owner does not reach its server over TCP.
  init?(_ connection: PoolConnection) {
    guard let local = connection.local else { return nil }
    self.init(local: local, remote: connection.remote)
  }

  init(_ sample: SocketSample) {
    self.init(local: sample.local, remote: sample.remote)
  }
}
