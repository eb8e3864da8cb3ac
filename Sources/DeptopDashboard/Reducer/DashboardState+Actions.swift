internal import DeptopModel

extension DashboardState {
  /// Asks for a plan, or says why not.
  mutating func plan(_ request: PlanRequest, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    let reason =
      Availability.unavailability(of: request.verb, on: request.dependency, self, snapshot, now)
      ?? Self.unofferedState(request, snapshot) ?? Self.unofferedRepair(request, snapshot)
    if let reason {
      explain("\(request.verb) \(request.dependency)", reason, now)
      return []
    }
    show(.planRequested(request, since: now))
    return [.requestPlan(request)]
  }

  /// Why a breaker cannot be put into the state of a request.
  private static func unofferedState(_ request: PlanRequest, _ snapshot: Snapshot?) -> String? {
    guard request.verb == .breaker, let state = request.breaker else { return nil }
    let states = breakerStates(of: request.dependency, snapshot)
    if states.isEmpty { return Availability.noStates }
    guard !states.contains(state) else { return nil }
    return "its clients take \(states.map(\.rawValue).joined(separator: ", ")), not \(state.rawValue)"
  }

  /// Takes the collector's answers about plans and actions.
  mutating func takeActionInput(_ input: DashboardInput, _ snapshot: Snapshot?, _ now: WallTime) {
    switch input {
    case .planReceived(let plan):
      guard case .planRequested(let request, _) = dialog, request.asksForSame(as: plan.request) else { return }
      let needsReason = snapshot?.host.policy?.isReasonRequired == true
      show(.plan(PlanDialog(plan, shownAt: now, needsReason: needsReason)))
    case .planRefused(let request, let reason):
      guard case .planRequested(request, _) = dialog else { return }
      show(.refusal(title: "\(request.verb) \(request.dependency): not possible", text: reason))
    case .actionStarted(let status): start(status)
    case .actionRefused(let plan, let reason): refuse(plan, reason, now)
    case .actionUpdated(let status): follow(status)
    case .abortRefused(let id, let reason):
      notify("\(followed[id].map { "\($0.verb) \($0.dependency)" } ?? "\(id)") goes on: \(reason)", .problem, now)
    default: break
    }
  }

  private mutating func start(_ status: ActionStatus) {
    followed[status.id] = status
    if case .plan(let open) = dialog, open.plan.id == status.plan { show(.running(status.id)) }
    if status.verdict != nil { follow(status) }
  }

  private mutating func refuse(_ plan: PlanID, _ reason: String, _ now: WallTime) {
    guard case .plan(let open) = dialog, open.plan.id == plan else {
      notify("not started: \(reason)", .problem, now)
      return
    }
    let request = open.plan.request
    show(.refusal(title: "\(request.verb) \(request.dependency): not started", text: reason))
  }

  /// Asks the collector to stop the action in question.
  mutating func abort(_ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    if let reason = Availability.abort(self, snapshot, now) {
      notify(reason, .problem, now)
      return []
    }
    guard let action = runningAction(snapshot) else { return [] }
    // In front is what comes of it, unless something waits there for an answer.
    if dialog == nil { show(.running(action.id)) }
    notify("asked to stop the \(action.verb.noun) of \(action.dependency)", now)
    return [.abort(action.id)]
  }

  /// Executes the plan in the dialog when everything that it asks for is there.
  mutating func confirm(_ open: PlanDialog, _ now: WallTime) -> [Effect] {
    var open = open
    guard !open.isStarting else { return [] }
    if open.plan.expiresAt <= now {
      var request = open.plan.request
      request.reason = open.reason.trimmed
      show(.planRequested(request, since: now))
      return [.requestPlan(request)]
    }
    open.hint = obstacle(to: open, now)
    if open.hint == nil, open.lacksReason {
      (open.hint, open.focus) = ("this host asks for a reason: type it, then Enter", .reason)
    }
    open.isStarting = open.hint == nil
    dialog = .plan(open)
    return open.isStarting ? [.execute(open.plan.id, reason: open.reason.trimmed)] : []
  }

  private func obstacle(to open: PlanDialog, _ now: WallTime) -> String? {
    let name = open.plan.request.dependency.rawValue
    if now - open.shownAt < PlanDialog.shortestReading { return "that was too quick to have read it: once more" }
    if !link.isLive { return "no link to the collector" }
    if !isArmed(at: now) { return "read-only again: Esc, then :arm" }
    if open.plan.confirmation == .typeName, !open.isNameTyped { return "type \(name), exactly" }
    return nil
  }
}

extension PlanRequest {
  /// True when a plan answers this request, though its reason may have been put in other words.
  fileprivate func asksForSame(as other: PlanRequest) -> Bool {
    verb == other.verb && dependency == other.dependency && scope == other.scope && breaker == other.breaker
      && repair == other.repair
  }
}

extension PlanDialog {
  /// True when the host asks for a reason, and none is typed yet.
  package var lacksReason: Bool { needsReason && reason.trimmed == nil }

  /// True when the dependency's name stands in the field as the operator sees it.
  package var isNameTyped: Bool {
    typedName.text == plan.request.dependency.rawValue || typedName.text == typableName
  }

  /// The name without what no keyboard can type.
  package var typableName: String { plan.request.dependency.shown }
}

extension TextField {
  /// The text without spaces around it; nil when nothing is left.
  var trimmed: String? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    let inner = words.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
    return inner.isEmpty ? nil : inner.joined(separator: " ")
  }
}
