internal import DeptopModel

extension DashboardState {
  /// Goes to a screen; the details of a dependency lie on top of the screen that they were opened from.
  mutating func show(_ next: Screen) -> [Effect] {
    guard next != screen else { return [] }
    let before = screen
    lastScreen = before
    if case .detail = next {
      if case .detail = before { screens.removeLast() }
      screens.append(next)
    } else {
      screens = next == .overview ? [.overview] : [.overview, next]
    }
    offsets[next] = nil
    return effects(from: before, to: next)
  }

  mutating func openFocused(_ snapshot: Snapshot?) -> [Effect] {
    focusedDependency(shown(snapshot)).map { show(.detail($0)) } ?? []
  }

  /// Takes away, one at a time: the search, the filter, the screen.
  mutating func back() -> [Effect] {
    if screens.count > 1 {
      let before = screens.removeLast()
      lastScreen = before
      return effects(from: before, to: screen)
    }
    if !search.isEmpty { search = "" } else if !filter.isEmpty { filter = .none }
    return []
  }

  mutating func showTab(after step: Int) -> [Effect] {
    let count = Screen.tabs.count
    let base = screens.last(where: Screen.tabs.contains) ?? .overview
    let current = Screen.tabs.firstIndex(of: base) ?? 0
    return show(Screen.tabs[(current + step + count) % count])
  }

  private mutating func effects(from before: Screen, to next: Screen) -> [Effect] {
    var effects: [Effect] = []
    if case .detail = before { (detail, detailProblem) = (nil, nil) }
    switch (before, next) {
    case (_, .detail(let id)): effects.append(.requestDetail(id))
    case (.detail, _): effects.append(.stopDetail)
    default: break
    }
    if next == .actions { effects.append(.requestAudit) }
    return effects
  }
}
