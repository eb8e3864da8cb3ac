internal import DeptopModel
internal import Synchronization

/// One dependency that an application reports on; made by ``Reporter/register(_:)``.
///
/// Recording costs a few tens of nanoseconds, allocates nothing and takes no lock. The counters need 44 KiB of address
/// space a processor (at most 16), of which the kernel backs only what is used: 8 KiB a processor when response times
/// alone are recorded, 44 KiB with every phase.
public final class MonitoredDependency: Sendable {
  /// What it was registered as.
  public let description: DependencyDescription
  let ledger: Ledger?
  let errorNames = ErrorNames()
  let gauge = GaugeSlot()
  let breakerLog = BreakerLog()
  private let handlers = Mutex<[CommandVerb: RegisteredHandler]>([:])
  private let policy: Mutex<DependencyPolicy>

  init(_ description: DependencyDescription, table: BucketTable) {
    self.description = description
    policy = Mutex(description.policy)
    ledger = Ledger(table: table)
  }

  deinit { ledger?.release() }

  /// Makes the name of a kind of error known, once, so that counting it is cheap.
  ///
  /// The first 32 names of a dependency are told apart; further ones, and those that are empty or longer than 64 bytes,
  /// are counted together as `_OTHER`. Takes a lock.
  ///
  /// - Parameter name: OpenTelemetry's `error.type`: of few values, such as an exception's type or a status code.
  /// - Returns: What a ``CallOutcome`` of this dependency names it by.
  public func errorType(_ name: String) -> ErrorType { errorNames.type(named: name) }

  /// Sets what is asked for the pool's gauges with each report; nil takes it away.
  ///
  /// - Parameter read: Called on a thread of the library's own, never twice at the same time. When it takes longer than
  ///   ``ReporterConfiguration/gaugeTimeout`` the report goes out without it. nil means that nothing is known now.
  public func setPoolGauges(_ read: (@Sendable () -> PoolGauges?)?) { gauge.set(read) }

  /// Tells the breaker's state; calls are kept in order, the newest 20 transitions are reported.
  ///
  /// - Parameters:
  ///   - state: The state that it is in now.
  ///   - reason: Why, in one sentence.
  ///   - openWait: How long it stays open before it tries again; nil leaves what was told before.
  public func breakerEntered(_ state: CircuitState, reason: String? = nil, openWait: Duration? = nil) {
    breakerLog.enter(state.state, reason: reason, openWait: openWait)
  }

  /// Tells the share of failures that the breaker sees, 0…1; nil below its minimum number of calls.
  public func breakerSees(failureRatio: Double?) { breakerLog.note(failureRatio: failureRatio) }

  /// Tells what the client is configured to do from now on, when that can change while it runs.
  public func policyChanged(to policy: DependencyPolicy) { self.policy.withLock { $0 = policy } }

  /// Sets what obeys a command; the verb is offered to operators from the next report on.
  ///
  /// - Parameters:
  ///   - verb: What it does.
  ///   - choosesConnections: True when the handler replaces exactly the connections that
  ///     ``OperatorCommand/connections`` names, where a command names some. Without it no command does.
  ///   - handler: Runs as a task for each command, cancelled when the command's timeout is over. An error that it throws
  ///     is reported as a failure.
  public func onCommand(
    _ verb: CommandVerb, choosesConnections: Bool = false,
    _ handler: @escaping @Sendable (OperatorCommand, CommandProgress) async throws -> CommandEnd
  ) {
    let handler = RegisteredHandler(handler: .task(handler), choosesConnections: choosesConnections)
    handlers.withLock { $0[verb] = handler }
  }

  /// Sets what obeys a command by code that may block: it runs on a thread of its own.
  ///
  /// - Parameters:
  ///   - verb: What it does.
  ///   - choosesConnections: True when the handler replaces exactly the connections that
  ///     ``OperatorCommand/connections`` names, where a command names some. Without it no command does.
  ///   - handler: Should end when ``CommandProgress/isCancelled`` turns true.
  public func onCommandBlocking(
    _ verb: CommandVerb, choosesConnections: Bool = false,
    _ handler: @escaping @Sendable (OperatorCommand, CommandProgress) throws -> CommandEnd
  ) {
    let handler = RegisteredHandler(handler: .thread(handler), choosesConnections: choosesConnections)
    handlers.withLock { $0[verb] = handler }
  }

  func handler(for verb: CommandVerb) -> RegisteredHandler? { handlers.withLock { $0[verb] } }

  /// True when the drain's handler replaces exactly the connections that a command names.
  private var choosesConnections: Bool { handler(for: .drain)?.choosesConnections == true }

  var verbs: [CommandVerb] {
    let handled = handlers.withLock { $0 }
    return CommandVerb.allCases.filter { handled[$0] != nil }
  }

  /// True when a command's word for a dependency means this one.
  func isNamed(_ name: String) -> Bool {
    name == description.name || name == "\(description.host):\(description.port)"
  }

  /// Everything that is known now.
  func report(gauges: PoolGauges?) -> ClientReport {
    var report = ClientReport(
      name: description.name, kind: description.kind.map(ServiceKind.init(rawValue:)), host: description.host,
      port: description.port)
    report.policy = policy.withLock { $0.policy }
    report.pool = gauges?.pool
    report.connections = gauges?.reported
    report.verbs = verbs.map(\.verb)
    report.choosesConnections = choosesConnections ? true : nil
    report.breaker = breakerLog.report(notPermitted: ledger?.sum(CounterLayout.notPermitted) ?? 0)
    guard let ledger else { return report }
    report.totals = ledger.totals(errorNames: errorNames)
    report.responseTime = ledger.histogram(at: CounterLayout.responseTime).map(Distribution.exponential)
    report.waitTime = ledger.histogram(at: CounterLayout.waitTime).map(Distribution.exponential)
    report.phases = ledger.phases()
    report.waiting = ledger.waiting()
    report.oldestWaiting = ledger.oldestWaiting(at: MonotonicClock.nanoseconds())
    return report
  }
}

/// The application's code for one verb, and what it said of it.
struct RegisteredHandler: Sendable {
  let handler: CommandHandler
  let choosesConnections: Bool
}

/// The application's code for one verb.
enum CommandHandler: Sendable {
  case task(@Sendable (OperatorCommand, CommandProgress) async throws -> CommandEnd)
  case thread(@Sendable (OperatorCommand, CommandProgress) throws -> CommandEnd)
}
