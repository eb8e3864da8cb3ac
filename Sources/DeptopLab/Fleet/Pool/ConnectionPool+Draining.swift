extension ConnectionPool {
  /// How many of some connections are still held.
  struct Holding: Sendable, Hashable {
    var remaining = 0
    var inUse = 0
  }

  /// The ids of all connections for which something holds.
  func connections(where isMeant: (PoolState.Entry) -> Bool) -> [LabConnection.ID] {
    look { $0.entries.filter { isMeant($0.value) }.map(\.key) }
  }

  /// Retires connections: those that nobody uses are closed now, the others when they are given back.
  ///
  /// - Returns: How many were closed.
  func retire(_ ids: some Sequence<LabConnection.ID>) -> Int {
    let closed = update { state in
      var closed: [LabConnection] = []
      for id in ids {
        guard let entry = state.entries[id] else { continue }
        if entry.isActive { state.retire(id, true) } else if state.remove(id) != nil { closed.append(entry.connection) }
      }
      return closed
    }
    for connection in closed { connection.close() }
    return closed.count
  }

  /// Takes back what was not carried out.
  func keepAfterAll(_ ids: some Sequence<LabConnection.ID>) {
    update { state in for id in ids { state.retire(id, false) } }
  }

  func holding(_ ids: some Sequence<LabConnection.ID>) -> Holding {
    look { state in
      var holding = Holding()
      for id in ids {
        guard let entry = state.entries[id] else { continue }
        holding.remaining += 1
        if entry.isActive { holding.inUse += 1 }
      }
      return holding
    }
  }

  /// Closes those of some connections that somebody has held for so long that nobody will give them back.
  ///
  /// - Parameters:
  ///   - ids: The connections that may be closed.
  ///   - limit: Microseconds.
  /// - Returns: How many were closed.
  func closeLeaked(_ ids: some Sequence<LabConnection.ID>, heldFor limit: Int64) -> Int {
    let now = LabClock.now
    let leaked = update { state in
      ids.compactMap { id -> LabConnection? in
        guard let entry = state.entries[id], entry.isActive, now - entry.since >= limit else { return nil }
        return state.remove(id)?.connection
      }
    }
    for connection in leaked { connection.close() }
    return leaked.count
  }

  /// Opens a connection for nobody yet, when the pool has room and fewer than so many.
  func replace(upTo size: Int) async throws(AttemptFailure) {
    guard update({ $0.total < size && $0.reserve() }) else { return }
    _ = try await open(isActive: false, until: nil)
  }
}
