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
  ///
  /// The pace of the sweep leaves connections out, which come again as they were: those are passed over. What is
  /// remembered of connections that are gone is dropped with the next sweep that leaves out none.
  mutating func record(_ connections: [ObservedConnection], at now: WallTime) {
    let new = connections.indices.filter { isNew(connections[$0]) }
    let isWhole = new.count == connections.count
    let (silencesBefore, countedBefore) = (silences, counted)
    if isWhole { (silences, counted) = ([:], []) }
    for index in new { record(connections[index], silencesBefore, countedBefore, at: now) }
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
    _ seen: borrowing ObservedConnection, _ silencesBefore: [Key: Duration], _ countedBefore: Set<Key>, at now: WallTime
  ) {
    let key = Key(namespace: seen.sample.namespace, cookie: seen.sample.cookie)
    let signals = seen.signals
    let place = RemotePlace(seen.sample)
    if signals.condition == .dead {
      if let idle = signals.idleBefore, idle >= Self.shortestSilence, !countedBefore.contains(key),
        makeRoom(for: place)
      {
        remotes[place, default: RemoteHistory()].recordFailed(idle, at: now)
      }
      counted.insert(key)
      silences[key] = nil
      return
    }
    if let took = signals.lastReply, makeRoom(for: place) {
      remotes[place, default: RemoteHistory()].recordReply(took, at: now)
    }
    guard let silence = seen.sample.silence else { return }
    if let before = silencesBefore[key], seen.sample.received(within: before), makeRoom(for: place) {
      remotes[place, default: RemoteHistory()].recordSurvived(before, at: now)
    }
    silences[key] = silence >= Self.shortestSilence ? silence : nil
  }

  /// False for a row that the sweep before had already: the pace leaves some out, which come again as they were.
  private func isNew(_ seen: borrowing ObservedConnection) -> Bool {
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
