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
  ///   - standing: An address against DNS.
  ///   - opening: When a connection was opened, as far as is known.
  init(
    of seen: [ObservedConnection], standing: (IPAddress) -> (standing: AddressUse.Standing, leftAt: WallTime?),
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
      addresses: SocketSummary.addresses(of: seen, standing: standing, opening: opening))
  }

  private static func clients(of seen: [ObservedConnection]) -> [ClientConnections] {
    Dictionary(grouping: seen, by: \.owner)
      .map { ClientConnections(owner: $0.key, connections: $0.value.count) }
      .sorted { left, right in
        left.connections == right.connections
          ? (left.owner?.pid ?? 0) < (right.owner?.pid ?? 0) : left.connections > right.connections
      }
  }

  private static func addresses(
    of seen: [ObservedConnection], standing: (IPAddress) -> (standing: AddressUse.Standing, leftAt: WallTime?),
    opening: (ObservedConnection) -> Opening
  ) -> [AddressUse] {
    let established = seen.filter { $0.sample.state == .established }
    return Dictionary(grouping: established, by: \.sample.remote.address)
      .map { address, connections in
        let judged = standing(address)
        return AddressUse(
          address: address, connections: connections.count, idle: connections.count(where: \.sample.isIdle),
          standing: judged.standing, leftAt: judged.leftAt, newestSince: connections.map { opening($0).at }.max())
      }
      .sorted { $0.address < $1.address }
  }
}

extension [Duration] {
  /// The middle value; the lower of the two middle ones when there is an even number.
  fileprivate var median: Duration? {
    isEmpty ? nil : sorted()[(count - 1) / 2]
  }
}
