internal import DeptopModel
internal import DeptopScreen

extension DashboardState {
  /// Takes a key while a dialog is open.
  mutating func pressInDialog(_ key: Key, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    if case .plan(let open) = dialog {
      if open.focus == .confirmation, key == .character("X") { return abort(snapshot, now) }
      return press(key, in: open, now)
    }
    if scrollDialog(by: key, letters: true) { return [] }
    switch (dialog, key) {
    case (_, .character("X")): return abort(snapshot, now)
    case (.running, .escape), (.running, .enter), (.running, .character("q")):
      dialog = nil
      notify("it goes on; its verdict will be shown", now)
    case (.verdict(let status), .character("y")):
      notify("copied", now)
      return [.copy(ActionText(glyphs: glyphs, clock: clock).verdict(of: status))]
    case (.planRequested, .escape), (.planRequested, .character("q")): dialog = nil
    case (.verdict, .escape), (.verdict, .enter), (.verdict, .character("q")),
      (.refusal, .escape), (.refusal, .enter), (.refusal, .character("q")):
      dialog = nil
    default: break
    }
    return []
  }

  private mutating func press(_ key: Key, in open: PlanDialog, _ now: WallTime) -> [Effect] {
    var open = open
    open.hint = nil
    switch key {
    case .escape: return leave(open, now)
    case .tab, .backTab:
      open.moveFocus()
      dialog = .plan(open)
      return []
    case .pageUp, .pageDown, .up, .down:
      _ = scrollDialog(by: key, letters: false)
      return []
    default: break
    }
    switch open.focus {
    case .confirmation: return press(key, atConfirmationOf: open, now)
    case .reason where key == .enter:
      open.focus = open.plan.confirmation == .typeName ? .name : .confirmation
    case .reason: _ = open.reason.handle(key)
    case .name where key == .enter: return confirm(open, now)
    case .name: _ = open.typedName.handle(key)
    }
    dialog = .plan(open)
    return []
  }

  private mutating func press(_ key: Key, atConfirmationOf open: PlanDialog, _ now: WallTime) -> [Effect] {
    switch key {
    case .enter, .character("y"): return confirm(open, now)
    case .character("n"), .character("q"): return leave(open, now)
    case .character("r"):
      var open = open
      open.focus = .reason
      dialog = .plan(open)
    default: _ = scrollDialog(by: key, letters: true)
    }
    return []
  }

  private mutating func leave(_ open: PlanDialog, _ now: WallTime) -> [Effect] {
    dialog = nil
    if open.isStarting { notify("it was started already; its verdict will be shown", now) }
    return []
  }

  /// Scrolls what does not fit; answers false for keys that do something else.
  private mutating func scrollDialog(by key: Key, letters: Bool) -> Bool {
    switch key {
    case .up: dialogOffset -= 1
    case .down: dialogOffset += 1
    case .pageUp: dialogOffset -= 5
    case .pageDown: dialogOffset += 5
    case .character("k") where letters: dialogOffset -= 1
    case .character("j") where letters: dialogOffset += 1
    default: return false
    }
    return true
  }
}

extension PlanDialog {
  fileprivate mutating func moveFocus() {
    let rest: Focus = plan.confirmation == .typeName ? .name : .confirmation
    focus = focus == .reason ? rest : .reason
  }
}
