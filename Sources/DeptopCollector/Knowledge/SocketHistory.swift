internal import DeptopModel

/// The past of the host's outbound connections, by where they go.
struct SocketHistory: Sendable {
  /// Remote addresses that are remembered; those that say nothing any more go first.
  static let remotesKept = 8192
  /// How often what is too old is let go of.
  static let expiry = Duration.seconds(10)
  /// Silences shorter than this say nothing of a path.
  static let shortestSilence = Duration.seconds(5)

  private(set) var remotes: [RemotePlace: RemoteHistory] = [:]
  /// How long each connection was silent at the last sweep, for those that were silent for long enough.
  private var silences: [Key: Duration] = [:]
  /// Dead connections whose idle time was counted already.
  private var counted: Set<Key> = []
  private var recordedAt: WallTime?
  private var expiredAt: WallTime?

  private struct Key: Sendable, Hashable {
    var namespace: NamespaceID
    var cookie: UInt64
  }

  /// Takes note of what one sweep shows of the past of each connection.
  mutating func record(_ connections: [ObservedConnection], at now: WallTime) {
    var silent: [Key: Duration] = [:]
    var dead: Set<Key> = []
    for index in connections.indices {
      record(connections[index], &silent, &dead, at: now)
    }
    silences = silent
    counted = dead
    recordedAt = now
    if expiredAt.map({ !(Duration.zero..<Self.expiry).contains(now - $0) }) ?? true { expire(at: now) }
  }

  mutating func record(_ closings: [ClosedConnection], at now: WallTime) {
    for closed in closings {
      let place = RemotePlace(closed.remote, in: closed.namespace)
      if makeRoom(for: place) { remotes[place, default: RemoteHistory()].record(closed) }
    }
  }

  private mutating func record(
    _ seen: ObservedConnection, _ silent: inout [Key: Duration], _ dead: inout Set<Key>, at now: WallTime
  ) {
    let key = Key(namespace: seen.sample.namespace, cookie: seen.sample.cookie)
    let signals = seen.signals
    let place = RemotePlace(seen.sample)
    if signals.condition == .dead {
      if let idle = signals.idleBefore, idle >= Self.shortestSilence, !counted.contains(key),
        makeRoom(for: place)
      {
        remotes[place, default: RemoteHistory()].recordFailed(idle, at: now)
      }
      dead.insert(key)
      return
    }
    if let took = signals.lastReply, isNew(seen), makeRoom(for: place) {
      remotes[place, default: RemoteHistory()].recordReply(took, at: now)
    }
    guard let silence = seen.sample.silence else { return }
    if let before = silences[key], seen.sample.received(within: before), makeRoom(for: place) {
      remotes[place, default: RemoteHistory()].recordSurvived(before, at: now)
    }
    if silence >= Self.shortestSilence { silent[key] = silence }
  }

  /// False for a row that the sweep before had already: the pace leaves some out, which come again as they were.
  private func isNew(_ seen: ObservedConnection) -> Bool {
    guard let sampledAt = seen.sampledAt, let recordedAt else { return true }
    return sampledAt > recordedAt
  }

  /// Makes room for a place; those go first that only tell of silences.
  private mutating func makeRoom(for place: RemotePlace) -> Bool {
    if remotes.count < Self.remotesKept || remotes[place] != nil { return true }
    guard let dispensable = remotes.first(where: { $0.value.tellsOfSilencesOnly })?.key else { return false }
    remotes[dispensable] = nil
    return true
  }

  private mutating func expire(at now: WallTime) {
    expiredAt = now
    for place in Array(remotes.keys) {
      remotes[place]?.expire(at: now)
      if remotes[place]?.isEmpty == true { remotes[place] = nil }
    }
  }
}

extension SocketSample {
  /// Time since anything was seen on the way; shorter than without data where keepalive is answered.
  fileprivate var silence: Duration? {
    guard let quiet, let info else { return nil }
    return min(quiet, .milliseconds(Int(info.lastAckReceivedMilliseconds)))
  }

  /// True when data came in after a silence of this length had been seen.
  fileprivate func received(within silence: Duration) -> Bool {
    guard let info else { return false }
    return .milliseconds(Int(info.lastDataReceivedMilliseconds)) < silence
  }
}
