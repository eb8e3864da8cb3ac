internal import DeptopModel
internal import Synchronization

/// What an operator can tell an application to do.
public enum CommandVerb: Sendable, Hashable, CaseIterable {
  /// Retire connections so that no request in flight fails: idle ones at once, those in use when they are returned.
  case drain
  /// Look the dependency's name up again, for the connections that are opened from now on.
  case resolve
  /// Put the circuit breaker into a state.
  case breaker

  var verb: ActionVerb {
    switch self {
    case .drain: .drain
    case .resolve: .resolve
    case .breaker: .breaker
    }
  }

  /// nil for what no application is told.
  init?(_ verb: ActionVerb) {
    switch verb {
    case .drain: self = .drain
    case .resolve: self = .resolve
    case .breaker: self = .breaker
    case .repair: return nil
    }
  }
}

/// Which connections a command is about.
public enum CommandScope: Sendable, Hashable, CaseIterable {
  /// Those on addresses that the dependency's name no longer resolves to.
  case stale
  case idle
  case all

  init(_ scope: ActionScope) {
    switch scope {
    case .stale: self = .stale
    case .idle: self = .idle
    case .all: self = .all
    }
  }
}

/// The application's own end of one connection that a command is about.
public struct CommandTarget: Sendable, Hashable {
  /// An IPv4 or IPv6 address, as ``HeldConnection/localAddress`` has it.
  public let localAddress: String
  /// The port.
  public let localPort: UInt16

  /// An end of a connection.
  ///
  /// - Parameters:
  ///   - localAddress: Its address.
  ///   - localPort: Its port.
  public init(localAddress: String, localPort: UInt16) {
    self.localAddress = localAddress
    self.localPort = localPort
  }
}

/// One command of an operator.
public struct OperatorCommand: Sendable, Hashable {
  /// Grows with each command; the same number is executed once.
  public let number: UInt64
  /// What is to be done.
  public let verb: CommandVerb
  /// Which connections it is about.
  public let scope: CommandScope
  /// The application's own ends of exactly the connections that it is about; nil means those that the scope says.
  ///
  /// Given only to a handler that was registered with `choosesConnections`.
  public let connections: [CommandTarget]?
  /// The state to put the breaker into, for ``CommandVerb/breaker``.
  public let breaker: CircuitState?
  /// How long connections in use may be waited for; the handler is told to stop when it is over.
  public let timeout: Duration
  /// Why, in the operator's words.
  public let reason: String?
}

/// How a command ended.
public enum CommandEnd: Sendable, Hashable {
  /// Done; with a sentence for the operator, where there is something to say.
  case done(String? = nil)
  /// Tried, and failed; with the reason.
  case failed(String)
  /// Not tried; with the reason.
  case refused(String)
}

/// Tells the operator how far a command is, and the handler when to stop.
public final class CommandProgress: Sendable {
  private let tell: @Sendable (Int?, Int?, String?) -> Void
  private let cancelled = Atomic<Bool>(false)

  init(tell: @escaping @Sendable (Int?, Int?, String?) -> Void) {
    self.tell = tell
  }

  /// True when nobody waits for the end any more: the time is over, the collector that sent the command is gone, or the
  /// reporter was shut down.
  ///
  /// Nothing more may be closed then: nobody watches whether it does harm.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Says how far the command is; of several reports in quick succession the newest is sent.
  ///
  /// - Parameters:
  ///   - remaining: Connections that the command is about and that are still held.
  ///   - inUse: Those of them that carry a request.
  ///   - text: One sentence for the operator.
  public func report(remaining: Int? = nil, inUse: Int? = nil, text: String? = nil) {
    tell(remaining, inUse, text)
  }

  func cancel() { cancelled.store(true, ordering: .relaxed) }
}
