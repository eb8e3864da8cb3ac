internal import NIOCore
internal import Synchronization

/// A connection pool of the kind that services have, with the faults that they have where it is told to.
///
/// The connection that was given back last is handed out first, whoever waits longest gets the next one. Whoever finds
/// room in the pool opens a connection for itself, bounded by its own limits; the limit of waiting is for the queue.
final class ConnectionPool: Sendable {
  /// How long a connection has for the answer to its ping, seconds: HikariCP's shortest validation timeout.
  static let pingLimit = 0.25

  let dialer: Dialer
  private let spec: Mutex<CallSpec>
  private let state: Mutex<PoolState>
  private let connections = Atomic<LabConnection.ID>(0)

  init(_ spec: CallSpec, dialer: Dialer) {
    self.spec = Mutex(spec)
    self.dialer = dialer
    state = Mutex(PoolState(max: spec.pool.max))
  }

  var call: CallSpec { spec.withLock { $0 } }

  /// Works by another spec from now on; connections stay.
  func change(to next: CallSpec) {
    spec.withLock { $0 = next }
    update { $0.max = next.pool.max }
  }

  /// Changes the state, closes what it says, and gives whoever waits what there is for them now.
  @discardableResult
  func update<Value>(_ body: (inout PoolState) -> Value) -> Value {
    let (value, turns) = state.withLock { state in
      let value = body(&state)
      return (value, state.turns(at: LabClock.now))
    }
    for (waiter, turn) in turns { waiter.turn(turn) }
    return value
  }

  /// Looks at the state.
  func look<Value>(_ body: (PoolState) -> Value) -> Value { state.withLock { body($0) } }

  /// Takes a connection, or opens one.
  ///
  /// - Parameters:
  ///   - deadline: When the caller gives up, whatever it waits for.
  ///   - late: Takes a connection that comes after the caller gave up in the queue; nil leaves the queue then.
  /// - Returns: A connection that is the caller's until it gives it back.
  /// - Throws: Why there is none.
  func acquire(
    until deadline: Int64?, late: (@Sendable (LabConnection) -> Void)? = nil
  ) async throws(AttemptFailure) -> LabConnection {
    let call = call
    let end = Moment.end(of: call.pool.acquireTimeout, from: LabClock.now)
    var taking = update { $0.take(at: LabClock.now) }
    while true {
      switch taking {
      case .closed: throw .closed
      case .slot: return try await open(isActive: true, until: deadline)
      case .connection(let connection, let idleFor):
        if await isUsable(connection, idleFor: idleFor, call, until: Moment.earlier(end, deadline)) {
          return connection
        }
        connection.close()
        taking = update { $0.swap(connection.id, at: LabClock.now) }
        guard let bound = Moment.earlier(end, deadline), LabClock.now >= bound else { continue }
        abandon(taking)
        throw .over(.poolAcquire, at: end, deadline: deadline)
      case .queue:
        switch try await queue(until: end, deadline: deadline, late: late) {
        case .connection(let connection): return connection
        case .slot: return try await open(isActive: true, until: deadline)
        }
      }
    }
  }

  private func isUsable(
    _ connection: LabConnection, idleFor: Int64, _ call: CallSpec, until end: Int64?
  ) async -> Bool {
    guard connection.isOpen else { return false }
    guard let limit = call.pool.validateAfter, idleFor >= Moment.microseconds(limit) else { return true }
    let pingEnd = Moment.earlier(end, LabClock.now + Moment.microseconds(ConnectionPool.pingLimit))
    guard case .success(let answer)? = await connection.exchange(.ping, until: pingEnd) else { return false }
    return answer.isOK
  }

  /// Gives back what was taken by a caller whose time is over.
  private func abandon(_ taking: PoolState.Taking) {
    switch taking {
    case .connection(let connection, _): giveBack(connection, isGood: true)
    case .slot: update { $0.openingFailed() }
    case .queue, .closed: break
    }
  }

  private func queue(
    until end: Int64?, deadline: Int64?, late: (@Sendable (LabConnection) -> Void)?
  ) async throws(AttemptFailure) -> PoolState.Turn {
    let turn: PoolState.Turn? = await withCheckedContinuation { continuation in
      let id = update { state in
        state.enqueue(at: LabClock.now) { continuation.resume(returning: $0) }
      }
      guard let bound = Moment.earlier(end, deadline) else { return }
      dialer.loop.scheduleTask(deadline: Moment.deadline(bound)) { [self] in
        let lateTurn = late.map { late in { @Sendable [self] (turn: PoolState.Turn) in takeLate(turn, late) } }
        if update({ $0.giveUp(id, late: lateTurn) }) { continuation.resume(returning: nil) }
      }
    }
    guard let turn else { throw .over(.poolAcquire, at: end, deadline: deadline) }
    return turn
  }

  private func takeLate(_ turn: PoolState.Turn, _ late: @escaping @Sendable (LabConnection) -> Void) {
    switch turn {
    case .connection(let connection): late(connection)
    case .slot:
      Task {
        // The failure of a connection that nobody waits for is nobody's.
        if let connection = try? await open(isActive: true, until: nil) { late(connection) }
      }
    }
  }

  /// Opens a connection in a place that is held for it.
  func open(isActive: Bool, until deadline: Int64?) async throws(AttemptFailure) -> LabConnection {
    do throws(AttemptFailure) {
      if look({ $0.isClosed }) { throw .closed }
      let connection = try await dialer.dial(connections.add(1, ordering: .relaxed).newValue, call, until: deadline)
      update { $0.opened(connection, isActive: isActive, at: LabClock.now) }
      connection.channel.closeFuture.whenComplete { [weak self] _ in self?.hasClosed(connection) }
      if look({ $0.isClosed }) { connection.close() }
      return connection
    } catch {
      update { $0.openingFailed() }
      throw error
    }
  }

  /// A connection that nobody uses leaves with its end; one in use is its user's to give back.
  private func hasClosed(_ connection: LabConnection) {
    update { state in
      if state.entries[connection.id]?.isActive == false { state.remove(connection.id) }
    }
  }

  /// Takes a connection back; one that is not good is closed.
  func giveBack(_ connection: LabConnection, isGood: Bool) {
    let isOld = lifetimeIsOver(connection)
    let stays = update { $0.giveBack(connection.id, isGood: isGood && !isOld, at: LabClock.now) }
    if !stays { connection.close() }
    // It may have closed before it counted as idle.
    if stays, !connection.isOpen { hasClosed(connection) }
  }

  private func lifetimeIsOver(_ connection: LabConnection) -> Bool {
    guard let lifetime = call.pool.maximumLifetime, let openedAt = look({ $0.entries[connection.id]?.openedAt }) else {
      return false
    }
    return LabClock.now - openedAt >= Moment.microseconds(lifetime)
  }

  /// Closes every connection at once, in use or not.
  func drop() {
    let dropped = update { state in state.entries.keys.compactMap { state.remove($0)?.connection } }
    for connection in dropped { connection.close() }
  }

  /// Closes everything for good.
  func close() {
    update { $0.isClosed = true }
    drop()
  }
}
