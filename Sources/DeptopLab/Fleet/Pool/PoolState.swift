/// The connections of a pool and the callers that wait for one: decisions without I/O.
struct PoolState {
  /// A connection and what the pool knows of it.
  struct Entry {
    let connection: LabConnection
    let openedAt: Int64
    /// When it was taken, or given back.
    var since: Int64
    var isActive: Bool
    /// True when it is closed as soon as it is given back.
    var isRetired = false
  }

  /// A caller in the queue.
  struct Waiter {
    let id: Int
    let since: Int64
    /// What is done when it is its turn.
    var turn: @Sendable (Turn) -> Void
  }

  /// What a waiting caller is given: a connection, or the right to open one.
  enum Turn {
    case connection(LabConnection), slot
  }

  /// What a caller gets at once.
  enum Taking {
    /// `idleFor` is the time since it was given back, microseconds.
    case connection(LabConnection, idleFor: Int64)
    case slot, queue, closed
  }

  var max: Int
  private(set) var entries: [LabConnection.ID: Entry] = [:]
  /// Those that are ready for use; the last one was given back last.
  private(set) var idle: [LabConnection.ID] = []
  /// Connections that are being opened: each holds a place.
  private(set) var opening = 0
  /// In the order of their coming.
  private(set) var waiters: [Waiter] = []
  private var nextWaiter = 0
  var isClosed = false

  init(max: Int) {
    self.max = max
  }

  var total: Int { entries.count + opening }
  private var hasRoom: Bool { total < Swift.max(1, max) }

  /// A connection, the right to open one, or the queue; those who wait already come first.
  mutating func take(at now: Int64) -> Taking {
    if isClosed { return .closed }
    guard waiters.isEmpty else { return .queue }
    if let found = takeIdle(at: now) { return .connection(found.connection, idleFor: now - found.since) }
    guard hasRoom else { return .queue }
    opening += 1
    return .slot
  }

  private mutating func takeIdle(at now: Int64) -> Entry? {
    guard let id = idle.popLast(), let entry = entries[id] else { return nil }
    entries[id]?.isActive = true
    entries[id]?.since = now
    return entry
  }

  /// Swaps a connection that proved dead for another idle one, or for the right to open one in its place.
  mutating func swap(_ id: LabConnection.ID, at now: Int64) -> Taking {
    let held = entries.removeValue(forKey: id) != nil
    if isClosed { return .closed }
    if let found = takeIdle(at: now) { return .connection(found.connection, idleFor: now - found.since) }
    guard held || hasRoom else { return .queue }
    opening += 1
    return .slot
  }

  /// Queues a caller.
  ///
  /// - Returns: Its number in the queue.
  mutating func enqueue(at now: Int64, _ turn: @escaping @Sendable (Turn) -> Void) -> Int {
    nextWaiter += 1
    waiters.append(Waiter(id: nextWaiter, since: now, turn: turn))
    return nextWaiter
  }

  /// Takes a caller out of the queue, or leaves its place to work for nobody.
  ///
  /// - Returns: False when it had its turn already.
  mutating func giveUp(_ waiter: Int, late: (@Sendable (Turn) -> Void)?) -> Bool {
    guard let index = waiters.firstIndex(where: { $0.id == waiter }) else { return false }
    if let late { waiters[index].turn = late } else { waiters.remove(at: index) }
    return true
  }

  /// A connection was opened in a place that was held for it.
  mutating func opened(_ connection: LabConnection, isActive: Bool, at now: Int64) {
    opening -= 1
    entries[connection.id] = Entry(connection: connection, openedAt: now, since: now, isActive: isActive)
    if !isActive { idle.append(connection.id) }
  }

  mutating func openingFailed() { opening -= 1 }

  /// Holds a place for a connection that is opened for nobody yet; false when there is none.
  mutating func reserve() -> Bool {
    guard !isClosed, hasRoom else { return false }
    opening += 1
    return true
  }

  /// Takes a connection back.
  ///
  /// - Returns: True when it stays in the pool.
  mutating func giveBack(_ id: LabConnection.ID, isGood: Bool, at now: Int64) -> Bool {
    guard let entry = entries[id], entry.isActive else { return false }
    guard isGood, !entry.isRetired, !isClosed, entry.connection.isOpen, total <= Swift.max(1, max) else {
      entries[id] = nil
      return false
    }
    entries[id]?.since = now
    entries[id]?.isActive = false
    idle.append(id)
    return true
  }

  /// Forgets a connection, whatever it does.
  @discardableResult
  mutating func remove(_ id: LabConnection.ID) -> Entry? {
    idle.removeAll { $0 == id }
    return entries.removeValue(forKey: id)
  }

  /// Whose turn it is, each with what it gets; the oldest come first.
  mutating func turns(at now: Int64) -> [(Waiter, Turn)] {
    var turns: [(Waiter, Turn)] = []
    while !waiters.isEmpty {
      if let found = takeIdle(at: now) {
        turns.append((waiters.removeFirst(), .connection(found.connection)))
      } else if hasRoom || isClosed {
        opening += 1
        turns.append((waiters.removeFirst(), .slot))
      } else {
        break
      }
    }
    return turns
  }

  mutating func retire(_ id: LabConnection.ID, _ isRetired: Bool) { entries[id]?.isRetired = isRetired }
}
