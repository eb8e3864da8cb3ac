package import DeptopModel
internal import Synchronization

/// The connections of one dependency, changed as the kernel or a process would change them.
package final class RepairScene: Sendable {
  private struct State {
    var connections: [Connection] = []
    var isSilent = false
    var pathTimeout: Duration?
    var pending: Int?
    var unread: [NamespaceID] = []
  }

  private let state = Mutex(State())

  /// - Parameter connections: What is there at first.
  package init(_ connections: [Connection] = []) {
    state.withLock { $0.connections = connections }
  }

  /// The dependency as a collector would read it now.
  package var detail: DependencyDetail {
    state.withLock { state in
      var dependency = Dependency(
        id: "10.0.0.1:5432", kind: "postgres", host: nil, port: 5432, origin: .discovered)
      dependency.sockets = Reading(
        RepairScene.summary(of: state.connections), source: "kernel", observedAt: WallTime(secondsSinceEpoch: 0))
      dependency.path = NetworkPath()
      dependency.path?.declaredIdleTimeout = state.pathTimeout
      if let pending = state.pending {
        dependency.pools = [
          Reading(
            PoolReading(client: "app", active: 1, idle: 0, pending: pending), source: "kernel",
            observedAt: WallTime(secondsSinceEpoch: 0))
        ]
      }
      if state.isSilent {
        dependency.silentSources = [
          SilentSource(
            source: "kernel", since: WallTime(secondsSinceEpoch: 0), reason: "no answer", nextAttemptAt: nil)
        ]
      }
      return DependencyDetail(
        dependency: dependency, connections: state.connections, unreadNamespaces: state.unread)
    }
  }

  package func add(_ connections: Connection...) { state.withLock { $0.connections += connections } }
  package func remove(_ cookies: [UInt64]) {
    let gone = Set(cookies.map { String($0, radix: 16) })
    state.withLock { $0.connections.removeAll { gone.contains($0.cookie) } }
  }
  package func change(_ cookie: UInt64, _ body: @Sendable (inout Connection) -> Void) {
    state.withLock { state in
      for index in state.connections.indices where state.connections[index].cookie == String(cookie, radix: 16) {
        body(&state.connections[index])
      }
    }
  }
  /// The namespaces that sweeps do not read from now on.
  package func leaveOut(_ namespaces: NamespaceID...) { state.withLock { $0.unread = namespaces } }
  package func silence() { state.withLock { $0.isSilent = true } }
  package func declare(pathTimeout: Duration) { state.withLock { $0.pathTimeout = pathTimeout } }
  package func queue(_ callers: Int) { state.withLock { $0.pending = callers } }

  private static func summary(of connections: [Connection]) -> SocketSummary {
    var conditions = SocketConditions()
    conditions.dead = connections.count { $0.signals.condition == .dead }
    let owners = Dictionary(grouping: connections, by: \.owner)
    let addresses = Dictionary(grouping: connections, by: \.remote.address)
    return SocketSummary(
      established: connections.count { $0.state == "established" }, connecting: 0,
      closing: connections.count { $0.state != "established" }, idle: 0, oldestSince: nil, isOldestOlder: false,
      rttMedian: nil, retransmits: 0,
      clients: owners.map { ClientConnections(owner: $0.key, connections: $0.value.count) },
      addresses: addresses.map {
        AddressUse(address: $0.key, connections: $0.value.count, idle: 0, standing: .unnamed)
      }, conditions: conditions)
  }
}

extension Connection {
  /// The owner of ``played(_:_:_:)``.
  package static let player = SocketOwner(pid: 42, process: "orders", startedAt: 777)

  /// An established connection from a local port, which is its cookie and its inode as well.
  package static func played(
    _ port: UInt16, _ condition: SocketSignals.Condition = .idle, _ change: (inout Connection) -> Void = { _ in }
  ) -> Connection {
    var connection = Connection(
      cookie: String(port, radix: 16), local: SocketAddress(IPAddress(v4: 0xc0a8_0001), port: port),
      remote: SocketAddress(IPAddress(v4: 0x0a00_0001), port: 5432), state: "established", owner: player,
      since: WallTime(secondsSinceEpoch: Double(port)), isOlderThanSeen: false, idle: .seconds(90),
      awaitingReply: condition == .waiting ? .seconds(1) : nil, rtt: nil, retransmits: 0,
      unacknowledged: condition == .dead ? 1 : 0, standing: .unnamed, pool: nil, signals: SocketSignals(condition),
      inode: UInt32(port), nextRetransmit: condition == .dead ? .seconds(2) : nil, segmentSize: 1448)
    change(&connection)
    return connection
  }

  /// The same with the pool's word.
  package func pooled(isActive: Bool) -> Connection {
    var connection = self
    connection.pool = PoolConnection(
      local: local, remote: remote, state: isActive ? "active" : "idle", isActive: isActive, isClosing: false,
      connectedAt: nil)
    return connection
  }
}
