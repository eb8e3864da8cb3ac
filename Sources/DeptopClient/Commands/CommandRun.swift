internal import DeptopWire
internal import Synchronization

/// One command from its handler's beginning to its end, on a thread that waits for both the handler and the time.
final class CommandRun: Sendable {
  /// Progress is sent at most so often.
  private static let pause = Duration.milliseconds(100)
  /// The longest sentence of a handler that is passed on, characters.
  private static let longestText = 512

  private struct State {
    var progress: AgentResult?
    var end: AgentResult?
    /// What was told last, sent or not.
    var latest = AgentResult(state: .running)
    /// True when the stream that the command came by has ended since the collector was heard of last.
    var doubtsCollector = false
    var isWithdrawn = false
  }

  private let command: OperatorCommand
  private let handler: CommandHandler
  private let engine: ReportingEngine
  private let ended: @Sendable (AgentResult) -> Void
  private let state = Mutex(State())
  private let news = Wakeup()

  init(
    command: OperatorCommand, handler: CommandHandler, engine: ReportingEngine,
    ended: @escaping @Sendable (AgentResult) -> Void
  ) {
    self.command = command
    self.handler = handler
    self.engine = engine
    self.ended = ended
  }

  /// The stream of commands has ended: the collector is asked at once whether it still waits for this one.
  ///
  /// A stream that broke while the same collector goes on stops nothing. When the collector is gone, or another one has
  /// taken its place, the handler is told to stop: nobody would see what it breaks.
  func doubtCollector() {
    state.withLock { $0.doubtsCollector = true }
    news.set()
  }

  /// The collector does not want it any more: the handler is told to stop, and what it has not done stays undone.
  func withdraw() {
    state.withLock { $0.isWithdrawn = true }
    news.set()
  }

  /// Runs to the end, the withdrawal, the timeout, the collector's end or the reporter's end, whichever comes first.
  func run() {
    let progress = CommandProgress { [weak self] in self?.note(remaining: $0, inUse: $1, text: $2) }
    let task = start(progress)
    let result = follow(until: MonotonicClock.deadline(in: command.timeout))
    progress.cancel()
    task?.cancel()
    ended(result)
  }

  private func start(_ progress: CommandProgress) -> Task<Void, Never>? {
    switch handler {
    case .task(let body):
      return Task {
        do { finish(try await body(command, progress)) } catch { finish(.failed("\(error)")) }
      }
    case .thread(let body):
      let isStarted = ClientThread.start("deptop-handler") { [self] in
        do { finish(try body(command, progress)) } catch { finish(.failed("\(error)")) }
      }
      if !isStarted { finish(.failed("the application has no thread left")) }
      return nil
    }
  }

  private func follow(until deadline: UInt64) -> AgentResult {
    let post = CommandPost(engine: engine, number: command.number)
    while true {
      let now = MonotonicClock.nanoseconds()
      news.wait(for: .nanoseconds(Int64(clamping: deadline - min(deadline, now))), or: engine.stop)
      let isNews = news.clear()
      let (progress, end, doubted, isWithdrawn) = state.withLock { state in
        defer { (state.progress, state.doubtsCollector) = (nil, false) }
        return (state.progress, state.end, state.doubtsCollector ? state.latest : nil, state.isWithdrawn)
      }
      if let end { return end }
      guard !isWithdrawn else { return AgentResult(state: .failed, text: "withdrawn by the collector") }
      guard !engine.stop.isSet else { return AgentResult(state: .failed, text: "the application is shutting down") }
      if let doubted {
        guard post.isAwaited(doubted) else { return AgentResult(state: .failed, text: "the collector was lost") }
      } else if let progress {
        post.send(progress)
      }
      guard MonotonicClock.nanoseconds() < deadline else {
        return AgentResult(state: .failed, text: "not done within \(command.timeout)")
      }
      if isNews { engine.stop.wait(for: CommandRun.pause) }
    }
  }

  private func note(remaining: Int?, inUse: Int?, text: String?) {
    let text = text.map { String($0.prefix(CommandRun.longestText)) }
    let progress = AgentResult(state: .running, text: text, remaining: remaining, inUse: inUse)
    state.withLock { ($0.progress, $0.latest) = (progress, progress) }
    news.set()
  }

  private func finish(_ end: CommandEnd) {
    let result =
      switch end {
      case .done(let text): AgentResult(state: .done, text: text)
      case .failed(let text): AgentResult(state: .failed, text: text)
      case .refused(let text): AgentResult(state: .refused, text: text)
      }
    state.withLock { $0.end = result }
    news.set()
  }
}
