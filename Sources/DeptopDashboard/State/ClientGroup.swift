internal import DeptopModel

/// What the rows of the clients' screen stand for.
package enum ClientGrouping: String, Sendable, Hashable, CaseIterable {
  /// One row for each systemd unit, container or pod; processes outside of one by their name.
  case service
  case process

  var next: ClientGrouping { self == .service ? .process : .service }
}

/// Connections of the host that one service or one process holds.
struct ClientGroup: Sendable, Identifiable {
  let id: ID
  private(set) var processes: Set<Int32> = []
  private(set) var namespaces: Set<NamespaceID> = []
  private(set) var connections = 0
  private(set) var dead = 0
  private(set) var waiting = 0
  /// What it is connected to, worst first.
  private(set) var uses: [Use] = []

  /// What makes it one.
  enum ID: Sendable, Hashable {
    case unit(ServiceUnit)
    /// Processes of one name that belong to no service.
    case command(String)
    case process(SocketOwner)
    /// The owner may not be read.
    case unreadable
  }

  /// Its connections to one dependency.
  struct Use: Sendable, Hashable {
    var dependency: DependencyID
    var level: Level
    var connections: Int
    var dead: Int
  }

  /// The groups of a host, those with the worst dependency first, then those with dead connections.
  ///
  /// - Complexity: O(n log n) in the dependencies that match.
  static func groups(of snapshot: Snapshot, _ grouping: ClientGrouping, _ filter: Filter) -> [ClientGroup] {
    var groups: [ID: ClientGroup] = [:]
    let all = Array(snapshot.dependencies.indices)
    let shown = filter.isEmpty ? all : all.filter { filter.matches(snapshot.dependencies[$0]) }
    for index in RowOrder(snapshot, .worst).sorted(shown) {
      let (id, level) = (snapshot.dependencies[index].id, snapshot.dependencies[index].level)
      for client in snapshot.dependencies[index].sockets?.value.clients ?? [] {
        let group = ID(client.owner, grouping)
        groups[group, default: ClientGroup(id: group)].add(client, to: id, level)
      }
    }
    return groups.values.sorted { $0.stands(above: $1) }
  }

  private init(id: ID) { self.id = id }

  private mutating func add(_ client: ClientConnections, to dependency: DependencyID, _ level: Level) {
    if let owner = client.owner { processes.insert(owner.pid) }
    namespaces.insert(client.namespace)
    connections += client.connections
    dead += client.dead
    waiting += client.waiting
    if uses.last?.dependency == dependency {
      uses[uses.count - 1].connections += client.connections
      uses[uses.count - 1].dead += client.dead
    } else {
      uses.append(
        Use(dependency: dependency, level: level, connections: client.connections, dead: client.dead))
    }
  }

  /// That of its worst dependency.
  var level: Level { uses.first?.level ?? .unknown }

  /// Size counts by order of magnitude only, or equal rows would change places with every connection.
  private func stands(above other: ClientGroup) -> Bool {
    if level != other.level { return level.badness > other.level.badness }
    if dead != other.dead { return dead > other.dead }
    let (size, otherSize) = (connections.leadingZeroBitCount, other.connections.leadingZeroBitCount)
    return size == otherSize ? name < other.name : size < otherSize
  }

  /// `orders.service`, `billing`; not made fit to be shown.
  var name: String {
    switch id {
    case .unit(let unit): unit.label
    case .command(let command): command
    case .process(let owner): owner.process
    case .unreadable: "not readable"
    }
  }
}

extension ClientGroup.ID {
  fileprivate init(_ owner: SocketOwner?, _ grouping: ClientGrouping) {
    guard let owner else {
      self = .unreadable
      return
    }
    switch grouping {
    case .process: self = .process(owner)
    case .service: self = owner.unit.map { .unit($0) } ?? .command(owner.process)
    }
  }
}

extension DashboardState {
  /// The selected row of the clients' screen; nil when there is none.
  func selectedGroup(of snapshot: Snapshot) -> ClientGroup? {
    let groups = groups(of: snapshot)
    return groups.first { $0.id == selectedClient } ?? groups.first
  }

  /// Goes on to the other kind of rows.
  mutating func regroup(_ now: WallTime) {
    grouping = grouping.next
    selectedClient = nil
    offsets[.clients] = nil
    notify("clients by \(grouping.rawValue)", now)
  }
}
