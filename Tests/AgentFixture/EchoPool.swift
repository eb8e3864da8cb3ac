internal import DeptopClient
internal import Glibc
internal import Synchronization

/// A pool of a fixed number of connections, which can be drained so that no request fails.
final class EchoPool: Sendable {
  private struct State {
    var idle: [EchoConnection] = []
    var active: [ObjectIdentifier: EchoConnection] = [:]
    var addresses: [FixtureAddress] = []
    /// Connections that are closed as soon as nobody uses them.
    var retired: Set<ObjectIdentifier> = []
    var turn = 0
  }

  private let size: Int
  private let state = Mutex(State())

  init(size: Int, addresses: [FixtureAddress]) {
    self.size = size
    state.withLock { $0.addresses = addresses }
  }

  /// A connection for one request: an idle one, else a new one.
  func take() throws(FixtureFailure) -> EchoConnection {
    let (idle, address) = state.withLock { state in
      let connection = state.idle.popLast()
      if let connection { state.active[ObjectIdentifier(connection)] = connection }
      state.turn &+= 1
      let address = state.addresses[state.turn % state.addresses.count]
      return (connection, address)
    }
    if let idle { return idle }
    let made = try EchoConnection(address)
    state.withLock { $0.active[ObjectIdentifier(made)] = made }
    return made
  }

  /// Gives a connection back; one that failed, is outdated or too many is closed.
  func give(_ connection: EchoConnection, isGood: Bool) {
    state.withLock { state in
      state.active[ObjectIdentifier(connection)] = nil
      let isRetired = state.retired.remove(ObjectIdentifier(connection)) != nil
      guard isGood, !isRetired, state.idle.count + state.active.count < size else { return }
      state.idle.insert(connection, at: 0)
    }
  }

  /// Opens what is missing of the pool's size.
  func fill() {
    let missing = state.withLock { size - $0.idle.count - $0.active.count }
    guard missing > 0 else { return }
    let made = (0..<missing).compactMap { _ in
      // A server that is away shows in the requests that fail.
      try? take()
    }
    for connection in made { give(connection, isGood: true) }
  }

  /// Makes every connection outdated, or those on addresses that were left: idle ones are closed at once.
  ///
  /// - Returns: The connections in use that are outdated now.
  func retire(_ scope: CommandScope, addresses: [FixtureAddress]) -> [EchoConnection] {
    let (closed, active) = state.withLock { state in
      let current = Set(addresses.map(\.text))
      state.addresses = addresses
      let isRetired: (EchoConnection) -> Bool = { scope != .stale || !current.contains($0.remoteAddress) }
      let closed = state.idle.filter(isRetired)
      let active = scope == .idle ? [] : state.active.values.filter(isRetired)
      state.idle.removeAll(where: isRetired)
      state.retired.formUnion(active.map(ObjectIdentifier.init))
      return (closed, Array(active))
    }
    // Released outside of the lock, which closes them.
    withExtendedLifetime(closed) {}
    return active
  }

  /// Those of some connections that are still in use.
  func inUse(of connections: [EchoConnection]) -> Int {
    state.withLock { state in connections.count { state.active[ObjectIdentifier($0)] != nil } }
  }

  func resolved(to addresses: [FixtureAddress]) { state.withLock { $0.addresses = addresses } }

  var localPorts: [UInt16] {
    state.withLock { state in (state.idle + Array(state.active.values)).map(\.localPort).sorted() }
  }

  var gauges: PoolGauges {
    state.withLock { state in
      let port = state.addresses.first?.port ?? 0
      let held = state.idle.map { ($0, false) } + state.active.values.map { ($0, true) }
      return PoolGauges(
        active: state.active.count, idle: state.idle.count, transitional: 0, pending: 0, max: size,
        connections: held.map { connection, isActive in
          HeldConnection(
            localAddress: connection.localAddress, localPort: connection.localPort,
            remoteAddress: connection.remoteAddress, remotePort: port, isActive: isActive)
        })
    }
  }
}
