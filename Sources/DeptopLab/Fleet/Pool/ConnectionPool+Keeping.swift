internal import NIOCore

extension ConnectionPool {
  /// How often the pool looks after its idle connections.
  static let round = TimeAmount.milliseconds(100)
  /// How long it waits after a connection that it wanted for itself failed, microseconds.
  private static let pause: Int64 = 1_000_000

  /// Looks after idle connections until the pool is closed: closes old ones, keeps the minimum open.
  func keep() async {
    var mayOpen: Int64 = 0
    while !look({ $0.isClosed }), !Task.isCancelled {
      closeOld()
      if LabClock.now >= mayOpen, await !fill() { mayOpen = LabClock.now + ConnectionPool.pause }
      do {
        try await Task.sleep(nanoseconds: UInt64(ConnectionPool.round.nanoseconds))
      } catch {
        return
      }
    }
  }

  /// Opens connections up to the minimum; false when one failed.
  private func fill() async -> Bool {
    let minimum = call.pool.minimum
    while update({ $0.total < min(minimum, $0.max) && $0.reserve() }) {
      do throws(AttemptFailure) {
        _ = try await open(isActive: false, until: nil)
      } catch {
        return false
      }
    }
    return true
  }

  private func closeOld() {
    let (call, now) = (call, LabClock.now)
    let closed = update { state in
      var closed: [LabConnection] = []
      for id in state.idle {
        guard let entry = state.entries[id] else { continue }
        let isOld = call.pool.maximumLifetime.map { now - entry.openedAt >= Moment.microseconds($0) } ?? false
        let isIdle = call.pool.idleTimeout.map { now - entry.since >= Moment.microseconds($0) } ?? false
        guard isOld || isIdle && state.total > call.pool.minimum else { continue }
        if let removed = state.remove(id) { closed.append(removed.connection) }
      }
      return closed
    }
    for connection in closed { connection.close() }
  }
}
