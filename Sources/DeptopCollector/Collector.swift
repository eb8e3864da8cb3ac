package import DeptopConfiguration
internal import DeptopControl
internal import DeptopHistory
package import DeptopKernel
internal import DeptopMetrics
internal import DeptopModel
internal import DeptopSources
internal import DeptopWire
internal import Glibc
package import Logging
internal import ServiceLifecycle
internal import Synchronization

/// The collector of one host: reads the sources, judges, remembers, acts, and answers.
///
/// `run()` is called once and returns when the service is shut down gracefully or cancelled; sources are stopped
/// and running actions end as interrupted before it returns.
package final class Collector: Service {
  package static let version = Release.version

  private struct State {
    var settings: Settings
    var rights: Rights
    var reporters: Rights.Holders
    var accounts: Accounts
    /// What asks for a person, by what it is about.
    var notices: [Concern: String] = [:]
  }

  private enum Concern: Int, Comparable {
    case configuration, history

    static func < (left: Concern, right: Concern) -> Bool { left.rawValue < right.rawValue }
  }

  private let state: Mutex<State>
  private let store: Store
  private let supervisor: SourceSupervisor
  private let suspicion: SuspicionProbe
  private let history: HistoryKeeper
  private let hostChecks: HostChecks
  private let startedAt = WallTime.now()
  private let logger: Logger
  let feed = LatestFeed<Snapshot>()
  let actions: ActionEngine
  let agents: AgentRegistry

  /// Who does for the collector what needs a capability.
  package enum Privilege: Sendable {
    case access(any HostAccess)
    /// Nobody, for this reason.
    case none(String)

    var control: SocketControl? { access.map { SocketControl(access: $0) } }
    var access: (any HostAccess)? { if case .access(let access) = self { access } else { nil } }
    var absence: String { if case .none(let reason) = self { reason } else { "" } }
  }

  /// Opens the history and prepares everything; nothing runs yet.
  ///
  /// - Parameters:
  ///   - settings: What the configuration says.
  ///   - stateDirectory: Where the history lies.
  ///   - privilege: How sockets of others are repaired.
  ///   - verifying: How long what an action healed has to stay so, at least two ticks; nil for the usual time.
  ///   - logger: Where problems go.
  /// - Throws: When the state directory cannot be used.
  package init(
    settings: Settings, stateDirectory: String, privilege: Privilege = .none("it was not started"),
    verifying: Duration? = nil, logger: Logger
  ) async throws {
    self.logger = logger
    history = try await HistoryKeeper(directory: stateDirectory)
    for entry in try await history.markInterrupted() {
      logger.warning("action was interrupted", metadata: ["action": "\(entry.action.map(\.rawValue) ?? "")"])
    }
    store = Store(settings: settings, remembered: try await history.rememberedAnswers())
    hostChecks = HostChecks(
      access: privilege.access, absence: privilege.absence, version: Collector.version)
    let surroundings = HostSurroundings(access: privilege.access)
    supervisor = SourceSupervisor(store: store, logger: logger, surroundings: surroundings)
    suspicion = SuspicionProbe(store: store, surroundings: surroundings)
    agents = AgentRegistry(store: store)
    actions = ActionEngine(
      store: store, agents: agents, sockets: privilege.control, absence: privilege.absence, audit: history,
      logger: logger, verifying: verifying ?? ActionPace.verifying, findings: { [feed] in feed.latest?.findings ?? [] },
      preflightSockets: surroundings.sockets(in:),
      hasten: { [supervisor] in supervisor.hasten(KernelSource.self) })
    let accounts = Accounts.ofHost()
    state = Mutex(
      State(
        settings: settings, rights: .init(settings, accounts),
        reporters: accounts.resolve(settings.ingest.reporters), accounts: accounts))
    actions.adopt(ControlPlaneRegistry.instances(in: settings))
    adoptPolicy()
  }

  /// Hands the engine what it has to keep to.
  private func adoptPolicy() {
    let (rights, settings) = state.withLock { ($0.rights, $0.settings) }
    actions.adopt(rights.policy, tick: settings.tickInterval)
  }

  var rights: Rights { state.withLock(\.rights) }
  var accounts: Accounts { state.withLock(\.accounts) }

  /// Refuses a peer that may not report.
  func requireReporter(_ peer: IngestPeer) throws(Refusal) {
    let reporters = state.withLock(\.reporters)
    guard let uid = peer.uid else {
      if case .everyone = reporters { return }
      throw Refusal(.forbidden, "the caller cannot be identified, and only configured reporters may report")
    }
    guard uid == 0 || uid == geteuid() || reporters.contains(Peer(pid: 0, uid: uid, groups: peer.groups, user: nil))
    else {
      throw Refusal(.forbidden, "uid \(uid) may not report: it is not among the reporters of this collector")
    }
  }

  package func run() async throws {
    supervisor.follow(state.withLock(\.settings))
    let (looks, look) = AsyncStream<Snapshot>.makeStream(bufferingPolicy: .bufferingNewest(1))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [self] in await supervisor.run() }
      group.addTask { [self] in await actions.run() }
      group.addTask { [self] in await tick(look) }
      group.addTask { [self] in await followSuspicions(looks) }
      group.addTask { [self] in await keepAnswers() }
      group.addTask { [self] in await keepAgents() }
      group.addTask { try? await gracefulShutdown() }  // Ends by shutdown or by cancellation: both end the group.
      _ = try await group.next()
      group.cancelAll()
    }
    feed.finish()
    agents.finish()
    await saveAnswers()
  }

  /// Takes new settings over, while everything that they do not touch goes on.
  package func adopt(_ settings: Settings) {
    state.withLock { state in
      state.settings = settings
      state.accounts = .ofHost()
      state.rights = Rights(settings, state.accounts)
      state.reporters = state.accounts.resolve(settings.ingest.reporters)
      state.notices[.configuration] = nil
    }
    store.adopt(settings)
    actions.adopt(ControlPlaneRegistry.instances(in: settings))
    adoptPolicy()
    supervisor.follow(settings)
    logger.notice("configuration reloaded")
  }

  /// Tells every reader that a configuration was not accepted, until one is.
  package func warn(_ notice: String) {
    report(notice, about: .configuration)
  }

  private func report(_ notice: String, about concern: Concern) {
    let isNew = state.withLock { $0.notices.updateValue(notice, forKey: concern) != notice }
    if isNew { logger.error("\(notice)") }
  }

  /// What applications hand in, on its way to the store.
  ///
  /// - Throws: When deptop's own mappings cannot be read.
  func ingest() throws -> Ingest {
    let own = state.withLock { $0.settings.mappings.map(\.mapping) }
    return Ingest(collector: self, agents: agents, engine: MappingEngine(own + (try BuiltInMappings.load())))
  }

  func health() -> Health {
    Health(status: feed.latest == nil ? "starting" : "ok", version: Collector.version)
  }

  /// What the collector finds of its surroundings.
  func checks() async -> [HostCheck] {
    await hostChecks.run(sweptConnections: store.knowledge.connections)
  }

  func latestSnapshot() throws(Refusal) -> Snapshot {
    guard let snapshot = feed.latest else {
      throw Refusal(.failed, "the collector has just started and has no snapshot yet; ask again in a second")
    }
    return snapshot
  }

  func detail(of id: DependencyID) throws(Refusal) -> DependencyDetail {
    guard var detail = store.detail(of: id) else { throw Refusal(.notFound, "there is no dependency \(id)") }
    if let latest = feed.latest, let place = latest.place(of: id) { detail.dependency = latest.dependencies[place] }
    return detail
  }

  func audit(limit: Int, dependency: DependencyID?) async throws -> [AuditEntry] {
    try await history.audit(limit: limit, dependency: dependency)
  }

  /// Plans an action; asks DNS again first, so that the plan rests on fresh answers where they come at once.
  func plan(_ request: PlanRequest) async throws(Refusal) -> Plan {
    if let name = state.withLock({ $0.settings.dependencies.first { $0.id == request.dependency }?.hostName }) {
      for source in supervisor.running(DNSSource.self) { source.askNow([name]) }
    }
    return try await actions.plan(request)
  }
}

extension Collector {
  /// Takes a snapshot at each tick until the task is cancelled.
  private func tick(_ look: AsyncStream<Snapshot>.Continuation) async {
    let clock = ContinuousClock()
    var maker = SnapshotMaker()
    var meter = ProcessMeter()
    await waitForFirstSweep()
    var due = clock.now
    var took: Duration?
    while !Task.isCancelled {
      let began = clock.now
      let interval = state.withLock(\.settings.tickInterval)
      let lag = due.duration(to: began)
      let now = WallTime.now()
      let frame = frame(cpuRatio: meter.cpuRatio(), lag: max(.zero, lag), tickDuration: took, at: now)
      let snapshot = maker.snapshot(of: store.knowledge, at: now, in: frame) { [actions] dependency, assembly in
        actions.offers(
          for: dependency, clients: { assembly.clients(of: dependency.id) },
          detail: { assembly.detail(of: dependency.id) })
      }
      feed.publish(snapshot)
      look.yield(snapshot)
      took = began.duration(to: clock.now)
      due = max(due + interval, clock.now)
      do {
        try await clock.sleep(until: due)
      } catch {
        return  // Cancelled: the only way a clock's sleep ends early.
      }
    }
  }

  /// Has probes look at once where connections have died, so that no finding waits for their next turn.
  private func followSuspicions(_ snapshots: AsyncStream<Snapshot>) async {
    for await snapshot in snapshots {
      let suspected = SuspicionProbe.suspectedBlackHoles(in: snapshot)
      if !suspected.isEmpty {
        for source in supervisor.running(ProbeSource.self) { source.checkPathNow(suspected) }
      }
      await suspicion.look(at: snapshot)
    }
  }

  /// Gives the kernel source one tick for its first sweep, so that the first snapshot does not say that there is no
  /// connection when nobody has looked.
  private func waitForFirstSweep() async {
    let clock = ContinuousClock()
    let deadline = clock.now + state.withLock(\.settings.tickInterval)
    while store.knowledge.sweptAt == nil, clock.now < deadline {
      do {
        try await clock.sleep(for: .milliseconds(5))
      } catch {
        return
      }
    }
  }

  private func frame(
    cpuRatio: Double, lag: Duration, tickDuration: Duration?, at now: WallTime
  ) -> SnapshotMaker.Frame {
    let (settings, notices, rights) = state.withLock { ($0.settings, $0.notices, $0.rights) }
    let notice = notices.min { $0.key < $1.key }?.value
    return SnapshotMaker.Frame(
      host: Host(
        name: HostName.current(), environment: settings.environment.label,
        isProduction: settings.environment.isProduction, policy: rights.policy.summary),
      collector: CollectorStatus(
        version: Collector.version, pid: getpid(), startedAt: startedAt, tickInterval: settings.tickInterval,
        cpuRatio: cpuRatio, residentBytes: ProcessMeter.residentBytes(), lag: lag, tickDuration: tickDuration,
        notice: notice),
      actions: actions.shown(at: now))
  }

  /// Writes new DNS answers down, so that a restart does not forget what left.
  private func keepAnswers() async {
    while !Task.isCancelled {
      await saveAnswers()
      do {
        try await Task.sleep(for: .seconds(10))
      } catch {
        return
      }
    }
  }

  /// Notices agents that have fallen silent, and tells those that follow their commands that the collector is there.
  private func keepAgents() async {
    var beaten = ContinuousClock.now
    while !Task.isCancelled {
      agents.expire()
      if beaten.duration(to: .now) >= AgentRegistry.heartbeat {
        agents.beat()
        beaten = .now
      }
      do {
        try await Task.sleep(for: .milliseconds(500))
      } catch {
        return
      }
    }
  }

  private func saveAnswers() async {
    let answers = store.knowledge.names.mapValues(\.remembered)
    do {
      try await history.remember(answers)
      state.withLock { $0.notices[.history] = nil }
    } catch {
      report("the history cannot be written: \(error)", about: .history)
    }
  }
}

extension Rights {
  fileprivate init(_ settings: Settings, _ accounts: Accounts) {
    self.init(
      viewers: accounts.resolve(settings.access.viewers), operators: accounts.resolve(settings.access.operators),
      owner: geteuid(), policy: ActionPolicy(settings, accounts))
  }
}

/// The host's name.
private enum HostName {
  static func current() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
