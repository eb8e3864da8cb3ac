internal import DeptopClient

extension CallStation {
  /// Replaces connections so that no request fails.
  func drain(_ command: OperatorCommand, _ progress: CommandProgress) async -> CommandEnd {
    let size = pool.look { $0.entries.count }
    let ids: [LabConnection.ID]
    do throws(AttemptFailure) {
      ids = try await meant(by: command)
    } catch {
      return .failed("\(spec.host) cannot be looked up: \(error.text)")
    }
    guard !ids.isEmpty else { return .done("no connection is meant") }
    // Whoever names the connections has chosen how many at a time; a scope is paced here.
    let step = command.connections == nil ? DrainPace.step(of: size) : ids.count
    let drain = PoolDrain(pool: pool, ids: ids, size: size, patience: patience)
    return await drain.run(step: step, progress)
  }

  /// How long a call may hold a connection before it is one that never gives it back, microseconds.
  private var patience: Int64 {
    2 * Moment.microseconds(spec.limits.deadline ?? spec.limits.read ?? 5)
  }

  private func meant(by command: OperatorCommand) async throws(AttemptFailure) -> [LabConnection.ID] {
    if let chosen = command.connections.map(Set.init) {
      return pool.connections { entry in
        chosen.contains(
          CommandTarget(localAddress: entry.connection.localAddress, localPort: entry.connection.localPort))
      }
    }
    switch command.scope {
    case .all: return pool.connections { _ in true }
    case .idle: return pool.connections { !$0.isActive }
    case .stale:
      let addresses = try await names.ask(spec.host, caching: spec.names, until: nil)
      return pool.connections { !addresses.contains($0.connection.remoteAddress) }
    }
  }
}

/// How many connections are replaced at a time when nobody else decides.
enum DrainPace {
  /// A fifth of the pool, at least one.
  static func step(of size: Int) -> Int { max(1, size / 5) }
}

/// One drain of a pool, step by step.
struct PoolDrain: Sendable {
  /// How often the connections that are still in use are counted.
  private static let look = Duration.milliseconds(50)

  let pool: ConnectionPool
  let ids: [LabConnection.ID]
  /// Connections that the pool had, and is to have again.
  let size: Int
  /// How long a connection may be held, microseconds.
  let patience: Int64

  /// What has been done so far.
  private struct Tally {
    var leaked = 0
  }

  func run(step: Int, _ progress: CommandProgress) async -> CommandEnd {
    var tally = Tally()
    var left = ids[...]
    while !left.isEmpty {
      let batch = left.prefix(step)
      left = left.dropFirst(step)
      guard !progress.isCancelled else { return stopped() }
      _ = pool.retire(batch)
      if let end = await settle(batch, &tally, progress) { return end }
    }
    let text = "\(ids.count) connections were replaced"
    return .done(tally.leaked == 0 ? text : "\(text), \(tally.leaked) of them leaked: closed while they were held")
  }

  /// Opens what replaces a batch, and waits for those that are in use; the end when it cannot go on.
  private func settle(
    _ batch: ArraySlice<LabConnection.ID>, _ tally: inout Tally, _ progress: CommandProgress
  ) async -> CommandEnd? {
    while true {
      do throws(AttemptFailure) {
        try await refill()
      } catch {
        pool.keepAfterAll(ids)
        return .failed("a replacement cannot be opened: \(error.text); \(done) of \(ids.count) were closed")
      }
      tally.leaked += pool.closeLeaked(batch, heldFor: patience)
      let holding = pool.holding(ids)
      progress.report(remaining: holding.remaining, inUse: holding.inUse)
      if pool.holding(batch).remaining == 0, pool.look({ $0.total >= min(size, $0.max) }) { return nil }
      do {
        try await Task.sleep(for: PoolDrain.look)
      } catch {
        return stopped()
      }
      if progress.isCancelled { return stopped() }
    }
  }

  private func refill() async throws(AttemptFailure) {
    while pool.look({ $0.total < min(size, $0.max) && !$0.isClosed }) { try await pool.replace(upTo: size) }
  }

  private var done: Int { ids.count - pool.holding(ids).remaining }

  /// Ends it early: what is not closed yet stays.
  private func stopped() -> CommandEnd {
    pool.keepAfterAll(ids)
    return .failed("stopped: \(done) of \(ids.count) connections were replaced")
  }
}
