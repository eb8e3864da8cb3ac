internal import DeptopModel

/// When a connection was opened.
struct Opening: Sendable {
  var at: WallTime
  /// True when it may have been opened earlier than that.
  var isOlder: Bool
}

/// Where a connection goes, against the answers that its namespace gets.
struct SocketStanding: Sendable {
  var word: AddressUse.Standing
  var leftAt: WallTime?
  /// The namespace whose answers they are.
  var view: NamespaceID
}

/// The connections of one dependency, counted in one pass.
///
/// They stay where the sweep has put them: to take thousands of them out each second would cost more than to count them.
struct SocketTally: Sendable {
  private(set) var newestSince: WallTime?
  /// The last time that data was seen to move on any of them.
  private(set) var lastTrafficAt: WallTime?
  private var established = 0
  private var connecting = 0
  private var closing = 0
  private var idle = 0
  private var oldest: Opening?
  private var retransmits: UInt64 = 0
  /// Smoothed round-trip times, microseconds.
  private var roundTrips: [UInt32] = []
  private var clients: [ClientKey: ClientConnections] = [:]
  private var uses: [UseKey: AddressUse] = [:]

  /// A process in a namespace; its id names it for as long as it lives.
  private struct ClientKey: Hashable {
    var pid: Int32?
    var namespace: NamespaceID
  }

  private struct UseKey: Hashable {
    var address: IPAddress
    var view: NamespaceID
  }

  /// Counts connections.
  ///
  /// - Parameters:
  ///   - connections: All of the host, as the sweep had them.
  ///   - indices: Those of the dependency.
  ///   - sweptAt: When the sweep was made, for connections that do not say when they were sampled.
  ///   - standing: Where the connection at an index goes, against DNS.
  ///   - opening: When it was opened, as far as is known.
  init(
    of connections: [ObservedConnection], at indices: [Int], sweptAt: WallTime, standing: (Int) -> SocketStanding,
    opening: (Int) -> Opening
  ) {
    roundTrips.reserveCapacity(indices.count)
    for index in indices {
      let opened = opening(index)
      if oldest.map({ opened.at < $0.at }) ?? true { oldest = opened }
      newestSince = latest(newestSince, connections[index].firstSeenAt)
      if let quiet = connections[index].sample.quiet {
        lastTrafficAt = latest(lastTrafficAt, (connections[index].sampledAt ?? sweptAt) - quiet)
      }
      count(connections[index].sample)
      if connections[index].isIdle { idle += 1 }
      addClient(of: index, in: connections)
      if connections[index].sample.state == .established { addUse(of: index, in: connections, standing, opened) }
    }
  }

  /// The counts, with what the kernel's figures say beside.
  func summary(_ conditions: SocketConditions) -> SocketSummary {
    SocketSummary(
      established: established, connecting: connecting, closing: closing, idle: idle, oldestSince: oldest?.at,
      isOldestOlder: oldest?.isOlder ?? false, rttMedian: roundTrips.median.map { .microseconds(Int($0)) },
      retransmits: retransmits,
      clients: clients.values.sorted { left, right in
        left.connections == right.connections
          ? (left.owner?.pid ?? 0, left.namespace) < (right.owner?.pid ?? 0, right.namespace)
          : left.connections > right.connections
      },
      addresses: uses.values.map(\.withOrderedTranslations).sorted {
        ($0.address, $0.namespace) < ($1.address, $1.namespace)
      },
      conditions: conditions)
  }

  private mutating func count(_ sample: borrowing SocketSample) {
    switch sample.state {
    case .established: established += 1
    case .synSent: connecting += 1
    default: closing += 1
    }
    guard let info = sample.info else { return }
    if info.rttMicroseconds > 0 { roundTrips.append(info.rttMicroseconds) }
    retransmits &+= UInt64(info.totalRetransmits)
  }

  private mutating func addClient(of index: Int, in connections: [ObservedConnection]) {
    let namespace = connections[index].sample.namespace
    let key = ClientKey(pid: connections[index].owner?.pid, namespace: namespace)
    clients[
      key, default: ClientConnections(owner: connections[index].owner, connections: 0, namespace: namespace)
    ].count(connections[index].signals.condition)
  }

  private mutating func addUse(
    of index: Int, in connections: [ObservedConnection], _ standing: (Int) -> SocketStanding, _ opened: Opening
  ) {
    let address = connections[index].sample.remote.address
    let key = UseKey(address: address, view: connections[index].sample.namespace)
    if uses[key] == nil {
      let judged = standing(index)
      uses[key] = AddressUse(
        address: address, connections: 0, idle: 0, standing: judged.word, leftAt: judged.leftAt, namespace: judged.view)
    }
    uses[key]?.count(
      isIdle: connections[index].isIdle, openedAt: opened.at, translated: connections[index].translated)
  }
}

private func latest(_ known: WallTime?, _ new: WallTime) -> WallTime {
  known.map { max($0, new) } ?? new
}

extension ObservedConnection {
  /// True when nothing is under way on it, and nothing is wrong with it.
  fileprivate var isIdle: Bool { signals.condition == .unknown ? sample.isIdle : signals.condition == .idle }
}

extension ClientConnections {
  fileprivate mutating func count(_ condition: SocketSignals.Condition) {
    connections += 1
    if condition == .dead { dead += 1 }
    if condition == .waiting { waiting += 1 }
  }
}

extension AddressUse {
  fileprivate mutating func count(isIdle: Bool, openedAt: WallTime, translated peer: SocketAddress?) {
    connections += 1
    if isIdle { idle += 1 }
    newestSince = latest(newestSince, openedAt)
    if let peer, !translated.contains(peer) { translated.append(peer) }
  }

  fileprivate var withOrderedTranslations: AddressUse {
    guard translated.count > 1 else { return self }
    var use = self
    use.translated.sort()
    return use
  }
}

extension [UInt32] {
  /// The middle value; the lower of the two middle ones when there is an even number.
  fileprivate var median: UInt32? {
    isEmpty ? nil : sorted()[(count - 1) / 2]
  }
}
