internal import DeptopModel
internal import DeptopScreen

/// What a dialog says, as lines, without how it is drawn.
struct DialogContent {
  var title: String
  var titleRole: Role = .dialogTitle
  var footer: String
  /// What can be scrolled.
  var lines: [StyledLine]
  /// What always stays in view: what is typed, and what to do.
  var tail: [StyledLine] = []

  private let state: DashboardState

  /// nil when no dialog is open.
  init?(_ scene: Scene) {
    state = scene.state
    let columns = Self.innerColumns(scene.size)
    switch scene.state.dialog {
    case nil: return nil
    case .planRequested(let request, let since):
      title = "\(request.verb.title) \(request.dependency.shown)\(Self.place(scene))\(request.purpose)"
      footer = "Esc leave"
      let waited = (scene.clockNow - since).elapsed
      lines = [
        StyledLine("asking the collector for a plan, for \(waited)"), StyledLine("nothing is changed by this", .muted),
      ]
    case .plan(let open):
      let plan = PlanLines(open: open, scene: scene)
      (title, footer) = (plan.title, plan.footer)
      (lines, tail) = (plan.lines(columns: columns), plan.tail(columns: columns))
    case .running(let id):
      let running = RunningLines(id: id, scene: scene)
      (title, footer) = (running.title, "Esc hide, it goes on \(scene.glyphs.box.horizontal) X stop it")
      lines = running.lines(columns: columns)
    case .verdict(let status):
      let verdict = VerdictLines(status: status, glyphs: scene.glyphs)
      (title, titleRole) = (verdict.title, verdict.role)
      footer = "Enter dismiss \(scene.glyphs.box.horizontal) y copy"
      lines = verdict.lines(columns: columns)
    case .refusal(let heading, let text):
      (title, titleRole) = (sanitized(heading), .error)
      footer = "Enter dismiss"
      lines = wrapped(sanitized(text), to: columns).map { StyledLine($0) }
    }
  }

  /// Columns between the frame's margins.
  static func innerColumns(_ size: Size) -> Int { max(1, boxColumns(size) - 4) }

  private static func boxColumns(_ size: Size) -> Int {
    size.columns < 60 ? size.columns : min(100, size.columns - 4)
  }

  static func place(_ scene: Scene) -> String {
    let host = scene.snapshot.host
    return " on " + sanitized(host.name) + (host.environment.map { " " + sanitized($0) } ?? "")
  }

  /// The box in the middle of the screen, not larger than it.
  var rect: Rect {
    let columns = min(Self.boxColumns(state.size), state.size.columns)
    let rows = min(lines.count + tail.count + 2, max(state.size.rows - 1, min(state.size.rows, 3)))
    return Rect(
      column: (state.size.columns - columns) / 2, row: max(0, (state.size.rows - rows) / 2), columns: columns,
      rows: rows)
  }

  /// Lines in view above the tail.
  var page: Int { max(0, rect.rows - 2 - tail.count) }

  var clampedOffset: Int { state.dialogOffset.clamped(to: 0...max(0, lines.count - page)) }

  func draw(on canvas: inout Canvas, _ inks: Inks) {
    let glyphs = state.glyphs
    let offset = clampedOffset
    let below = lines.count - offset - page
    let more = lines.count > page ? "\(max(0, below)) more lines \(glyphs.box.horizontal) " : ""
    let box = Box(
      title: title, footer: more + footer, style: inks[.dialogBorder],
      titleStyle: inks.style(titleRole, on: .dialogTitle), glyphs: glyphs)
    canvas.fill(rect, with: Cell(" ", style: inks[.dialog]))
    let inside = box.draw(in: rect, on: &canvas).inset(columns: 1, rows: 0)
    for row in 0..<max(0, min(page, lines.count - offset)) {
      canvas.put(lines[offset + row], in: inside.row(row), inks, glyphs, on: .dialog)
    }
    for (index, line) in tail.enumerated() {
      canvas.put(line, in: inside.row(inside.rows - tail.count + index), inks, glyphs, on: .dialog)
    }
  }
}
