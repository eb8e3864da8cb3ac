internal import DeptopControl
internal import DeptopModel

/// The figures that a drain keeps to whose connections the clients name.
enum AgentPace {
  /// Live connections that move in one step: of a client, and of all clients together, as a share of those there are.
  static let divisor = 5
  /// How many may move at once of clients whose calls fail anyway, as far as half of them stay: a tenth of the 100
  /// connections that PostgreSQL takes unless told otherwise, so no server's limit is near.
  static let atOnce = 10
  /// Failed / ended calls from which on a client's calls fail, those not counted that only waited for a connection: what
  /// pace protects is gone then, and each step that waits lengthens the outage.
  static let failingRatio = 0.9
  /// The shortest time between two steps, before it is varied.
  static let shortestGap = Duration.seconds(1)
  /// The same while none but clients whose calls fail are left: a new connection is seen to open all the same.
  static let failingGap = Duration.milliseconds(100)
  /// How many times the pre-flight's connect time two steps are apart at least.
  static let gapFactor = 3.0
  static let jitter = 0.5...1.5
  /// How often it is looked whether a batch is gone.
  static let look = Duration.milliseconds(100)
  /// Looks for which the kernel's table may lag behind the client's word: it may be read each 5 s only.
  static let kernelLooks = 60
  /// Looks for which what is gone may take to be replaced, before the next batch goes as far as half of the pool stays:
  /// 3 s.
  static let replacementLooks = 30
  /// Looks at which nothing may be told because too few connections are ready, or the table is not read: 30 s.
  static let heldUpLooks = 300
  /// Batches of one client that may fail.
  static let failures = 2
  /// What a step may take beyond its gap: the client's close, its new connection, the kernel's table.
  static let settling = Duration.seconds(3)

  /// Live connections of which at most so many may go now.
  ///
  /// - Parameters:
  ///   - live: Usable connections of the client when it began.
  ///   - ready: Usable connections of it now, without those that it was told to close.
  ///   - isFailing: Whether its calls fail.
  /// - Returns: A fifth, or half of few where calls fail, at least one, so that half of the pool as it was stays ready. The
  ///   only connection of a client may go: nothing could be drained otherwise.
  static func batch(live: Int, ready: Int, isFailing: Bool = false) -> Int {
    let kept = live == 1 ? 0 : (live + 1) / 2
    return max(0, min(share(of: live, failing: isFailing ? live : 0), ready - kept))
  }

  /// What may move in one step of so many live connections, of which so many belong to clients whose calls fail.
  static func share(of live: Int, failing: Int = 0) -> Int { max(1, live / divisor, min(failing / 2, atOnce)) }

  /// True when what a client did in its latest window failed, nearly all of it.
  ///
  /// Callers that waited for a connection in vain say nothing of what those do that have one.
  static func isFailing(_ calls: CallReading?) -> Bool {
    guard let calls, let ended = calls.ended, ended >= CallReading.leastEnded, let failed = calls.failed else {
      return false
    }
    let unserved = calls.counts.timeouts?[.poolAcquire] ?? 0
    return Double(failed) - Double(unserved) >= Double(ended) * failingRatio
  }

  /// The pause after a step.
  static func gap(connect: Duration?, isFailing: Bool = false, jitter: Double) -> Duration {
    let gap = max(isFailing ? failingGap : shortestGap, (connect ?? .zero) * gapFactor)
    return gap * min(AgentPace.jitter.upperBound, max(AgentPace.jitter.lowerBound, jitter))
  }

  /// The most steps that clients with so many connections in the plan, of so many that are usable, will take.
  static func steps(of clients: [(planned: Int, live: Int)]) -> Int {
    let each = clients.map { ($0.planned + share(of: $0.live) - 1) / share(of: $0.live) }.max() ?? 0
    let total = share(of: clients.reduce(0) { $0 + $1.live })
    let together = (clients.reduce(0) { $0 + $1.planned } + total - 1) / total
    return max(1, each, together)
  }

  /// The longest that a paced drain may take: its steps with the longest gaps, and the wait for what is in use.
  static func timeLimit(steps: Int, connect: Duration, drainTimeout: Duration) -> Duration {
    let gap = gap(connect: connect, jitter: jitter.upperBound)
    return min(ActionPace.longestExecution, (gap + settling) * Double(steps) + drainTimeout)
  }
}
