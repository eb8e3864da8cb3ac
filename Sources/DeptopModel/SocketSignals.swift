/// What the kernel's figures of one connection amount to.
///
/// The mechanisms and bounds are those of the socket decision table in the catalogue of `DeptopDiagnosis`.
package struct SocketSignals: Sendable, Hashable, Codable {
  package var condition: Condition
  /// How long it has been so: the age of the request that waits, of the first stuck send, of the peer's end.
  package var lasting: Duration?
  /// For a dead path: how long the connection was idle before the send that is stuck.
  package var idleBefore: Duration?
  /// Sends, probes or connection requests in a row that nothing has answered.
  package var unanswered: Int
  /// Mean size of what was sent again since it was last well, in bytes.
  package var meanRetransmit: Int?
  package var keepalive: Keepalive
  /// Time from the last send to the last byte of its reply, for an exchange that ended between two sweeps.
  package var lastReply: Duration?

  /// The one word for a connection.
  package enum Condition: String, Sendable, Hashable, Codable, CaseIterable {
    /// The kernel gives no figures for it.
    case unknown
    case connecting
    /// SYN sent again, and not answered.
    case connectUnanswered
    /// Data is under way, and acknowledgements come.
    case active
    /// A request was sent and acknowledged, and its reply has not come.
    case waiting
    case idle
    /// Data is unacknowledged and was sent again at least twice: nothing comes back on this path.
    case dead
    /// Idle, and the kernel's keepalive probes are not answered.
    case keepaliveUnanswered
    /// The peer takes no more data: its receive window is closed.
    case zeroWindow
    /// The peer has closed, the application has not.
    case peerClosed
    case closing
  }

  /// What the keepalive timer tells.
  package enum Keepalive: Sendable, Hashable {
    /// Another timer hides it, or the state has none.
    case unknown
    /// Idle without a keepalive timer: a silent peer will not be noticed.
    case off
    /// Idle time before the first probe, at least this long.
    case on(atLeast: Duration)
  }

  private enum CodingKeys: String, CodingKey {
    case condition, unanswered, meanRetransmit, keepalive
    case lasting = "lastingSeconds"
    case idleBefore = "idleBeforeSeconds"
    case lastReply = "lastReplySeconds"
  }

  package init(
    _ condition: Condition, lasting: Duration? = nil, idleBefore: Duration? = nil, unanswered: Int = 0,
    meanRetransmit: Int? = nil, keepalive: Keepalive = .unknown, lastReply: Duration? = nil
  ) {
    self.condition = condition
    self.lasting = lasting
    self.idleBefore = idleBefore
    self.unanswered = unanswered
    self.meanRetransmit = meanRetransmit
    self.keepalive = keepalive
    self.lastReply = lastReply
  }
}

extension SocketSignals.Keepalive: Codable {
  private enum CodingKeys: String, CodingKey {
    case state
    case idle = "atLeastSeconds"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(String.self, forKey: .state) {
    case "on": self = .on(atLeast: try container.decode(Duration.self, forKey: .idle))
    case "off": self = .off
    default: self = .unknown
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .unknown: try container.encode("unknown", forKey: .state)
    case .off: try container.encode("off", forKey: .state)
    case .on(let idle):
      try container.encode("on", forKey: .state)
      try container.encode(idle, forKey: .idle)
    }
  }
}

/// The connections of a dependency, counted by condition.
///
/// Moments instead of ages, so that a dependency of which nothing changed stays equal.
package struct SocketConditions: Sendable, Hashable, Codable {
  package var dead = 0
  /// When the first of the stuck sends was made.
  package var deadSince: WallTime?
  /// Idle times before the stuck sends, ascending; at most eight.
  package var deadIdleBefore: [Duration] = []
  /// The largest mean size of what dead connections sent again, and their segment size, in bytes.
  package var deadMeanRetransmit: Int?
  package var deadSegmentSize: Int?
  /// The addresses that dead connections go to, ascending.
  package var deadAddresses: [IPAddress] = []
  package var waiting = 0
  /// When the oldest request that waits was sent.
  package var waitingSince: WallTime?
  package var zeroWindow = 0
  package var zeroWindowSince: WallTime?
  package var keepaliveUnanswered = 0
  package var connectUnanswered = 0
  package var peerClosed = 0
  package var peerClosedSince: WallTime?
  /// Idle connections without keepalive, and with.
  package var keepaliveOff = 0
  package var keepaliveOn = 0
  /// The longest keepalive time among those with, at least.
  package var keepaliveLongest: Duration?
  /// The longest that a connection is idle now, since it last moved data; nil when none is.
  package var idleSince: WallTime?
  /// Response times as the sweeps can tell them; nil when none was seen in the last minute.
  package var replies: ReplyEstimate?

  private enum CodingKeys: String, CodingKey {
    case dead, deadSince, deadMeanRetransmit, deadSegmentSize, deadAddresses, waiting, waitingSince, zeroWindow
    case zeroWindowSince, keepaliveUnanswered, connectUnanswered, peerClosed, peerClosedSince, keepaliveOff
    case keepaliveOn, idleSince, replies
    case deadIdleBefore = "deadIdleBeforeSeconds"
    case keepaliveLongest = "keepaliveLongestSeconds"
  }

  package init() {}
}

/// Response times estimated from the socket table: one exchange a connection and sweep at the most.
///
/// Never mixed with measured response times: most exchanges of a busy connection are not seen, and a sweep rounds to
/// the kernel's tick.
package struct ReplyEstimate: Sendable, Hashable, Codable {
  package var median: Duration
  /// The slowest one seen.
  package var slowest: Duration
  package var samples: Int
  /// The pause between two sweeps.
  package var resolution: Duration

  private enum CodingKeys: String, CodingKey {
    case samples
    case median = "medianSeconds"
    case slowest = "slowestSeconds"
    case resolution = "resolutionSeconds"
  }

  package init(median: Duration, slowest: Duration, samples: Int, resolution: Duration) {
    self.median = median
    self.slowest = slowest
    self.samples = samples
    self.resolution = resolution
  }
}
