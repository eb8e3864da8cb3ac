internal import DeptopModel

extension DashboardState {
  /// Moves the selection, or the page where nothing is selected.
  mutating func move(by command: Command, _ snapshot: Snapshot?, _ now: WallTime) {
    guard let snapshot else { return }
    switch command {
    case .scrollLeft: columnOffset = max(0, columnOffset - 1)
    case .scrollRight: columnOffset = min(columnOffset + 1, OverviewColumns.scrollable(reported).count - 1)
    default:
      let viewport = Viewport(Scene(snapshot: snapshot, state: self, now: now))
      guard let step = step(of: command, page: viewport.page) else { return }
      move(step, viewport, snapshot)
    }
  }

  private func step(of command: Command, page: Int) -> Int? {
    switch command {
    case .moveUp: -1
    case .moveDown: 1
    case .moveToFirst: -Int(Int32.max)
    case .moveToLast: Int(Int32.max)
    case .pageUp: -max(1, page - 1)
    case .pageDown: max(1, page - 1)
    case .halfPageUp: -max(1, page / 2)
    case .halfPageDown: max(1, page / 2)
    default: nil
    }
  }

  private mutating func move(_ step: Int, _ viewport: Viewport, _ snapshot: Snapshot) {
    switch screen {
    case .overview:
      let rows = rows(of: snapshot).rows
      guard !rows.isEmpty else { return }
      let next = (viewport.selected ?? 0) + step
      selectedDependency = rows[next.clamped(to: 0...rows.count - 1)].id
    case .findings:
      let ids = rows(of: snapshot).findings.map { snapshot.findings[$0].id }
      guard !ids.isEmpty else { return }
      let current = selectedFinding.flatMap(ids.firstIndex) ?? 0
      // A page of findings is hard to count in findings: three is about one.
      let stride = abs(step) > 1 && abs(step) < 1000 ? step.signum() * 3 : step
      selectedFinding = ids[(current + stride).clamped(to: 0...ids.count - 1)]
    case .clients:
      let groups = groups(of: snapshot)
      guard !groups.isEmpty else { return }
      let next = (viewport.selected ?? 0) + step
      selectedClient = groups[next.clamped(to: 0...groups.count - 1)].id
    case .detail, .sources, .actions, .namespaces, .help:
      offsets[screen] = viewport.offset + step
    }
  }

  /// Selects the next dependency whose name has the searched text in it.
  mutating func findMatch(forward: Bool, _ snapshot: Snapshot?, _ now: WallTime, fromHere: Bool = false) {
    guard let snapshot = shown(snapshot), !search.isEmpty else { return }
    let rows = rows(of: snapshot).rows
    guard !rows.isEmpty else { return }
    let current = rows.firstIndex { $0.id == selectedDependency } ?? 0
    let start = fromHere ? 0 : 1
    let order = (start..<rows.count + start).map { step in
      rows[(current + (forward ? step : -step) + 2 * rows.count) % rows.count]
    }
    if let found = order.first(where: { isMatch($0.id) }) {
      selectedDependency = found.id
    } else {
      notify("no name contains \u{22}\(search)\u{22}", .problem, now)
    }
  }

  /// True when a name has the searched text in it.
  func isMatch(_ id: DependencyID) -> Bool {
    !search.isEmpty && id.rawValue.lowercased().contains(search.lowercased())
  }
}
