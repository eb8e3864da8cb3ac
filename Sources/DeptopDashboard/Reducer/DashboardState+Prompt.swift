internal import DeptopModel
internal import DeptopScreen

extension DashboardState {
  mutating func pressInPrompt(_ key: Key, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    guard var open = prompt else { return [] }
    switch key {
    case .escape:
      cancelPrompt()
      return []
    case .backspace where open.field.text.isEmpty:
      cancelPrompt()
      return []
    case .enter:
      prompt = nil
      return finish(open, snapshot, now)
    case .tab where open.kind == .command:
      let completion = CommandLanguage.complete(open.field.text, themes: themes)
      open.field.replace(with: completion.line)
      prompt = open
      if !completion.choices.isEmpty { notify(completion.choices.joined(separator: "  "), now) }
      return []
    default:
      guard open.field.handle(key) else { return [] }
      prompt = open
      preview(open, snapshot, now)
      return []
    }
  }

  /// Puts pasted text where text is being typed; a name that confirms an action has to be typed.
  mutating func paste(_ text: String, _ snapshot: Snapshot?, _ now: WallTime) {
    if case .plan(var open) = dialog {
      open.hint = open.focus == .name ? "type the name: a paste does not confirm" : nil
      if open.focus == .reason { open.reason.insert(text) }
      dialog = .plan(open)
    } else if dialog == nil, var open = prompt {
      open.field.insert(text)
      prompt = open
      preview(open, snapshot, now)
    } else if dialog == nil {
      notify("pasted text is not read as keys", .problem, now)
    }
  }

  mutating func cancelPrompt() {
    if prompt?.kind == .filter { filter = Filter(prompt?.previous ?? "") }
    prompt = nil
  }

  /// Filter and search take effect while they are typed.
  private mutating func preview(_ open: Prompt, _ snapshot: Snapshot?, _ now: WallTime) {
    switch open.kind {
    case .filter: filter = Filter(open.field.text)
    case .search:
      search = open.field.text
      findMatch(forward: true, snapshot, now, fromHere: true)
    case .command: break
    }
  }

  private mutating func finish(_ open: Prompt, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    switch open.kind {
    case .filter: return apply(.filter(open.field.text), snapshot, now)
    case .search:
      search = open.field.text
      findMatch(forward: true, snapshot, now, fromHere: true)
      return screen == .overview || search.isEmpty ? [] : show(.overview)
    case .command:
      do {
        return apply(try CommandLanguage.parse(open.field.text, themes: themes), snapshot, now)
      } catch {
        notify(error.text, .problem, now)
        return []
      }
    }
  }

  private mutating func apply(
    _ request: CommandLanguage.Request, _ snapshot: Snapshot?, _ now: WallTime
  ) -> [Effect] {
    switch request {
    case .nothing: return []
    case .arm: arm(now)
    case .disarm:
      armedUntil = nil
      notify("read-only", now)
    case .quit: return [.quit]
    case .act(let verb, let scope): return planFocused(verb, scope, snapshot, now)
    case .breaker(let state): return planFocused(.breaker, breaker: state, snapshot, now)
    case .repair(let method): return planFocused(.repair, method.usualScope, repair: method, snapshot, now)
    case .sort(let column): sort(by: column)
    case .filter(let text): narrow(to: text, now)
    case .theme(let name): return useTheme(themes.firstIndex(of: name) ?? themeIndex, now)
    case .show(let screen): return show(screen)
    case .lab(let request): return ask(request, now)
    }
    return []
  }

  private mutating func arm(_ now: WallTime) {
    armedUntil = now + Self.armedTime
    notify("actions are possible for ten minutes; each still shows its plan first", now)
  }

  private mutating func narrow(to text: String, _ now: WallTime) {
    filter = Filter(text)
    if let problem = filter.problem { notify(problem, .problem, now) }
  }
}
