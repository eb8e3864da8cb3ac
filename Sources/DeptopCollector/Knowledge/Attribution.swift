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
  private(set) var discovered: [RemotePlace: [Int]] = [:]
  private let byPort: [UInt16: [Endpoint]]

  init(of knowledge: Knowledge) {
    let held = Attribution.held(by: knowledge)
    byPort = Dictionary(grouping: Attribution.endpoints(of: knowledge), by: \.port)
    for (index, connection) in knowledge.connections.enumerated() {
      let sample = connection.sample
      let place = RemotePlace(sample)
      if let holder = ConnectionPair(onHost: sample).flatMap({ held[$0] }), holder.maySpeak(for: sample) {
        named[holder.id, default: []].append(index)
      } else if let id = configured(at: place)
        ?? connection.translated.flatMap({ configured(at: RemotePlace($0, in: sample.namespace)) })
      {
        named[id, default: []].append(index)
      } else if place.namespace == .own, let id = knowledge.telemetry.dependency(of: sample) {
        named[id, default: []].append(index)
      } else {
        discovered[place, default: []].append(index)
      }
    }
  }

  /// The one configured dependency that has this port and ever had this address; for the loopback address of another
  /// namespace, by the answers of that namespace alone.
  func configured(at place: RemotePlace) -> DependencyID? {
    Attribution.only(byPort[place.address.port], at: place)
  }

  private struct Endpoint {
    var id: DependencyID
    var port: UInt16
    var addresses: Set<IPAddress>
    /// The answers that other namespaces got.
    var views: [NamespaceID: Set<IPAddress>]

    func covers(_ place: RemotePlace) -> Bool {
      let address = place.address.address
      if place.namespace != .own { return views[place.namespace]?.contains(address) ?? false }
      return addresses.contains(address) || !address.isLoopback && views.values.contains { $0.contains(address) }
    }
  }

  /// Who says that a connection belongs to a dependency.
  private struct Holder {
    var id: DependencyID
    /// nil for a proxy that the configuration names, which speaks for its own whatever user it is.
    var uid: UInt32?

    /// A client may claim the sockets of its own user, and root those of everyone.
    func maySpeak(for sample: SocketSample) -> Bool { uid == nil || uid == 0 || uid == sample.uid }
  }

  private static func held(by knowledge: Knowledge) -> [ConnectionPair: Holder] {
    var pairs: [ConnectionPair: Holder] = [:]
    for (id, connections) in knowledge.poolConnections {
      for connection in connections.value {
        guard let pair = ConnectionPair(connection) else { continue }
        pairs[pair] = Holder(id: id, uid: nil)
      }
    }
    for (id, told) in knowledge.telemetry.dependencies where told.listsConnections {
      for (connection, uid) in told.connections {
        guard let pair = ConnectionPair(connection), pairs[pair] == nil else { continue }
        pairs[pair] = Holder(id: id, uid: uid)
      }
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
      let views = knowledge.views.compactMapValues { view in
        dependency.hostName.flatMap { view[$0] }.map { Set($0.resolution.history.map(\.address)) }
      }
      return Endpoint(id: dependency.id, port: dependency.port, addresses: addresses, views: views)
    }
  }

  private static func only(_ endpoints: [Endpoint]?, at place: RemotePlace) -> DependencyID? {
    guard let endpoints else { return nil }
    let matching = endpoints.filter { $0.covers(place) }
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

  /// nil for one between loopback addresses of another namespace: the same pair may be on this host too, and be the one
  /// that somebody speaks of.
  init?(onHost sample: SocketSample) {
    self.init(sample.local, sample.remote, in: sample.namespace)
  }

  /// The same for a connection of a detail.
  init?(onHost connection: Connection) {
    self.init(connection.local, connection.remote, in: connection.namespace)
  }

  private init?(_ local: SocketAddress, _ remote: SocketAddress, in namespace: NamespaceID) {
    guard namespace == .own || !local.address.isLoopback else { return nil }
    self.init(local: local, remote: remote)
  }
}
