internal import DeptopConfiguration
internal import DeptopModel
internal import DeptopWire

/// The plans and actions of a collector, and who may start what: decisions without I/O.
struct ActionLedger: Sendable {
  /// How long a plan can be executed.
  static let planLife = Duration.seconds(60)
  /// The pause after an action that ended by itself, and after one that was aborted or failed, before the next one
  /// on the same dependency.
  static let coolDown = Duration.seconds(60)
  static let coolDownAfterFailure = Duration.seconds(600)
  /// How long an ended action is shown.
  static let shownFor = Duration.seconds(600)
  /// The time over which disturbing actions are counted.
  static let hour = Duration.seconds(3600)
  /// Plans kept; the oldest go first.
  static let plansKept = 200

  private(set) var plans: [PlanID: Plan] = [:]
  private(set) var actions: [ActionID: ActionStatus] = [:]
  private var keys: [String: ActionID] = [:]
  private var running: [DependencyID: ActionID] = [:]
  private var coolDowns: [DependencyID: WallTime] = [:]
  /// When actions began that close or open connections; those of the last hour.
  private var disturbances: [(action: ActionID, at: WallTime)] = []
  /// How many of them may begin within an hour.
  var perHour = ActionSettings.defaultPerHour

  /// What executing a plan comes to.
  enum Admission: Sendable {
    /// The same request was made before: this is its action.
    case repeated(ActionStatus)
    /// The dependency is reserved for this action.
    case reserved(Plan, ActionStatus)
  }

  mutating func store(_ plan: Plan, at now: WallTime) {
    plans = plans.filter { now - $0.value.expiresAt < ActionLedger.shownFor }
    if plans.count >= ActionLedger.plansKept, let oldest = plans.values.min(by: { $0.createdAt < $1.createdAt }) {
      plans[oldest.id] = nil
    }
    plans[plan.id] = plan
  }

  /// Admits one execution of a stored plan, and reserves its dependency.
  mutating func admit(
    _ request: ExecuteRequest, by actor: Actor, as id: ActionID, at now: WallTime
  ) throws(Refusal) -> Admission {
    let key = "\(actor.uid)/\(request.idempotencyKey)"
    if let repeated = keys[key].flatMap({ actions[$0] }) {
      guard repeated.plan == request.plan else {
        throw Refusal(.invalid, "idempotency key \(request.idempotencyKey) was used for plan \(repeated.plan)")
      }
      return .repeated(repeated)
    }
    guard let plan = plans[request.plan] else { throw Refusal(.notFound, "there is no plan \(request.plan)") }
    guard now < plan.expiresAt else {
      let age = Int((now - plan.createdAt).seconds)
      throw Refusal(.expired, "plan \(plan.id) is \(age) s old, and plans are valid for 60 s: make a new one")
    }
    try admit(plan.request.verb, on: plan.request.dependency, at: now)
    try admitDisturbance(by: plan, at: now)
    if let done = actions.values.first(where: { $0.plan == plan.id }) {
      throw Refusal(.refused, "plan \(plan.id) was carried out already, as \(done.id): make a new one")
    }
    let status = ActionStatus(
      id: id, plan: plan.id, verb: plan.request.verb, dependency: plan.request.dependency, actor: actor,
      reason: request.reason ?? plan.request.reason, startedAt: now)
    actions[id] = status
    keys[key] = id
    running[plan.request.dependency] = id
    if !plan.disturbsNothing { disturbances.append((id, now)) }
    return .reserved(plan, status)
  }

  /// Refuses when something already acts on a dependency, or has just done so.
  ///
  /// A breaker needs no pause: setting it opens no connection, and who opened one may have to close it at once.
  func admit(_ verb: ActionVerb, on dependency: DependencyID, at now: WallTime) throws(Refusal) {
    if let other = running[dependency].flatMap({ actions[$0] }) {
      throw Refusal(
        .refused,
        "\(other.actor.label) has been at it for \(Int((now - other.startedAt).seconds)) s: "
          + "\(other.verb.rawValue) of \(dependency) (\(other.id)) is still running")
    }
    if verb != .breaker, let until = coolDowns[dependency], now < until {
      throw Refusal(
        .refused,
        "\(dependency) was acted on a moment ago: cooling down for another \(Int((until - now).seconds) + 1) s")
    }
  }

  /// Takes back a reservation whose action never began; its idempotency key is free again.
  mutating func withdraw(_ id: ActionID) {
    guard let status = actions.removeValue(forKey: id) else { return }
    running[status.dependency] = nil
    keys = keys.filter { $0.value != id }
    disturbances.removeAll { $0.action == id }
  }

  /// Refuses a plan that would be one disturbance too many within an hour; a breaker and keepalive are none.
  mutating func admitDisturbance(by plan: Plan, at now: WallTime) throws(Refusal) {
    disturbances.removeAll { now - $0.at >= ActionLedger.hour || $0.at > now }
    guard !plan.disturbsNothing, disturbances.count >= perHour else { return }
    let age = disturbances.first.map { now - $0.at } ?? .zero
    throw Refusal(
      .refused,
      "\(disturbances.count) actions have closed or opened connections on this host within an hour, and at most "
        + "\(perHour) may (actions.per_hour): the next may begin in \(Int((ActionLedger.hour - age).seconds) + 1) s")
  }

  /// Notes a phase or a line of progress.
  mutating func note(_ id: ActionID, phase: ActionStatus.Phase? = nil, progress: String? = nil, at now: WallTime) {
    if let phase { actions[id]?.phase = phase }
    if let progress, actions[id]?.progress.last?.text != progress {
      actions[id]?.progress.append(ProgressEntry(at: now, text: progress))
    }
  }

  /// Ends an action and lets go of its dependency.
  mutating func finish(_ id: ActionID, with verdict: Verdict) {
    guard let status = actions[id], status.verdict == nil else { return }
    actions[id]?.phase = .finished
    actions[id]?.verdict = verdict
    running[status.dependency] = nil
    // Keepalive alone, like a breaker, neither closes nor opens a connection.
    guard status.verb != .breaker, plans[status.plan]?.disturbsNothing != true else { return }
    let isDone = verdict.outcome == .healed || verdict.outcome == .partial
    coolDowns[status.dependency] =
      verdict.endedAt + (isDone ? ActionLedger.coolDown : ActionLedger.coolDownAfterFailure)
  }

  /// Running actions and those that ended lately, oldest first; forgets the others.
  mutating func shown(at now: WallTime) -> [ActionStatus] {
    let forgotten = actions.values.filter { action in
      action.verdict.map { now - $0.endedAt > ActionLedger.shownFor } ?? false
    }
    for action in forgotten {
      actions[action.id] = nil
      keys = keys.filter { $0.value != action.id }
    }
    return actions.values.sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
  }
}
