internal import DeptopModel
internal import DeptopScreen

extension DashboardState {
  /// Opens the menu of states for what is selected.
  mutating func chooseBreaker(_ snapshot: Snapshot?, _ now: WallTime) {
    guard let id = focusedDependency(shown(snapshot)) else { return }
    breakerMenu = BreakerMenu(dependency: id, states: Self.breakerStates(of: id, snapshot))
    if breakerMenu == nil { notify("breaker \(id): \(Availability.noStates)", .problem, now) }
  }

  mutating func pressInBreakerMenu(_ key: Key, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    guard var menu = breakerMenu else { return [] }
    switch key {
    case .up, .character("k"): menu.move(by: -1)
    case .down, .character("j"): menu.move(by: 1)
    case .home, .character("g"): menu.move(by: -menu.states.count)
    case .end, .character("G"): menu.move(by: menu.states.count)
    case .enter: return plan(menu, menu.chosen, snapshot, now)
    case .escape, .character("q"), .character("B"):
      breakerMenu = nil
      return []
    case .character(let letter):
      guard let state = menu.states.first(where: { $0.menuKey == letter }) else { return [] }
      return plan(menu, state, snapshot, now)
    default: return []
    }
    breakerMenu = menu
    return []
  }

  private mutating func plan(
    _ menu: BreakerMenu, _ state: BreakerState, _ snapshot: Snapshot?, _ now: WallTime
  ) -> [Effect] {
    breakerMenu = nil
    return plan(PlanRequest(verb: .breaker, dependency: menu.dependency, breaker: state), snapshot, now)
  }

  /// The states that the live snapshot offers.
  static func breakerStates(of id: DependencyID, _ snapshot: Snapshot?) -> [BreakerState] {
    guard let snapshot, let place = snapshot.place(of: id) else { return [] }
    return snapshot.dependencies[place].actions.first { $0.verb == .breaker }?.breakerStates ?? []
  }
}
