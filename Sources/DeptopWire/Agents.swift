package import DeptopModel

/// `PUT /v1/agents/ID`: what one application says about its dependencies.
///
/// A report replaces the one before: a dependency that is left out is no longer reported. Counts grow from
/// ``countingSince`` on; an agent that restarts sends another moment there, or smaller counts.
package struct AgentReport: Sendable, Hashable, Codable {
  /// Whose report it is, as the screen shows it; nil means the agent's id.
  package var client: String?
  package var countingSince: WallTime?
  package var dependencies: [ClientReport]

  package init(client: String? = nil, countingSince: WallTime? = nil, dependencies: [ClientReport]) {
    self.client = client
    self.countingSince = countingSince
    self.dependencies = dependencies
  }
}

/// The answer to a report.
package struct AgentReceipt: Sendable, Hashable, Codable {
  /// Dependencies that were taken.
  package var accepted: Int
  /// Those that were not, each with the reason.
  package var refused: [RefusedReport]
  /// Without another report within this time the agent's rows are stale.
  package var staleAfter: Duration

  private enum CodingKeys: String, CodingKey {
    case accepted, refused
    case staleAfter = "staleAfterSeconds"
  }

  package init(accepted: Int, refused: [RefusedReport] = [], staleAfter: Duration) {
    self.accepted = accepted
    self.refused = refused
    self.staleAfter = staleAfter
  }
}

/// A part of a report that was not taken.
package struct RefusedReport: Sendable, Hashable, Codable {
  /// The dependency's name or endpoint, cut to a length that can be shown.
  package var dependency: String
  package var reason: String

  package init(dependency: String, reason: String) {
    self.dependency = dependency
    self.reason = reason
  }
}

/// One line of `GET /v1/agents/ID/commands`; an empty line says that the collector is still there.
package struct AgentCommand: Sendable, Hashable, Codable {
  /// Grows with each command to this agent; a repeated number is the same command.
  package var number: UInt64
  package var verb: ActionVerb
  /// The dependency by the name that the agent reports, else by its `host:port`.
  package var dependency: String
  package var scope: ActionScope
  /// The agent's own ends of exactly the connections that it is about; nil means those that the scope says.
  ///
  /// Sent to an agent whose report says that it chooses connections.
  package var connections: [SocketAddress]?
  /// The state to put the breaker into, for ``ActionVerb/breaker``.
  package var breaker: BreakerState?
  /// How long connections in use may be waited for.
  package var timeout: Duration
  /// Why, in the operator's words.
  package var reason: String?
  /// True when the command of this number is withdrawn: what has not been done of it is left undone.
  ///
  /// It is told to whoever follows the commands at that moment, once; one that does not know the command ignores it.
  package var isCancelled: Bool?

  private enum CodingKeys: String, CodingKey {
    case number, verb, dependency, scope, connections, breaker, reason, isCancelled
    case timeout = "timeoutSeconds"
  }

  package init(
    number: UInt64, verb: ActionVerb, dependency: String, scope: ActionScope, connections: [SocketAddress]? = nil,
    breaker: BreakerState? = nil, timeout: Duration, reason: String? = nil, isCancelled: Bool? = nil
  ) {
    self.number = number
    self.verb = verb
    self.dependency = dependency
    self.scope = scope
    self.connections = connections
    self.breaker = breaker
    self.timeout = timeout
    self.reason = reason
    self.isCancelled = isCancelled
  }
}

/// `POST /v1/agents/ID/commands/N`: how far a command is; sent as often as there is something to say.
package struct AgentResult: Sendable, Hashable, Codable {
  package var state: State
  /// One sentence for the operator.
  package var text: String?
  /// Connections that the command is about and that are still held.
  package var remaining: Int?
  /// Those of them that carry a request.
  package var inUse: Int?

  /// What became of a command.
  package enum State: String, Sendable, Hashable, Codable {
    case running, done, failed
    /// The agent does not do this.
    case refused
  }

  package init(state: State, text: String? = nil, remaining: Int? = nil, inUse: Int? = nil) {
    self.state = state
    self.text = text
    self.remaining = remaining
    self.inUse = inUse
  }
}
