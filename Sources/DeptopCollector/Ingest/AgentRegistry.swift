internal import DeptopModel
internal import DeptopWire
internal import Synchronization

/// The agents of this collector: their reports go to the store, their commands to whoever follows them.
final class AgentRegistry: Sendable {
  /// How often a command stream says that the collector is still there.
  static let heartbeat = Duration.seconds(5)

  private struct State {
    var ledger = AgentLedger()
    var streams: [AgentKey: [Int: AsyncStream<AgentCommand?>.Continuation]] = [:]
    var nextStream = 0
  }

  private let state = Mutex(State())
  private let store: Store

  init(store: Store) {
    self.store = store
  }

  /// Takes one agent's report.
  func report(
    _ key: AgentKey, client: ClientIdentity, _ observations: [ClientObservation], remarks: [String] = [],
    at now: WallTime = .now()
  ) throws(Refusal) -> Duration {
    let (status, patience) = try state.withLock { state throws(Refusal) in
      let status = try state.ledger.report(key, client: client, dependencies: observations.count, at: now)
      return (status, state.ledger.patience(with: key))
    }
    store.record(observations, remarks: remarks, reporter: status, at: now)
    return patience
  }

  /// Makes the rows of silent agents stale, and removes those that have been silent for long.
  func expire(at now: WallTime = .now()) {
    let expiry = state.withLock { $0.ledger.expire(at: now) }
    for status in expiry.silent { store.record(reporter: status) }
    for source in expiry.gone { store.forget(source) }
  }

  /// The commands for one agent from now on, with those whose end is not known first; nil is a sign of life.
  func commands(for key: AgentKey) throws(Refusal) -> AsyncStream<AgentCommand?> {
    let (stream, continuation) = AsyncStream<AgentCommand?>.makeStream(bufferingPolicy: .bufferingNewest(64))
    try state.withLock { state throws(Refusal) in
      guard state.ledger.agents[key] != nil else {
        throw Refusal(.notFound, "agent \(key.id) has not reported yet: PUT a report first")
      }
      let id = state.nextStream
      state.nextStream += 1
      state.streams[key, default: [:]][id] = continuation
      for command in state.ledger.follow(key, 1) { continuation.yield(command) }
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { state in
          state.streams[key]?[id] = nil
          _ = state.ledger.follow(key, -1)
        }
      }
    }
    return stream
  }

  /// Sends a sign of life down every command stream.
  func beat() {
    let streams = state.withLock { $0.streams.values.flatMap(\.values) }
    for stream in streams { stream.yield(nil) }
  }

  /// Ends every command stream, so that the server can shut down.
  func finish() {
    let streams = state.withLock { $0.streams.values.flatMap(\.values) }
    for stream in streams { stream.finish() }
  }

  func take(_ result: AgentResult, of number: UInt64, from key: AgentKey) throws(Refusal) {
    try state.withLock { state throws(Refusal) in try state.ledger.take(result, of: number, from: key) }
  }

  /// True when the agent behind a source follows its commands now.
  func follows(_ source: SourceID) -> Bool {
    state.withLock { state in
      state.ledger.key(of: source).flatMap { state.ledger.agents[$0] }.map { $0.followers > 0 } ?? false
    }
  }

  /// Gives a command to the agent behind a source.
  ///
  /// - Returns: Its number; nil when the agent is gone.
  func issue(to source: SourceID, _ make: (UInt64) -> AgentCommand) -> UInt64? {
    state.withLock { state in
      guard let key = state.ledger.key(of: source), let command = state.ledger.issue(key, make) else { return nil }
      for stream in (state.streams[key] ?? [:]).values { stream.yield(command) }
      return command.number
    }
  }

  /// Withdraws a command, and tells whoever follows.
  ///
  /// - Returns: False when it had ended already, or was withdrawn before.
  func cancel(_ number: UInt64, of source: SourceID) -> Bool {
    state.withLock { state in
      guard let key = state.ledger.key(of: source), let command = state.ledger.cancel(number, of: key) else {
        return false
      }
      for stream in (state.streams[key] ?? [:]).values { stream.yield(command) }
      return true
    }
  }

  /// What an agent said of a command last; nil when it said nothing, or is gone.
  func result(of number: UInt64, from source: SourceID) -> AgentResult? {
    state.withLock { state in
      state.ledger.key(of: source).flatMap { state.ledger.agents[$0]?.commands[number]?.result }
    }
  }
}
