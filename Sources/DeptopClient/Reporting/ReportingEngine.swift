internal import DeptopModel
internal import DeptopWire
internal import Glibc
internal import Synchronization

/// What the two threads share.
final class ReportingEngine: Sendable {
  /// What the application can ask about.
  struct Standing: Sendable {
    var lastProblem: ReportingProblem?
    var isReporting = false
    var reportsTaken: UInt64 = 0
  }

  private struct State {
    var dependencies: [MonitoredDependency] = []
    var standing = Standing()
    var running = 0
    var followsCommands = false
  }

  /// The longest name of a client, bytes of UTF-8.
  private static let longestName = 128

  let client: String
  let identifier: String
  let configuration: ReporterConfiguration
  let countingSince = WallTime.now()
  let stop = Wakeup()
  let collector: CollectorSocket
  private let table = BucketTable()
  private let state = Mutex(State())
  private let idle = Wakeup()

  init(client: String, configuration: ReporterConfiguration) {
    let name = String(decoding: client.utf8.prefix(ReportingEngine.longestName), as: UTF8.self)
    self.client = name
    identifier = "\(name)-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
    self.configuration = configuration
    collector = CollectorSocket(path: configuration.ingestSocket, timeout: configuration.exchangeTimeout, stop: stop)
  }

  var dependencies: [MonitoredDependency] { state.withLock { $0.dependencies } }
  var standing: Standing { state.withLock { $0.standing } }

  func start() {
    startLoop("deptop-report") { engine in ReportLoop(engine: engine).run() }
  }

  /// Starts to follow commands, unless that was done before.
  func followCommands() {
    let isFirst = state.withLock { state in
      defer { state.followsCommands = true }
      return !state.followsCommands
    }
    guard isFirst else { return }
    startLoop("deptop-commands") { engine in CommandLoop(engine: engine).run() }
  }

  func register(_ description: DependencyDescription) -> MonitoredDependency {
    let dependency = MonitoredDependency(description, table: table)
    state.withLock { $0.dependencies.append(dependency) }
    if dependency.ledger == nil {
      note(.exhausted("cannot map memory for the counters of \(description.name): nothing is counted"))
    }
    return dependency
  }

  func remove(_ dependency: MonitoredDependency) {
    state.withLock { $0.dependencies.removeAll { $0 === dependency } }
  }

  func note(_ problem: ReportingProblem) {
    guard problem.kind != .stopped else { return }
    state.withLock { $0.standing.lastProblem = problem }
  }

  func noteReport(isTaken: Bool) {
    state.withLock { state in
      state.standing.isReporting = isTaken
      if isTaken { state.standing.reportsTaken += 1 }
    }
  }

  func shutDown(waitingUpTo timeout: Duration) {
    stop.set()
    if state.withLock({ $0.running > 0 }) { idle.wait(for: timeout) }
    state.withLock { $0.standing.isReporting = false }
  }

  private func startLoop(_ name: String, _ body: @escaping @Sendable (ReportingEngine) -> Void) {
    state.withLock { $0.running += 1 }
    let isStarted = ClientThread.start(name) { [self] in
      body(self)
      leave()
    }
    guard !isStarted else { return }
    leave()
    note(.exhausted("cannot start the thread \(name): \(identifier) does not report"))
  }

  private func leave() {
    let isLast = state.withLock { state in
      state.running -= 1
      return state.running == 0
    }
    // Once stopped, no loop is started that would not end at once.
    if isLast, stop.isSet { idle.set() }
  }
}
