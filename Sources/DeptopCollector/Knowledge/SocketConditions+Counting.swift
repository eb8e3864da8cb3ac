internal import DeptopModel

extension SocketConditions {
  /// Idle times that are listed.
  private static let idleTimesListed = 8

  /// Counts the conditions of one dependency's connections.
  ///
  /// - Parameters:
  ///   - connections: All of the host, as the sweep had them.
  ///   - indices: Those of the dependency.
  ///   - sweptAt: When it was made, for connections that do not say when they were sampled.
  ///   - replies: Response times as the sweeps could tell them.
  init(of connections: [ObservedConnection], at indices: [Int], sweptAt: WallTime, replies: ReplyEstimate?) {
    self.init()
    self.replies = replies
    for index in indices { add(connections[index], at: connections[index].sampledAt ?? sweptAt) }
    deadIdleBefore = Array(deadIdleBefore.sorted().prefix(Self.idleTimesListed))
    deadAddresses = Array(Set(deadAddresses)).sorted()
  }

  private mutating func add(_ seen: borrowing ObservedConnection, at time: WallTime) {
    let signals = seen.signals
    let since = signals.lasting.map { (time - $0).roundedToSecond }
    switch signals.condition {
    case .dead: addDead(seen, since)
    case .waiting:
      waiting += 1
      waitingSince = earliest(waitingSince, since)
    case .zeroWindow:
      zeroWindow += 1
      zeroWindowSince = earliest(zeroWindowSince, since)
    case .peerClosed:
      peerClosed += 1
      peerClosedSince = earliest(peerClosedSince, since)
    case .keepaliveUnanswered: keepaliveUnanswered += 1
    case .connectUnanswered: connectUnanswered += 1
    case .idle:
      if let quiet = seen.sample.quiet { idleSince = earliest(idleSince, (time - quiet).roundedToSecond) }
    case .unknown, .connecting, .active, .closing: break
    }
    switch signals.keepalive {
    case .off: keepaliveOff += 1
    case .on(let idle):
      keepaliveOn += 1
      keepaliveLongest = max(keepaliveLongest ?? .zero, idle.roundedToSecond)
    case .unknown: break
    }
  }

  private mutating func addDead(_ seen: borrowing ObservedConnection, _ since: WallTime?) {
    dead += 1
    deadSince = earliest(deadSince, since)
    deadAddresses.append(seen.sample.remote.address)
    if let idle = seen.signals.idleBefore { deadIdleBefore.append(idle.roundedToTenth) }
    guard let size = seen.signals.meanRetransmit, size > deadMeanRetransmit ?? -1 else { return }
    deadMeanRetransmit = size
    deadSegmentSize = seen.sample.info.map { Int($0.sendMSS) }
  }

  private func earliest(_ known: WallTime?, _ new: WallTime?) -> WallTime? {
    guard let known, let new else { return known ?? new }
    return min(known, new)
  }
}

extension Duration {
  /// What a sweep's rounding moves back and forth would make a row change for nothing.
  fileprivate var roundedToSecond: Duration { .seconds(seconds.rounded()) }
  var roundedToTenth: Duration { .seconds((seconds * 10).rounded() / 10) }
}

extension WallTime {
  var roundedToSecond: WallTime { WallTime(secondsSinceEpoch: secondsSinceEpoch.rounded()) }
}
