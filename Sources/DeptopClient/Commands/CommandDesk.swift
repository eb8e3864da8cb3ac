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
    var running = 0
  }

  private enum Decision {
    case run(CommandHandler), answer(AgentResult), nothing
  }

  private let engine: ReportingEngine
  private let state = Mutex(State())

  init(engine: ReportingEngine) {
    self.engine = engine
  }

  /// Executes a command, answers it, or tells again how it ended.
  func take(_ line: CommandLine) {
    let number = line.command.number
    let handler = handler(for: line)
    switch state.withLock({ decide(number, handler, &$0) }) {
    case .nothing: return
    case .answer(let result): CommandPost(engine: engine, number: number).send(end: result)
    case .run(let handler):
      let run = CommandRun(command: line.command, handler: handler, engine: engine) { [self] in end(number, $0) }
      guard !ClientThread.start("deptop-command", run.run) else { return }
      end(number, AgentResult(state: .failed, text: "the application has no thread left"))
    }
  }

  private func handler(for line: CommandLine) -> Result<CommandHandler, RefusalReason> {
    guard let dependency = engine.dependencies.first(where: { $0.isNamed(line.dependency) }) else {
      return .failure(RefusalReason(text: "\(engine.client) has no dependency \(shown(line.dependency))"))
    }
    guard let handler = dependency.handler(for: line.command.verb) else {
      let name = dependency.description.name
      return .failure(RefusalReason(text: "\(engine.client) does not offer \(line.command.verb) for \(name)"))
    }
    return .success(handler)
  }

  private func decide(
    _ number: UInt64, _ handler: Result<CommandHandler, RefusalReason>, _ state: inout State
  ) -> Decision {
    if let known = state.ends[number] { return known.map(Decision.answer) ?? .nothing }
    state.order.append(number)
    if state.order.count > CommandDesk.remembered { state.ends[state.order.removeFirst()] = nil }
    let refusal: String
    switch handler {
    case .success(let handler) where state.running < CommandDesk.mostRunning:
      state.running += 1
      state.ends[number] = .some(nil)
      return .run(handler)
    case .success: refusal = "\(engine.client) already executes \(state.running) commands"
    case .failure(let reason): refusal = reason.text
    }
    let result = AgentResult(state: .refused, text: refusal)
    state.ends[number] = .some(result)
    return .answer(result)
  }

  private func end(_ number: UInt64, _ result: AgentResult) {
    state.withLock { state in
      state.running -= 1
      if state.ends[number] != nil { state.ends[number] = .some(result) }
    }
    CommandPost(engine: engine, number: number).send(end: result)
  }
}

/// Why a command is not executed, in the operator's words.
private struct RefusalReason: Error {
  let text: String
}
