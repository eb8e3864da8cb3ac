package import DeptopModel

/// What is known of each connection beyond the present sweep: which way it was opened, and since when it is seen.
///
/// The kernel does not say who opened a connection. A local address that is listened on tells that it came in; as the
/// listener may close before its connections do, that is remembered. Holds what was in the last sweep, and no more.
package struct ConnectionMemory: Sendable {
  fileprivate struct Entry {
    var remotePort: UInt16
    var direction: Direction
    var firstSeenAt: WallTime
    var isOlderThanSeen: Bool
  }

  fileprivate enum Direction {
    case inbound
    /// Seen while it was being opened from here.
    case outbound
    /// No listener was seen so far. One that opened in the middle of a sweep can still turn up.
    case presumablyOutbound
  }

  /// In the order of the last sweep, like the entries.
  private var cookies: [UInt64] = []
  private var entries: [Entry] = []
  private var isFirstSweep = true

  package init() {}

  /// How many connections are remembered, both ways.
  package var count: Int { entries.count }

  /// Takes note of a sweep, and picks the connections out of it that were opened from this host.
  ///
  /// - Parameters:
  ///   - table: what the sweep found; its listeners must be complete.
  ///   - remotePorts: to which the sweep was confined, so that it says nothing of other connections; nil for none.
  ///   - time: when the sweep was made.
  /// - Returns: the outbound connections in the table's order, without owners.
  package mutating func outbound(
    in table: SocketTable, confinedTo remotePorts: Set<UInt16>? = nil, at time: WallTime
  ) -> [ObservedConnection] {
    let listening = ListeningAddresses(table.listeners)
    let spared = setAsideEntries(notTo: remotePorts)
    let match = CookieMatch(of: table.connections.map(\.cookie), in: cookies)
    var outbound: [ObservedConnection] = []
    outbound.reserveCapacity(table.connections.count)
    cookies = spared.cookies
    let known = entries
    entries = spared.entries
    cookies.reserveCapacity(cookies.count + table.connections.count)
    entries.reserveCapacity(entries.count + table.connections.count)
    for index in table.connections.indices {
      let sample = table.connections[index]
      var entry = match.positions[index].map { known[$0] } ?? Entry(sample, seenAt: time, isOlder: isFirstSweep)
      entry.judge(sample, listening: listening)
      cookies.append(sample.cookie)
      entries.append(entry)
      guard entry.direction != .inbound else { continue }
      outbound.append(
        ObservedConnection(
          sample: sample, owner: nil, firstSeenAt: entry.firstSeenAt, isOlderThanSeen: entry.isOlderThanSeen,
          sampledAt: time))
    }
    isFirstSweep = false
    return outbound
  }

  /// Takes out what a confined sweep says nothing of; nothing for a sweep of everything.
  private mutating func setAsideEntries(notTo remotePorts: Set<UInt16>?) -> (cookies: [UInt64], entries: [Entry]) {
    guard let remotePorts else { return ([], []) }
    let spared = entries.indices.filter { !remotePorts.contains(entries[$0].remotePort) }
    let swept = entries.indices.filter { remotePorts.contains(entries[$0].remotePort) }
    let result = (spared.map { cookies[$0] }, spared.map { entries[$0] })
    cookies = swept.map { cookies[$0] }
    entries = swept.map { entries[$0] }
    return result
  }
}

extension ConnectionMemory.Entry {
  fileprivate init(_ sample: SocketSample, seenAt time: WallTime, isOlder: Bool) {
    remotePort = sample.remote.port
    direction = .presumablyOutbound
    firstSeenAt = time
    isOlderThanSeen = isOlder
  }

  fileprivate mutating func judge(_ sample: SocketSample, listening: ListeningAddresses) {
    guard direction == .presumablyOutbound else { return }
    if sample.state == .synSent {
      direction = .outbound
    } else if listening.accept(sample.local) {
      direction = .inbound
    }
  }
}
