internal import DeptopModel

/// When a connection was opened.
struct Opening: Sendable {
  var at: WallTime
  /// True when it may have been opened earlier than that.
  var isOlder: Bool
}

extension SocketSummary {
  /// Counts the connections of one dependency.
  ///
  /// - Parameters:
  ///   - seen: The connections, as one sweep had them.
  ///   - conditions: What the kernel's figures say of them.
  ///   - standing: Where a connection goes, against DNS.
  ///   - opening: When a connection was opened, as far as is known.
  init(
    of seen: [ObservedConnection], conditions: SocketConditions, standing: (ObservedConnection) -> Standing,
    opening: (ObservedConnection) -> Opening
  ) {
    let oldest = seen.map(opening).min { $0.at < $1.at }
    self.init(
      established: seen.count { $0.sample.state == .established },
      connecting: seen.count { $0.sample.state == .synSent },
      closing: seen.count { $0.sample.state != .established && $0.sample.state != .synSent },
      idle: seen.count(where: \.sample.isIdle),
      oldestSince: oldest?.at, isOldestOlder: oldest?.isOlder ?? false,
      rttMedian: seen.compactMap(\.sample.rtt).median,
      retransmits: seen.reduce(0) { $0 + UInt64($1.sample.info?.totalRetransmits ?? 0) },
      clients: SocketSummary.clients(of: seen),
      addresses: SocketSummary.addresses(of: seen, standing: standing, opening: opening),
      conditions: conditions)
  }

  /// Where a connection goes, against the answers that its namespace gets.
  struct Standing {
    var word: AddressUse.Standing
    var leftAt: WallTime?
    /// The namespace whose answers they are.
    var view: NamespaceID
  }

  private struct Client: Hashable {
    var owner: SocketOwner?
    var namespace: NamespaceID
  }

  private struct Use: Hashable {
    var address: IPAddress
    var view: NamespaceID
  }

  private static func clients(of seen: [ObservedConnection]) -> [ClientConnections] {
    Dictionary(grouping: seen) { Client(owner: $0.owner, namespace: $0.sample.namespace) }
      .map { client, connections in
        ClientConnections(
          owner: client.owner, connections: connections.count,
          dead: connections.count { $0.signals.condition == .dead },
          waiting: connections.count { $0.signals.condition == .waiting }, namespace: client.namespace)
      }
      .sorted { left, right in
        left.connections == right.connections
          ? (left.owner?.pid ?? 0) < (right.owner?.pid ?? 0) : left.connections > right.connections
      }
  }

  private static func addresses(
    of seen: [ObservedConnection], standing: (ObservedConnection) -> Standing,
    opening: (ObservedConnection) -> Opening
  ) -> [AddressUse] {
    let established = seen.filter { $0.sample.state == .established }
    let uses = Dictionary(grouping: established) { each in
      Use(address: each.sample.remote.address, view: standing(each).view)
    }
    return uses.compactMap { use, connections in
      guard let first = connections.first else { return nil }
      let judged = standing(first)
      return AddressUse(
        address: use.address, connections: connections.count, idle: connections.count(where: \.sample.isIdle),
        standing: judged.word, leftAt: judged.leftAt, newestSince: connections.map { opening($0).at }.max(),
        namespace: use.view, translated: Set(connections.compactMap(\.translated)).sorted())
    }
    .sorted { ($0.address, $0.namespace) < ($1.address, $1.namespace) }
  }
}

extension [Duration] {
  /// The middle value; the lower of the two middle ones when there is an even number.
  fileprivate var median: Duration? {
    isEmpty ? nil : sorted()[(count - 1) / 2]
  }
}
