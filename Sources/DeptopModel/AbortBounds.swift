/// What a running action must not make worse: as soon as one of these is crossed it stops by itself.
package struct AbortBounds: Sendable, Hashable, Codable {
  /// New connections that fail within one step, from which on it stops.
  package static let failedConnects = 2
  /// How much the error ratio may rise, 0…1, and by which factor; crossed by whichever comes first.
  package static let errorRise = 0.02
  package static let errorFactor = 1.5
  /// Failed requests / requests when the plan was made from which on their ratio is no bound: it follows the outage then,
  /// and not the action that ends it.
  package static let outage = 0.2
  /// Requests that have to have ended before their ratio says anything.
  package static let requests = 20
  /// How long more callers may wait than before.
  package static let waiting = Duration.seconds(3)
  /// The slowest that a new connection may open, however slow the pre-flight was.
  package static let slowestConnect = Duration.seconds(1)
  /// The fastest limit: below it a scheduler's delay would pass for a slow network.
  package static let shortestLimit = Duration.milliseconds(200)
  /// How much slower than in the pre-flight new connections may open.
  package static let connectFactor = 3.0

  /// True when it can stop between two steps; else all is told at once, and a crossed bound is only told.
  package var canStop: Bool
  /// The time within which 95 % of the pre-flight's connections opened.
  package var connectBaseline: Duration
  /// The time within which new connections have to open.
  package var connectLimit: Duration
  /// Failed requests / requests when the plan was made, 0…1; nil when nobody reports calls.
  package var errorBaseline: Double?
  /// Callers that waited for a connection when the plan was made; nil when no pool counts them.
  package var callersWaiting: Int?
  /// The longest that the whole action may take.
  package var timeLimit: Duration

  private enum CodingKeys: String, CodingKey {
    case canStop, errorBaseline, callersWaiting
    case connectBaseline = "connectBaselineSeconds"
    case connectLimit = "connectLimitSeconds"
    case timeLimit = "timeLimitSeconds"
  }

  /// Bounds around what the pre-flight measured.
  package init(
    canStop: Bool, connectBaseline: Duration, errorBaseline: Double? = nil, callersWaiting: Int? = nil,
    timeLimit: Duration
  ) {
    self.canStop = canStop
    self.connectBaseline = connectBaseline
    let slower = max(AbortBounds.shortestLimit, connectBaseline * AbortBounds.connectFactor)
    connectLimit = min(AbortBounds.slowestConnect, slower)
    self.errorBaseline = errorBaseline
    self.callersWaiting = callersWaiting
    self.timeLimit = timeLimit
  }
}
