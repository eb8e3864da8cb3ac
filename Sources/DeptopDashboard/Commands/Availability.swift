internal import DeptopModel

/// Why commands do nothing in a state; the operator reads the sentence.
enum Availability {
  static let readOnly = "read-only: type :arm to make actions possible for ten minutes"
  static let noStates = "its clients do not say which states they can be put into"

  static let noRepairs = "the collector does not say how it could be repaired"

  @Sendable static func open(_ state: DashboardState, _ snapshot: Snapshot?, _ now: WallTime) -> String? {
    switch state.screen {
    case .overview, .findings, .clients:
      state.focusedDependency(state.shown(snapshot)) == nil ? "nothing is selected" : nil
    case .detail, .sources, .actions, .namespaces, .help: "nothing to open here"
    }
  }

  @Sendable static func search(_ state: DashboardState, _ snapshot: Snapshot?, _ now: WallTime) -> String? {
    state.search.isEmpty ? "nothing was searched for: / starts a search" : nil
  }

  @Sendable static func copy(_ state: DashboardState, _ snapshot: Snapshot?, _ now: WallTime) -> String? {
    state.focusedDependency(state.shown(snapshot)) == nil ? "nothing is selected to copy" : nil
  }

  @Sendable static func regroup(_ state: DashboardState, _ snapshot: Snapshot?, _ now: WallTime) -> String? {
    state.screen == .clients ? nil : "only the clients (6) can be grouped"
  }

  /// Why a verb cannot be used on what is selected.
  static func action(_ verb: ActionVerb) -> @Sendable (DashboardState, Snapshot?, WallTime) -> String? {
    { state, snapshot, now in
      guard let id = state.focusedDependency(state.shown(snapshot)) else { return "no dependency is selected" }
      return unavailability(of: verb, on: id, state, snapshot, now)
    }
  }

  @Sendable static func abort(_ state: DashboardState, _ snapshot: Snapshot?, _ now: WallTime) -> String? {
    guard let action = state.runningAction(snapshot) else {
      let running = (snapshot?.actions ?? []).count { $0.verdict == nil }
      return running == 0
        ? "no action is running" : "\(running) actions are running: select the dependency of the one to stop (1)"
    }
    guard state.link.isLive else { return "no link to the collector" }
    guard state.isArmed(at: now) || state.followed[action.id] != nil else { return readOnly }
    return nil
  }

  /// Why a verb cannot be used on a dependency, as the live snapshot has it, frozen display or not.
  static func unavailability(
    of verb: ActionVerb, on id: DependencyID, _ state: DashboardState, _ snapshot: Snapshot?, _ now: WallTime
  ) -> String? {
    guard let snapshot, let place = snapshot.place(of: id) else { return "\(id) is gone" }
    guard let offer = snapshot.dependencies[place].actions.first(where: { $0.verb == verb }) else {
      if verb == .repair { return "the collector cannot repair connections: deptop doctor tells why" }
      return snapshot.dependencies[place].origin == .reported
        ? "none of the clients of \(id) obeys it" : "no control plane is configured that can \(verb.deed) \(id)"
    }
    if let reason = offer.unavailable { return reason }
    if snapshot.host.policy?.forbiddenVerbs.contains(verb) == true {
      return "nobody may \(verb.deed) anything on this host (policy.forbidden)"
    }
    if let running = snapshot.actions.first(where: { $0.dependency == id && $0.verdict == nil }) {
      return "a \(running.verb.noun) of \(id) is running: X stops it"
    }
    guard state.link.isLive else { return "no link to the collector" }
    return state.isArmed(at: now) ? nil : readOnly
  }
}

extension DashboardState {
  /// The action that ``Command/abort`` is about: the one in the dialog, else that of the dependency that the dialog is
  /// about or that is selected, else the only one that runs.
  func runningAction(_ snapshot: Snapshot?) -> ActionStatus? {
    let running = (snapshot?.actions ?? []).filter { $0.verdict == nil }
    if case .running(let id) = dialog { return running.first { $0.id == id } ?? followed[id] }
    if let id = dialog?.dependency ?? focusedDependency(shown(snapshot)),
      let own = running.first(where: { $0.dependency == id })
    {
      return own
    }
    return running.count == 1 ? running.first : nil
  }
}
