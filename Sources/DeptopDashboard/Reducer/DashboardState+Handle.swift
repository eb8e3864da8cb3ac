package import DeptopModel
internal import DeptopScreen

extension DashboardState {
  /// Takes one input and answers what the program has to do because of it.
  ///
  /// - Parameters:
  ///   - input: what happened.
  ///   - snapshot: the latest one; nil before the first.
  ///   - now: the moment of the input.
  /// - Returns: effects, in the order in which they have to be done.
  package mutating func handle(_ input: DashboardInput, snapshot: Snapshot?, now: WallTime) -> [Effect] {
    let effects = react(to: input, snapshot, now)
    settle(snapshot, now)
    return effects
  }

  private mutating func react(to input: DashboardInput, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    switch input {
    case .key(let key):
      hasChosen = true
      return press(key, snapshot, now)
    case .pasted(let text): paste(text, snapshot, now)
    case .resized(let size): self.size = size
    case .tick: break
    case .snapshotReceived: if let snapshot { take(snapshot, now) }
    case .detailReceived(let detail): take(detail)
    case .detailFailed(let id, let reason): if screen == .detail(id) { detailProblem = reason }
    case .auditReceived(let entries): (audit, auditProblem) = (entries, nil)
    case .auditFailed(let reason): auditProblem = reason
    case .linkChanged(let link): return change(to: link)
    case .versionNoticed(let text): versionNotice = text
    case .noticed(let text, let kind): notify(text, kind, now)
    case .themesChanged(let names, let current): use(names, current)
    case .sceneChanged(let scene): self.scene = scene
    case .scenarioLeftOut(let scenario, let reason): leaveOut(scenario, reason, now)
    case .labEnded(let reason): (scene, labEnd) = (nil, reason)
    default: takeActionInput(input, snapshot, now)
    }
    return []
  }

  private mutating func use(_ names: [String], _ current: String) {
    guard !names.isEmpty else { return }
    themes = names
    themeIndex = names.firstIndex(of: current) ?? 0
  }

  private mutating func take(_ detail: DependencyDetail) {
    guard screen == .detail(detail.dependency.id), frozen == nil || self.detail == nil else { return }
    self.detail = detail
    details &+= 1
    detailProblem = nil
  }

  /// Asks again for what a new connection does not know that it is wanted.
  private mutating func change(to link: LinkState) -> [Effect] {
    let wasLive = self.link.isLive
    self.link = link
    guard link.isLive, !wasLive else { return [] }
    if case .detail(let id) = screen { return [.requestDetail(id)] }
    return screen == .actions ? [.requestAudit] : []
  }

  mutating func notify(_ text: String, _ now: WallTime) { notify(text, .done, now) }

  mutating func notify(_ text: String, _ kind: Notice.Kind, _ now: WallTime) {
    notice = Notice(text: sanitized(text), kind: kind, until: now + Notice.lifetime)
  }
}
