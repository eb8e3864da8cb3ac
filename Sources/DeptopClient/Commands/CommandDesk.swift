internal import DeptopWire
internal import Synchronization

/// Decides what becomes of each command, and remembers what became of it.
final class CommandDesk: Sendable {
  /// Commands that may run at the same time; more are refused.
  static let mostRunning = 8
  /// Commands whose numbers are remembered.
  static let remembered = 256

  private struct State {
    /// The end of each command; nil while it runs.
    var ends: [UInt64: AgentResult?] = [:]
    var order: [UInt64] = []
    var running: [UInt64: CommandRun] = [:]
  }

  private enum Decision {
    case run(CommandRun), answer(AgentResult), nothing
  }

  private let engine: ReportingEngine
  private let state = Mutex(State())

  init(engine: ReportingEngine) {
    self.engine = engine
  }

  /// Executes a command, answers it, tells again how it ended, or withdraws it.
  func take(_ line: CommandLine) {
    let number = line.command.number
    guard !line.isWithdrawal else {
      // One that has ended, or never came, has nothing left to be undone.
      state.withLock { $0.running[number] }?.withdraw()
      return
    }
    let run = handler(for: line).map { handler in
      CommandRun(command: line.command, handler: handler, engine: engine) { [self] in end(number, $0) }
    }
    switch state.withLock({ decide(number, run, &$0) }) {
    case .nothing: return
    case .answer(let result): CommandPost(engine: engine, number: number).send(end: result)
    case .run(let run):
      guard !ClientThread.start("deptop-command", run.run) else { return }
      end(number, AgentResult(state: .failed, text: "the application has no thread left"))
    }
  }

  /// Has every command that runs find out whether the collector that sent it is still there.
  func streamEnded() {
    for run in state.withLock({ Array($0.running.values) }) { run.doubtCollector() }
  }

  private func handler(for line: CommandLine) -> Result<CommandHandler, RefusalReason> {
    guard let dependency = engine.dependencies.first(where: { $0.isNamed(line.dependency) }) else {
      return .failure(RefusalReason(text: "\(engine.client) has no dependency \(shown(line.dependency))"))
    }
    guard let handler = dependency.handler(for: line.command.verb) else {
      let name = dependency.description.name
      return .failure(RefusalReason(text: "\(engine.client) does not offer \(line.command.verb) for \(name)"))
    }
    guard line.command.connections == nil || handler.choosesConnections else {
      let name = dependency.description.name
      return .failure(RefusalReason(text: "\(engine.client) cannot choose single connections of \(name)"))
    }
    return .success(handler.handler)
  }

  private func decide(
    _ number: UInt64, _ run: Result<CommandRun, RefusalReason>, _ state: inout State
  ) -> Decision {
    if let known = state.ends[number] { return known.map(Decision.answer) ?? .nothing }
    state.order.append(number)
    if state.order.count > CommandDesk.remembered { state.ends[state.order.removeFirst()] = nil }
    let refusal: String
    switch run {
    case .success(let run) where state.running.count < CommandDesk.mostRunning:
      state.running[number] = run
      state.ends[number] = .some(nil)
      return .run(run)
    case .success: refusal = "\(engine.client) already executes \(state.running.count) commands"
    case .failure(let reason): refusal = reason.text
    }
    let result = AgentResult(state: .refused, text: refusal)
    state.ends[number] = .some(result)
    return .answer(result)
  }

  private func end(_ number: UInt64, _ result: AgentResult) {
    state.withLock { state in
      state.running[number] = nil
      if state.ends[number] != nil { state.ends[number] = .some(result) }
    }
    CommandPost(engine: engine, number: number).send(end: result)
  }
}

/// Why a command is not executed, in the operator's words.
private struct RefusalReason: Error {
  let text: String
}
