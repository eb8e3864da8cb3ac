package import DeptopModel
internal import DeptopScreen

/// Every source and how it is doing.
struct SourcesPanel {
  let scene: Scene

  func draw(in body: Rect, offset: Int, on canvas: inout Canvas, _ inks: Inks) {
    canvas.fill(body.row(0), with: Cell(" ", style: inks[.header]))
    let sources = scene.snapshot.sources
    let table = Table(
      columns: Self.columns, styles: inks.table, glyphs: scene.glyphs, spacing: OverviewColumns.spacing(for: scene.size)
    )
    table.draw(in: body.inset(columns: 1, rows: 0), on: &canvas, count: sources.count, offset: offset) { index in
      TableRow(row(sources[index]).map { TableCell($0.text, style: inks[$0.role]) })
    }
    if sources.isEmpty {
      canvas.put("no source is configured", in: body.inset(columns: 1, rows: 0).row(2), style: inks[.muted])
    }
  }

  private static let columns = [
    TableColumn(id: "mark", title: "", minimumWidth: 1, idealWidth: 1, priority: 20),
    TableColumn(id: "source", title: "SOURCE", minimumWidth: 8, idealWidth: 16, priority: 19),
    TableColumn(id: "state", title: "STATE", minimumWidth: 8, idealWidth: 8, priority: 18),
    TableColumn(id: "last", title: "LAST OK", minimumWidth: 7, idealWidth: 7, alignment: .right, priority: 15),
    TableColumn(id: "took", title: "TOOK", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 10),
    TableColumn(id: "every", title: "EVERY", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 9),
    TableColumn(id: "failures", title: "FAILURES", minimumWidth: 8, idealWidth: 8, alignment: .right, priority: 8),
    TableColumn(id: "next", title: "NEXT TRY", minimumWidth: 8, idealWidth: 8, alignment: .right, priority: 12),
    TableColumn(id: "error", title: "WHY", minimumWidth: 22, idealWidth: 30, weight: 1, priority: 16),
  ]

  private func row(_ source: SourceStatus) -> [CellText] {
    let missing = CellText(String(scene.glyphs.missing), .muted)
    let role = source.state.level.role
    return [
      CellText(source.state.level.mark(scene.glyphs), role), CellText(source.id.shown),
      CellText(source.state.word, role),
      source.lastSuccessAt.map { CellText((scene.now - $0).age) } ?? CellText("never", .muted),
      source.lastDuration.map { CellText($0.text(scene.glyphs)) } ?? missing,
      CellText(source.interval.text(scene.glyphs), .muted),
      CellText("\(source.consecutiveFailures)", source.consecutiveFailures > 0 ? .warning : .muted),
      source.nextAttemptAt.map { CellText(due($0, scene.now)) } ?? CellText(""),
      why(source),
    ]
  }

  /// Why it fails, else what it read and did not understand.
  private func why(_ source: SourceStatus) -> CellText {
    if let error = source.error { return CellText(sanitized(error), source.state.level.role) }
    return CellText(source.remarks.map(sanitized).joined(separator: "; "), .warning)
  }
}

extension SourceStatus.State {
  /// The state in the words of the screen.
  package var word: String {
    switch self {
    case .starting: "starting"
    case .ok: "ok"
    case .noData: "no data"
    case .failing: "failing"
    case .hung: "hung"
    case .broken: "broken"
    }
  }

  var level: Level {
    switch self {
    case .starting, .noData: .unknown
    case .ok: .ok
    case .failing: .warning
    case .hung, .broken: .critical
    }
  }
}
