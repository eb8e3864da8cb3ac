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
    var past: SocketPast
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
  /// Which way those went that left the table lately, and in the stretch before.
  ///
  /// The kernel tells of an end only when the last of the socket is gone. A stretch is a sweep, or all that were made
  /// within half a second.
  private var departed: [UInt64: Direction] = [:]
  private var departedBefore: [UInt64: Direction] = [:]
  private var departedSince: WallTime?
  private var listening = ListeningAddresses([])

  private static let shortestStretch = Duration.milliseconds(500)

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
    listening = ListeningAddresses(table.listeners)
    let spared = setAsideEntries(notTo: remotePorts)
    let match = CookieMatch(of: table.connections.map(\.cookie), in: cookies)
    rememberDepartures(match, at: time)
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
      if entry.direction != .inbound { outbound.append(entry.observation(of: sample, at: time)) }
      cookies.append(sample.cookie)
      entries.append(entry)
    }
    isFirstSweep = false
    return outbound
  }

  /// The connections among ended ones that were opened from this host.
  ///
  /// - Parameter ended: as the kernel told of them, since the sweep before the last or later.
  /// - Returns: those that a sweep had seen go out, and those that no sweep had seen and no listener took, with
  ///   `isUnseen` set.
  package func outbound(among ended: [ClosedConnection]) -> [ClosedConnection] {
    guard !ended.isEmpty else { return [] }
    let directions = self.directions(of: Set(ended.lazy.map(\.cookie)))
    return ended.compactMap { connection in
      var connection = connection
      let direction = directions[connection.cookie]
      connection.isUnseen = direction == nil
      // A listening socket that ends has no peer.
      guard connection.remote.port != 0, direction != .inbound else { return nil }
      return direction == nil && listening.accept(connection.local) ? nil : connection
    }
  }

  private func directions(of wanted: Set<UInt64>) -> [UInt64: Direction] {
    var directions: [UInt64: Direction] = [:]
    for cookie in wanted { directions[cookie] = departed[cookie] ?? departedBefore[cookie] }
    for index in cookies.indices where wanted.contains(cookies[index]) {
      directions[cookies[index]] = entries[index].direction
    }
    return directions
  }

  private mutating func rememberDepartures(_ match: CookieMatch, at time: WallTime) {
    // Also when the clock was set back.
    if departedSince.map({ !(.zero..<Self.shortestStretch).contains(time - $0) }) ?? true {
      (departedBefore, departed, departedSince) = (departed, [:], time)
    }
    guard match.positions.count(where: { $0 != nil }) < cookies.count else { return }
    var isPresent = [Bool](repeating: false, count: cookies.count)
    for case let position? in match.positions { isPresent[position] = true }
    for index in cookies.indices where !isPresent[index] { departed[cookies[index]] = entries[index].direction }
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
    past = SocketPast(isComplete: !isOlder)
  }

  /// The connection with its signals, of which note is taken.
  fileprivate mutating func observation(of sample: SocketSample, at time: WallTime) -> ObservedConnection {
    let signals = past.signals(of: sample, at: time)
    past.remember(sample, signals, at: time)
    return ObservedConnection(
      sample: sample, owner: nil, firstSeenAt: firstSeenAt, isOlderThanSeen: isOlderThanSeen, sampledAt: time,
      signals: signals)
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
