internal import DeptopModel
internal import DeptopScreen

/// What is shown before the first snapshot.
struct StartPanel {
  let state: DashboardState
  let now: WallTime

  func draw(in areas: ScreenAreas, on canvas: inout Canvas, _ inks: Inks) {
    canvas.put(StyledLine(" deptop", .title), in: areas.header.row(0), inks, state.glyphs)
    for (index, line) in lines(columns: max(1, areas.body.columns - 2)).enumerated() {
      canvas.put(
        line, in: areas.body.inset(columns: 1, rows: 0).row(index + min(1, areas.body.rows / 4)), inks, state.glyphs)
    }
  }

  private func lines(columns: Int) -> [StyledLine] {
    switch state.link {
    case .connecting: [StyledLine("connecting to the collector", .muted)]
    case .live: [StyledLine("connected, waiting for the first snapshot", .muted)]
    case .lost(let since, let reason, let next):
      [StyledLine("no collector for \((now - since).age)", .error)]
        + wrapped(sanitized(reason), to: columns).map { StyledLine($0) }
        + [StyledLine(next.map { "next try \(due($0, now))" } ?? "trying again", .muted)]
    }
  }
}
