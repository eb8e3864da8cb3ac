internal import DeptopModel
internal import DeptopScreen
internal import DeptopWire

extension DashboardState {
  /// Takes a key: to whatever is in front, else by the table of keys.
  mutating func press(_ key: Key, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    let binding = bindings.binding(for: key)
    if binding?.command == .interrupt { return interrupt(now) }
    if binding?.command == .redraw { return [.redraw] }
    interruptedAt = nil
    if dialog != nil { return pressInDialog(key, snapshot, now) }
    notice = nil
    if sortMenu != nil { return pressInSortMenu(key) }
    if breakerMenu != nil { return pressInBreakerMenu(key, snapshot, now) }
    if repairMenu != nil { return pressInRepairMenu(key, snapshot, now) }
    if prompt != nil { return pressInPrompt(key, snapshot, now) }
    guard let binding, offers(binding) else { return [] }
    if let reason = binding.unavailable(self, snapshot, now) {
      explain("\(binding.hint ?? binding.command.rawValue)", reason, now)
      return []
    }
    return run(binding.command, snapshot, now)
  }

  private mutating func interrupt(_ now: WallTime) -> [Effect] {
    if interruptedAt != nil { return [.quit] }
    interruptedAt = now
    if dialog != nil {
      dialog = nil
    } else if sortMenu != nil {
      sortMenu = nil
    } else if breakerMenu != nil {
      breakerMenu = nil
    } else if repairMenu != nil {
      repairMenu = nil
    } else if prompt != nil {
      cancelPrompt()
    }
    notify("ctrl-c again quits", now)
    return []
  }

  private mutating func run(_ command: Command, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    switch command {
    case .open: return openFocused(snapshot)
    case .back: return back()
    case .lastScreen: return lastScreen.map { show($0) } ?? []
    case .nextScreen: return showTab(after: 1)
    case .previousScreen: return showTab(after: -1)
    case .showOverview: return show(.overview)
    case .showFindings: return show(.findings)
    case .showSources: return show(.sources)
    case .showActions: return show(.actions)
    case .showNamespaces: return show(.namespaces)
    case .showClients: return show(.clients)
    case .showHelp: return show(.help)
    case .drain: return planFocused(.drain, drainScope(snapshot), snapshot, now)
    case .resolve: return planFocused(.resolve, .stale, snapshot, now)
    case .breaker: chooseBreaker(snapshot, now)
    case .repair: chooseRepair(snapshot, now)
    case .abort: return abort(snapshot, now)
    case .nextScenario: return ask(.next, now)
    case .copy: return copyFocused(snapshot, now)
    case .nextTheme: return useTheme((themeIndex + 1) % max(1, themes.count), now)
    case .redraw: return [.redraw]
    case .quit: return [.quit]
    default: runLocally(command, snapshot, now)
    }
    return []
  }

  /// Commands that change what is shown and nothing else.
  private mutating func runLocally(_ command: Command, _ snapshot: Snapshot?, _ now: WallTime) {
    switch command {
    case .search: prompt = Prompt(.search)
    case .searchNext: findMatch(forward: true, snapshot, now)
    case .searchPrevious: findMatch(forward: false, snapshot, now)
    case .filter: prompt = Prompt(.filter, text: filter.text)
    case .commandLine: prompt = Prompt(.command)
    case .sortMenu: openSortMenu()
    case .invertSort: invertSort()
    case .regroup: regroup(now)
    case .freeze: toggleFreeze(snapshot, now)
    case .toggleASCII: isASCII.toggle()
    default: move(by: command, shown(snapshot), now)
    }
  }

  private mutating func toggleFreeze(_ snapshot: Snapshot?, _ now: WallTime) {
    if frozen != nil {
      frozen = nil
    } else if let snapshot {
      frozen = FrozenSnapshot(snapshot: snapshot, at: now, trends: trends)
    }
  }

  mutating func planFocused(
    _ verb: ActionVerb, _ scope: ActionScope = .stale, breaker: BreakerState? = nil,
    repair: RepairMethod? = nil, _ snapshot: Snapshot?, _ now: WallTime
  ) -> [Effect] {
    guard let id = focusedDependency(shown(snapshot)) else {
      notify("\(verb): no dependency is selected", .problem, now)
      return []
    }
    let request = PlanRequest(verb: verb, dependency: id, scope: scope, breaker: breaker, repair: repair)
    return plan(request, snapshot, now)
  }

  /// Which connections a drain of the selected dependency is about: those that its worst finding asks for.
  private func drainScope(_ snapshot: Snapshot?) -> ActionScope {
    guard let snapshot = shown(snapshot), let id = focusedDependency(snapshot) else { return .stale }
    let asked = snapshot.findings.filter { $0.dependency == id && $0.presentAction == .drain }
    return asked.max { $0.presentLevel < $1.presentLevel }?.actionScope ?? .stale
  }

  private mutating func copyFocused(_ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    guard let snapshot = shown(snapshot), let id = focusedDependency(snapshot) else { return [] }
    notify("copied: \(id)", now)
    return [.copy(StatusText(glyphs: glyphs, clock: clock).summary(of: id, in: snapshot, now: now))]
  }

  mutating func useTheme(_ index: Int, _ now: WallTime) -> [Effect] {
    guard themes.indices.contains(index) else { return [] }
    themeIndex = index
    notify("theme \(themes[index])", now)
    return [.useTheme(themes[index])]
  }
}
