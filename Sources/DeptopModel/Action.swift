/// What an operator can ask for.
package enum ActionVerb: String, Sendable, Hashable, Codable, CaseIterable {
  /// Retire connections so that no request in flight fails.
  case drain
  /// Make the client look its dependency's name up again.
  case resolve
  /// Put a client's circuit breaker into a state.
  case breaker
  /// Repair connections without the help of the process that holds them.
  case repair

  /// Those that the system itself carries out which holds the connections.
  package static let native: [ActionVerb] = [.drain, .resolve, .breaker]
}

/// Which connections an action is about.
package enum ActionScope: String, Sendable, Hashable, Codable, CaseIterable {
  /// Connections on addresses that left DNS.
  case stale
  case idle
  case all
}

/// Whether a verb can be used on a dependency, and if not, why.
package struct ActionOffer: Sendable, Hashable, Codable {
  package var verb: ActionVerb
  /// nil when the action is possible.
  package var unavailable: String?
  /// The states that a breaker can be put into, for ``ActionVerb/breaker``.
  package var breakerStates: [BreakerState]?
  /// The ways of repair, for ``ActionVerb/repair``.
  package var repairs: [RepairOffer]?

  package init(
    verb: ActionVerb, unavailable: String? = nil, breakerStates: [BreakerState]? = nil, repairs: [RepairOffer]? = nil
  ) {
    self.verb = verb
    self.unavailable = unavailable
    self.breakerStates = breakerStates
    self.repairs = repairs
  }
}

/// A request for a plan.
package struct PlanRequest: Sendable, Hashable, Codable {
  package var verb: ActionVerb
  package var dependency: DependencyID
  package var scope: ActionScope
  /// The state to put breakers into, for ``ActionVerb/breaker``.
  package var breaker: BreakerState?
  /// How to repair, for ``ActionVerb/repair``.
  package var repair: RepairMethod?
  /// One client alone, by its name; nil means every client.
  package var client: String?
  /// Why, in the operator's words; kept in the audit.
  package var reason: String?

  package init(
    verb: ActionVerb, dependency: DependencyID, scope: ActionScope = .stale, breaker: BreakerState? = nil,
    repair: RepairMethod? = nil, client: String? = nil, reason: String? = nil
  ) {
    self.verb = verb
    self.dependency = dependency
    self.scope = scope
    self.breaker = breaker
    self.repair = repair
    self.client = client
    self.reason = reason
  }
}

/// Exactly what an action will do, stored until it is executed or expires.
package struct Plan: Sendable, Hashable, Codable, Identifiable {
  package var id: PlanID
  /// A fingerprint of the targets and the addresses that the plan was made for.
  package var digest: String
  package var createdAt: WallTime
  package var expiresAt: WallTime
  package var request: PlanRequest
  /// The connections that the action replaces.
  package var targets: [PlanTarget]
  /// The clients that are told to act.
  package var clients: [PlanClient]
  /// The addresses that new connections are expected on.
  package var destinations: [SocketAddress]
  /// What the operator reads, in order.
  package var lines: [PlanLine]
  package var confirmation: Confirmation
  /// How long active connections are waited for.
  package var drainTimeout: Duration
  /// What makes it stop by itself; nil when it opens no connection.
  package var bounds: AbortBounds?

  /// What an operator must do to confirm; grows with the risk.
  package enum Confirmation: String, Sendable, Hashable, Codable {
    /// Nothing is in use: one key.
    case key
    /// Something is in use: type the dependency's name.
    case typeName
  }

  private enum CodingKeys: String, CodingKey {
    case id, digest, createdAt, expiresAt, request, targets, clients, destinations, lines, confirmation, bounds
    case drainTimeout = "drainTimeoutSeconds"
  }

  package init(
    id: PlanID, digest: String, createdAt: WallTime, expiresAt: WallTime, request: PlanRequest, targets: [PlanTarget],
    clients: [PlanClient] = [], destinations: [SocketAddress], lines: [PlanLine], confirmation: Confirmation,
    drainTimeout: Duration, bounds: AbortBounds? = nil
  ) {
    self.id = id
    self.digest = digest
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.request = request
    self.targets = targets
    self.clients = clients
    self.destinations = destinations
    self.lines = lines
    self.confirmation = confirmation
    self.drainTimeout = drainTimeout
    self.bounds = bounds
  }
}

/// One client that a plan has act.
package struct PlanClient: Sendable, Hashable, Codable, Comparable {
  package var name: String
  package var source: SourceID
  /// The dependency as the client calls it.
  package var dependency: String
  /// True when it is told which connections to replace, batch by batch; else it is told the scope, once.
  package var choosesConnections: Bool?
  /// True when all of its connections are in the plan and its calls fail: no work is left on them that pace protects.
  package var isFailing: Bool?

  package init(
    name: String, source: SourceID, dependency: String, choosesConnections: Bool? = nil, isFailing: Bool? = nil
  ) {
    self.name = name
    self.source = source
    self.dependency = dependency
    self.choosesConnections = choosesConnections
    self.isFailing = isFailing
  }

  package static func < (left: PlanClient, right: PlanClient) -> Bool {
    (left.name, left.source, left.dependency) < (right.name, right.source, right.dependency)
  }
}

/// One connection that a plan is about.
package struct PlanTarget: Sendable, Hashable, Codable {
  /// The kernel's identity of the socket, hexadecimal.
  package var cookie: String
  package var local: SocketAddress
  package var remote: SocketAddress
  package var isActive: Bool
  /// True when it is on an address that left DNS.
  package var isStale: Bool
  /// True when nothing comes back on its path, so that nothing can be lost by closing it.
  package var isDead: Bool
  /// What is done to it, for ``ActionVerb/repair``.
  package var treatment: SocketTreatment?
  /// What it has to be recognized by, for ``ActionVerb/repair``.
  package var socket: SocketIdentity?

  package init(
    cookie: String, local: SocketAddress, remote: SocketAddress, isActive: Bool, isStale: Bool, isDead: Bool = false,
    treatment: SocketTreatment? = nil, socket: SocketIdentity? = nil
  ) {
    self.cookie = cookie
    self.local = local
    self.remote = remote
    self.isActive = isActive
    self.isStale = isStale
    self.isDead = isDead
    self.treatment = treatment
    self.socket = socket
  }
}

/// One line of a plan as the operator reads it.
package struct PlanLine: Sendable, Hashable, Codable {
  /// `closes now`, `on return`, `keeps`, `pace`, `pre-flight`, `cannot`, `risk`, `same as`.
  package var label: String
  package var text: String

  package init(_ label: String, _ text: String) {
    self.label = label
    self.text = text
  }
}

/// Who asked, from the peer's credentials.
package struct Actor: Sendable, Hashable, Codable {
  package var uid: UInt32
  package var pid: Int32
  /// The user's name where the host knows one.
  package var user: String?

  package init(uid: UInt32, pid: Int32, user: String?) {
    self.uid = uid
    self.pid = pid
    self.user = user
  }

  /// `alice (uid 1000)`.
  package var label: String { user.map { "\($0) (uid \(uid))" } ?? "uid \(uid)" }
}

/// One execution of a plan, from its first step to its verdict.
package struct ActionStatus: Sendable, Hashable, Codable, Identifiable {
  package var id: ActionID
  package var plan: PlanID
  package var verb: ActionVerb
  package var dependency: DependencyID
  package var actor: Actor
  package var reason: String?
  package var startedAt: WallTime
  package var phase: Phase
  /// What happened so far, oldest first.
  package var progress: [ProgressEntry]
  /// nil while it runs.
  package var verdict: Verdict?

  /// The steps of every action, in order.
  package enum Phase: String, Sendable, Hashable, Codable {
    case preflight, waiting, executing, draining, verifying, finished
  }

  package init(
    id: ActionID, plan: PlanID, verb: ActionVerb, dependency: DependencyID, actor: Actor, reason: String?,
    startedAt: WallTime
  ) {
    self.id = id
    self.plan = plan
    self.verb = verb
    self.dependency = dependency
    self.actor = actor
    self.reason = reason
    self.startedAt = startedAt
    phase = .preflight
    progress = []
    verdict = nil
  }
}

/// One thing that happened during an action.
package struct ProgressEntry: Sendable, Hashable, Codable {
  package var at: WallTime
  package var text: String

  package init(at: WallTime, text: String) {
    self.at = at
    self.text = text
  }
}

/// How an action ended, proved by what was read before and after.
package struct Verdict: Sendable, Hashable, Codable {
  package var outcome: Outcome
  package var endedAt: WallTime
  package var duration: Duration
  package var comparisons: [Comparison]
  /// What is left to do, or why it failed.
  package var notes: [String]

  /// What an action came to.
  package enum Outcome: String, Sendable, Hashable, Codable {
    /// Every target is gone and every connection is where it should be.
    case healed
    /// Some targets are left.
    case partial
    case failed
    case aborted
    /// The collector ended while the action ran.
    case interrupted
  }

  private enum CodingKeys: String, CodingKey {
    case outcome, endedAt, comparisons, notes
    case duration = "durationSeconds"
  }

  package init(
    outcome: Outcome, endedAt: WallTime, duration: Duration, comparisons: [Comparison], notes: [String]
  ) {
    self.outcome = outcome
    self.endedAt = endedAt
    self.duration = duration
    self.comparisons = comparisons
    self.notes = notes
  }
}

/// One reading before and after an action.
package struct Comparison: Sendable, Hashable, Codable {
  package var reading: String
  package var before: String
  package var after: String
  /// Where the second value was read, and anything the reader should know.
  package var note: String?

  package init(reading: String, before: String, after: String, note: String? = nil) {
    self.reading = reading
    self.before = before
    self.after = after
    self.note = note
  }
}

/// One line of the audit: append-only.
package struct AuditEntry: Sendable, Hashable, Codable {
  package var at: WallTime
  package var actor: Actor
  package var event: Event
  package var verb: ActionVerb
  package var dependency: DependencyID
  package var plan: PlanID?
  package var action: ActionID?
  package var reason: String?
  /// One sentence: what was asked, refused or found.
  package var result: String
  package var duration: Duration?

  /// What is recorded.
  package enum Event: String, Sendable, Hashable, Codable {
    case refused, started, finished, interrupted
    /// How far an action is that goes step by step.
    case progress
  }

  private enum CodingKeys: String, CodingKey {
    case at, actor, event, verb, dependency, plan, action, reason, result
    case duration = "durationSeconds"
  }

  package init(
    at: WallTime, actor: Actor, event: Event, verb: ActionVerb, dependency: DependencyID, plan: PlanID?,
    action: ActionID?, reason: String?, result: String, duration: Duration?
  ) {
    self.at = at
    self.actor = actor
    self.event = event
    self.verb = verb
    self.dependency = dependency
    self.plan = plan
    self.action = action
    self.reason = reason
    self.result = result
    self.duration = duration
  }
}
