internal import DeptopConfiguration
internal import DeptopControl
internal import DeptopModel
internal import DeptopSources
internal import DeptopWire
internal import Logging
internal import Synchronization

/// Plans actions, executes stored plans, and sees each to its verdict.
///
/// Nothing here depends on who watches: a dashboard that goes away neither aborts nor repeats an action.
final class ActionEngine: Sendable {
  private struct State {
    var ledger = ActionLedger()
    var controls: [DependencyID: [any ControlPlane]] = [:]
    var aborts: [ActionID: Actor] = [:]
    var quota = RefusalQuota()
    var policy = ActionPolicy.none
    var tick = Duration.seconds(1)
  }

  private struct Start: Sendable {
    var plan: Plan
    var id: ActionID
    var control: any ControlPlane
  }

  private let state = Mutex(State())
  private let store: Store
  private let agents: AgentControl
  private let sockets: SocketControl?
  /// Why there is no privileged side.
  private let absence: String
  private let preflightSockets: @Sendable (NamespaceID) -> (any SocketOpening)?
  private let audit: any AuditRecording
  /// How long what is healed has to stay so, at least two ticks.
  private let verifying: Duration
  /// Those of the latest snapshot.
  private let findings: @Sendable () -> [Finding]
  /// Has the kernel's table read now.
  private let hasten: @Sendable () -> Void
  private let logger: Logger
  private let starts: AsyncStream<Start>
  private let start: AsyncStream<Start>.Continuation
  /// Every change of an action.
  let changes = LatestFeed<[ActionStatus]>()

  /// An engine that repairs connections in the kernel where there is a privileged side, and tries new connections from
  /// the network namespaces of those that they replace.
  init(
    store: Store, agents: AgentRegistry, sockets: SocketControl? = nil, absence: String = "it was not started",
    audit: any AuditRecording, logger: Logger, verifying: Duration = .zero,
    findings: @escaping @Sendable () -> [Finding] = { [] },
    preflightSockets: @escaping @Sendable (NamespaceID) -> (any SocketOpening)? = HostSurroundings().sockets(in:),
    hasten: @escaping @Sendable () -> Void = {}
  ) {
    self.store = store
    self.agents = AgentControl(agents)
    self.sockets = sockets
    self.absence = absence
    self.preflightSockets = preflightSockets
    self.audit = audit
    self.verifying = verifying
    self.findings = findings
    self.hasten = hasten
    self.logger = logger
    (starts, start) = AsyncStream.makeStream()
  }

  /// Uses other control planes from now on; running actions keep theirs.
  func adopt(_ controls: [any ControlPlane]) {
    let pairs = controls.flatMap { control in control.dependencies.map { ($0, [control]) } }
    let byDependency = Dictionary(pairs, uniquingKeysWith: +)
    state.withLock { $0.controls = byDependency }
  }

  /// Keeps to another policy from now on.
  func adopt(_ policy: ActionPolicy, tick: Duration) {
    state.withLock { state in
      state.policy = policy
      state.ledger.perHour = policy.perHour
      state.tick = tick
    }
  }

  /// Running actions and those that ended lately.
  func shown(at now: WallTime = .now()) -> [ActionStatus] {
    state.withLock { $0.ledger.shown(at: now) }
  }

  func status(of id: ActionID) throws(Refusal) -> ActionStatus {
    guard let status = state.withLock({ $0.ledger.actions[id] }) else {
      throw Refusal(.notFound, "there is no action \(id)")
    }
    return status
  }

  func plan(_ id: PlanID) throws(Refusal) -> Plan {
    guard let plan = state.withLock({ $0.ledger.plans[id] }) else {
      throw Refusal(.notFound, "there is no plan \(id)")
    }
    return plan
  }

  /// What can be done on a dependency now.
  ///
  /// - Parameters:
  ///   - dependency: As it is read now.
  ///   - clients: Its clients that report, and what each says that it does.
  ///   - detail: The dependency with its connections.
  /// - Returns: One offer for each verb. One that nobody configured or reported can only be repaired, and that only
  ///   when the kernel's table has been read for it.
  func offers(
    for dependency: Dependency, clients: () -> [ClientRecord], detail: () -> DependencyDetail?
  ) -> [ActionOffer] {
    let policy = state.withLock(\.policy)
    return possible(for: dependency, clients: clients, detail: detail).map { offer in
      guard let reason = policy.reasonAgainst(offer.verb) else { return offer }
      return ActionOffer(verb: offer.verb, unavailable: reason)
    }
  }

  /// What can be done as far as the systems go.
  private func possible(
    for dependency: Dependency, clients: () -> [ClientRecord], detail: () -> DependencyDetail?
  ) -> [ActionOffer] {
    let configured = state.withLock { $0.controls[dependency.id] ?? [] }
    let own = agents.offers(for: dependency, clients: clients())
    let repairs = SocketOffers.offers(for: dependency, by: sockets, absence)
    guard !configured.isEmpty, let detail = detail() else {
      return (own.isEmpty && dependency.origin == .configured ? ActionEngine.none(for: dependency) : own) + repairs
    }
    let offered = configured.flatMap { $0.offers(for: detail) } + own + repairs
    return ActionVerb.allCases.compactMap { verb in
      let candidates = offered.filter { $0.verb == verb }
      return candidates.first { $0.unavailable == nil } ?? candidates.first
    }
  }

  private static func none(for dependency: Dependency) -> [ActionOffer] {
    ActionVerb.native.map { ActionOffer(verb: $0, unavailable: noControl(dependency)) }
  }

  /// Makes a plan and stores it; nothing is changed.
  func plan(_ request: PlanRequest) async throws(Refusal) -> Plan {
    let (control, detail) = try subject(of: request)
    try state.withLock { state throws(Refusal) in
      try state.ledger.admit(request.verb, on: request.dependency, at: .now())
    }
    let draft = try await draft(request, control, detail)
    let now = WallTime.now()
    let plan = draft.plan(for: request, createdAt: now)
    try state.withLock { state throws(Refusal) in
      try state.ledger.admitDisturbance(by: plan, at: now)
      state.ledger.store(plan, at: now)
    }
    return plan
  }

  /// Executes exactly a stored plan, or refuses with the difference when the world has moved.
  func execute(_ request: ExecuteRequest, by actor: Actor) async throws(Refusal) -> ActionStatus {
    let id = ActionID(rawValue: "a-" + Identity.random())
    let admission = try await admission(of: request, by: actor, as: id)
    guard case .reserved(let plan, let status) = admission else {
      if case .repeated(let status) = admission { return status }
      throw Refusal(.failed, "the action could not be admitted")
    }
    do throws(Refusal) {
      let (control, detail) = try subject(of: plan.request)
      let draft = try await draft(plan.request, control, detail)
      let difference = PlanDifference.between(
        plan, draft.preparation, draft.destinations, present: Set(detail.connections.map(\.cookie)))
      guard difference.isEmpty else {
        throw Refusal(
          .changed, "\(plan.request.dependency) is not as plan \(plan.id) saw it; make a new plan",
          difference: difference)
      }
      try await record(.started, status, "plan \(plan.digest): \(plan.extent)")
      start.yield(Start(plan: plan, id: id, control: control))
      publish()
      return status
    } catch {
      state.withLock { $0.ledger.withdraw(id) }
      // Best effort: the refusal itself is what the caller has to learn.
      await refused(error, verb: plan.request.verb, dependency: plan.request.dependency, plan: plan.id, actor: actor)
      throw error
    }
  }

  private func admission(
    of request: ExecuteRequest, by actor: Actor, as id: ActionID
  ) async throws(Refusal) -> ActionLedger.Admission {
    do throws(Refusal) {
      return try state.withLock { state throws(Refusal) in
        let admission = try state.ledger.admit(request, by: actor, as: id, at: .now())
        guard case .reserved(_, let status) = admission else { return admission }
        do throws(Refusal) {
          if let reason = state.policy.reasonAgainst(status.verb) { throw Refusal(.forbidden, reason) }
          try state.policy.requireReason(status.reason)
        } catch {
          state.ledger.withdraw(id)
          throw error
        }
        return admission
      }
    } catch {
      if let plan = state.withLock({ $0.ledger.plans[request.plan] }) {
        await refused(error, verb: plan.request.verb, dependency: plan.request.dependency, plan: plan.id, actor: actor)
      }
      throw error
    }
  }

  /// Asks a running action to stop.
  func abort(_ id: ActionID, by actor: Actor) throws(Refusal) -> ActionStatus {
    try state.withLock { state throws(Refusal) in
      guard let status = state.ledger.actions[id] else { throw Refusal(.notFound, "there is no action \(id)") }
      guard status.verdict == nil else { throw Refusal(.refused, "action \(id) has already ended") }
      state.aborts[id] = state.aborts[id] ?? actor
      return status
    }
  }

  /// Records that somebody was refused, in the log always and in the audit as far as the user's quota goes.
  func refused(
    _ refusal: Refusal, verb: ActionVerb, dependency: DependencyID, plan: PlanID?, actor: Actor
  ) async {
    logger.notice(
      "action refused",
      metadata: [
        "actor": "\(actor.label)", "dependency": "\(LogText.of(dependency.rawValue))",
        "reason": "\(LogText.of(refusal.description))",
      ])
    guard state.withLock({ $0.quota.admits(actor.uid, at: .now()) }) else { return }
    do {
      try await audit.append(
        AuditEntry(
          at: .now(), actor: actor, event: .refused, verb: verb, dependency: dependency, plan: plan, action: nil,
          reason: nil, result: refusal.description, duration: nil))
    } catch {
      logger.error("the audit cannot be written", metadata: ["error": "\(error)"])
    }
  }

  /// Runs admitted actions until the task is cancelled; those that run then end as interrupted.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await start in starts {
        group.addTask { [self] in await run(start) }
      }
      group.cancelAll()
    }
  }

  private func run(_ start: Start) async {
    let dependency = start.plan.request.dependency
    let verdict = await ActionRun(
      plan: start.plan, control: start.control, clock: ContinuousClock(),
      detail: { [store] in store.detail(of: dependency) },
      objection: { [self] in await objection(to: start.plan) },
      note: { [self] phase, progress in
        state.withLock { $0.ledger.note(start.id, phase: phase, progress: progress, at: .now()) }
        publish()
      },
      abortedBy: { [self] in state.withLock { $0.aborts[start.id] } },
      probe: { [self] in await probe(start.plan) },
      record: { [self] in await record($0, of: start) }, hasten: hasten,
      verifying: verifying > .zero ? max(verifying, state.withLock(\.tick) * 2) : .zero
    ).run()
    let status = state.withLock { state in
      state.ledger.finish(start.id, with: verdict)
      state.aborts[start.id] = nil
      return state.ledger.actions[start.id]
    }
    publish()
    guard let status else { return }
    do {
      try await record(verdict.outcome == .interrupted ? .interrupted : .finished, status, verdict.sentence)
    } catch {
      logger.error("the audit cannot be written", metadata: ["error": "\(error)"])
    }
  }

  /// Opens a new connection to each destination; nothing for a plan that had no pre-flight.
  private func probe(_ plan: Plan) async -> [ConnectAttempt] {
    guard plan.bounds != nil else { return [] }
    var attempts: [ConnectAttempt] = []
    for namespace in Preflight.namespaces(of: plan.targets) {
      guard let sockets = preflightSockets(namespace) else { continue }
      let tried = await ConnectProbe().connectTimes(
        to: plan.destinations, attempts: 1, timeout: ActionPace.probeTimeout, from: sockets)
      attempts += tried.joined()
    }
    return attempts
  }

  /// Writes down how far an action is, so that nobody has to guess it when the collector is killed.
  private func record(_ progress: StepProgress, of start: Start) async {
    guard let status = state.withLock({ $0.ledger.actions[start.id] }) else { return }
    do throws(Refusal) {
      try await record(.progress, status, progress.description)
    } catch {
      logger.error("the audit cannot be written", metadata: ["error": "\(error)"])
    }
  }

  private func publish() {
    changes.publish { shown() }
  }

  /// What turned a plan against its purpose while it waited: new connections fail now, or DNS has changed again.
  private func objection(to plan: Plan) async -> String? {
    guard let dependency = store.detail(of: plan.request.dependency)?.dependency else {
      return "\(plan.request.dependency) is no longer configured"
    }
    let reversals = PlanDifference.reversals(plan, in: dependency)
    guard reversals.isEmpty else {
      return "the world moved while the plan waited: " + reversals.joined(separator: "; ")
    }
    if let reason = PlanObjection(plan.request, plan.targets, findings: findings()).reason { return reason }
    let preparation = Preparation(
      targets: plan.targets, lines: [], confirmation: plan.confirmation, drainTimeout: plan.drainTimeout)
    do throws(Refusal) {
      if plan.request.verb != .breaker, plan.request.opensConnections(in: plan.targets) {
        _ = try await preflight(preparation, plan.request, to: plan.destinations)
      }
      return nil
    } catch {
      return error.description
    }
  }

  /// The dependency, and the control plane for a request: the first that can do it, else the first that says why not.
  private func subject(of request: PlanRequest) throws(Refusal) -> (any ControlPlane, DependencyDetail) {
    let id = request.dependency
    guard let detail = store.detail(of: id) else { throw Refusal(.notFound, "there is no dependency \(id)") }
    let controls = state.withLock { $0.controls[id] ?? [] } + [agents] + [sockets].compactMap { $0 }
    let offers = controls.compactMap { control in
      control.offers(for: detail).first { $0.verb == request.verb }.map { (control, $0) }
    }
    guard let (control, offer) = offers.first(where: { $0.1.unavailable == nil }) ?? offers.first else {
      guard request.verb != .repair else {
        throw Refusal(.refused, SocketOffers.reasonAgainst(detail.dependency, by: sockets, absence))
      }
      throw Refusal(.refused, ActionEngine.noControl(detail.dependency))
    }
    if let reason = offer.unavailable { throw Refusal(.refused, reason) }
    return (control, detail)
  }

  private static func noControl(_ dependency: Dependency) -> String {
    "deptop has no control plane for \(dependency.id): name one in the configuration, or report it with an agent that "
      + "obeys commands"
  }

  /// What would be done now, with its pre-flight.
  private func draft(
    _ request: PlanRequest, _ control: any ControlPlane, _ detail: DependencyDetail
  ) async throws(Refusal) -> PlanDraft {
    let preparation: Preparation
    do throws(ControlError) {
      preparation = try await control.prepare(request, for: detail)
    } catch {
      switch error {
      case .refused(let reason): throw Refusal(.refused, reason)
      case .failed(let reason): throw Refusal(.failed, reason)
      }
    }
    try PlanDraft.guardTargets(preparation, request)
    let objection = PlanObjection(request, preparation.targets, findings: findings())
    if let reason = objection.reason { throw Refusal(.refused, reason) }
    let destinations = detail.dependency.destinations(for: preparation.targets)
    guard request.opensConnections(in: preparation.targets) else {
      return PlanDraft(preparation, destinations: destinations)
    }
    var draft = try await preflight(preparation, request, to: destinations)
    draft.gentler = objection.gentler(in: detail.dependency, awaitsNames: preparation.awaitsNames)
    if request.verb != .breaker { draft.bound(by: detail, for: request.verb) }
    return draft
  }

  private func preflight(
    _ preparation: Preparation, _ request: PlanRequest, to destinations: [SocketAddress]
  ) async throws(Refusal) -> PlanDraft {
    var attempts: [[ConnectAttempt]] = destinations.map { _ in [] }
    for namespace in Preflight.namespaces(of: preparation.targets) {
      guard let sockets = preflightSockets(namespace) else {
        throw Refusal(
          .refused,
          "new connections cannot be tried from the network namespace of the planned ones: deptop-helper is not "
            + "running")
      }
      let tried = await Preflight.tried(destinations, from: sockets, hurried: preparation.closesOnlyDead)
      for (index, results) in tried.enumerated() { attempts[index] += results }
    }
    return try PlanDraft(preparation, destinations: destinations, attempts: attempts, for: request.verb)
  }

  private func record(_ event: AuditEntry.Event, _ status: ActionStatus, _ result: String) async throws(Refusal) {
    logger.notice(
      "action \(event.rawValue)",
      metadata: [
        "action": "\(status.id)", "verb": "\(status.verb.rawValue)", "dependency": "\(status.dependency)",
        "actor": "\(status.actor.label)", "reason": "\(LogText.of(status.reason ?? ""))",
        "result": "\(LogText.of(result))",
      ])
    do {
      try await audit.append(
        AuditEntry(
          at: .now(), actor: status.actor, event: event, verb: status.verb, dependency: status.dependency,
          plan: status.plan, action: status.id, reason: status.reason, result: result,
          duration: status.verdict?.duration))
    } catch {
      throw Refusal(.failed, "the audit cannot be written, and nothing is done without it: \(error)")
    }
  }
}

/// Text from outside as it may stand in a log.
enum LogText {
  static func of(_ text: String) -> String { DisplayText.clean(text, limit: 1000) }
}

extension Verdict {
  /// The verdict in one sentence, for the audit and the log.
  fileprivate var sentence: String {
    let readings = comparisons.map { "\($0.reading) \($0.before) → \($0.after)" }
    return ([outcome.rawValue] + readings + notes).joined(separator: "; ")
  }
}
