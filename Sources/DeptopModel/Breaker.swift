/// The states of a circuit breaker.
package enum BreakerState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Calls pass and are judged.
  case closed
  /// Calls are rejected until the wait is over.
  case open
  /// A few calls pass to find out whether to close.
  case halfOpen = "half-open"
  /// Somebody opened it; it stays so until somebody closes it.
  case forcedOpen = "forced-open"
  /// Calls pass and nothing is judged.
  case disabled

  /// True when calls reach the dependency, if only a few.
  package var letsCallsPass: Bool { self != .open && self != .forcedOpen }

  /// How much it keeps callers from the dependency; larger is worse.
  package var severity: Int {
    switch self {
    case .closed: 0
    case .disabled: 1
    case .halfOpen: 2
    case .open: 3
    case .forcedOpen: 4
    }
  }
}

/// One client's breaker in front of a dependency.
package struct BreakerReading: Sendable, Hashable, Codable {
  package var client: String
  /// The breaker's own name, where it has one.
  package var name: String?
  package var state: BreakerState
  /// When it entered the state; nil when not known.
  package var since: WallTime?
  /// Why it entered the state, in the client's words.
  package var reason: String?
  /// Calls that it rejected since the client started; nil when not counted.
  package var notPermitted: UInt64?
  /// The share of failures that it sees, 0…1; nil below its minimum number of calls.
  package var failureRatio: Double?
  /// How long it stays open before it tries again; nil when not known.
  package var openWait: Duration?
  /// The newest, oldest first; at most ``transitionsKept``.
  package var transitions: [BreakerTransition]
  /// Clients that it stands for, where a table has several quiet breakers as one; nil means its own alone.
  package var standsFor: Int?

  package static let transitionsKept = 20

  private enum CodingKeys: String, CodingKey {
    case client, name, state, since, reason, notPermitted, failureRatio, transitions, standsFor
    case openWait = "openWaitSeconds"
  }

  package init(
    client: String, name: String? = nil, state: BreakerState, since: WallTime? = nil, reason: String? = nil,
    notPermitted: UInt64? = nil, failureRatio: Double? = nil, openWait: Duration? = nil,
    transitions: [BreakerTransition] = []
  ) {
    self.client = client
    self.name = name
    self.state = state
    self.since = since
    self.reason = reason
    self.notPermitted = notPermitted
    self.failureRatio = failureRatio
    self.openWait = openWait
    self.transitions = transitions
  }
}

/// One change of a breaker's state.
package struct BreakerTransition: Sendable, Hashable, Codable {
  package var at: WallTime
  package var from: BreakerState
  package var to: BreakerState
  package var reason: String?

  package init(at: WallTime, from: BreakerState, to: BreakerState, reason: String? = nil) {
    self.at = at
    self.from = from
    self.to = to
    self.reason = reason
  }
}
