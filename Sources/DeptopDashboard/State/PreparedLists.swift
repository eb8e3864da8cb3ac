internal import DeptopModel

/// The connections of the dependency that is shown, sorted once for each detail and order instead of for each frame.
struct PreparedSockets: Sendable {
  let key: Key
  let connections: [Connection]
  /// What is known of any of them: columns that would be empty take no room.
  let traits: SocketTraits

  init(_ detail: DependencyDetail, key: Key) {
    self.key = key
    connections = key.order.sorted(detail.connections)
    traits = SocketTraits(connections)
  }

  /// What the order depends on.
  struct Key: Sendable, Equatable {
    /// How many details had arrived with this one.
    var details: Int
    var order: SocketOrder
  }
}

/// What is known of any connection of a list.
struct SocketTraits: OptionSet, Sendable, Hashable {
  let rawValue: UInt8

  static let otherNamespaces = SocketTraits(rawValue: 1)
  static let names = SocketTraits(rawValue: 2)
  static let pools = SocketTraits(rawValue: 4)
  static let resends = SocketTraits(rawValue: 8)
  static let segments = SocketTraits(rawValue: 16)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ connections: [Connection]) {
    self = []
    for connection in connections {
      if connection.namespace != .own { insert(.otherNamespaces) }
      if connection.standing != .unnamed { insert(.names) }
      if connection.pool != nil { insert(.pools) }
      if connection.nextRetransmit != nil { insert(.resends) }
      if connection.segmentSize != nil { insert(.segments) }
    }
  }
}

/// The groups of clients, made once for each snapshot, grouping and filter.
struct PreparedClients: Sendable {
  let key: Key
  let groups: [ClientGroup]

  /// What the groups depend on.
  struct Key: Sendable, Equatable {
    var sequence: UInt64
    var collectorStartedAt: WallTime
    var grouping: ClientGrouping
    var filter: Filter
  }
}

extension DashboardState {
  /// The connections of a detail in the order that was chosen.
  func sockets(of detail: DependencyDetail) -> PreparedSockets {
    if let preparedSockets, preparedSockets.key == socketsKey { return preparedSockets }
    return PreparedSockets(detail, key: socketsKey)
  }

  /// The rows of the clients' screen.
  func groups(of snapshot: Snapshot) -> [ClientGroup] {
    let key = clientsKey(snapshot)
    if let clients = preparedClients, clients.key == key { return clients.groups }
    return ClientGroup.groups(of: snapshot, grouping, filter)
  }

  /// Makes the list that the screen shows, and forgets the others.
  mutating func prepareLists(_ snapshot: Snapshot) {
    if let detail, sortsSockets {
      if preparedSockets?.key != socketsKey {
        preparedSockets = PreparedSockets(detail, key: socketsKey)
      }
    } else {
      preparedSockets = nil
    }
    guard screen == .clients else {
      preparedClients = nil
      return
    }
    let key = clientsKey(snapshot)
    guard preparedClients?.key != key else { return }
    preparedClients = PreparedClients(key: key, groups: ClientGroup.groups(of: snapshot, grouping, filter))
  }

  private var socketsKey: PreparedSockets.Key { PreparedSockets.Key(details: details, order: socketOrder) }

  private func clientsKey(_ snapshot: Snapshot) -> PreparedClients.Key {
    PreparedClients.Key(
      sequence: snapshot.sequence, collectorStartedAt: snapshot.collector.startedAt, grouping: grouping,
      filter: filter)
  }
}
