internal import DeptopModel
internal import DeptopScreen

/// The table of dependencies with the findings below it.
struct OverviewPanel {
  let scene: Scene
  private let columns: [OverviewColumn]
  private let table: Table
  private let layout: TableLayout
  private let tableRect: Rect
  private let strip: FindingsStrip
  private let stripRect: Rect

  /// Where table and findings are; the findings take what they need, and at most two fifths.
  static func areas(_ scene: Scene, _ body: Rect) -> (table: Rect, strip: Rect) {
    let height = FindingsStrip(scene, columns: body.columns).height(atMost: body.rows * 2 / 5)
    let strip = height >= 2 ? height : 0
    let rows = body.rows - strip
    return (
      Rect(column: body.left, row: body.top, columns: body.columns, rows: rows),
      Rect(column: body.left, row: body.top + rows, columns: body.columns, rows: strip)
    )
  }

  init(_ scene: Scene, _ body: Rect, _ inks: Inks) {
    self.scene = scene
    (tableRect, stripRect) = Self.areas(scene, body)
    strip = FindingsStrip(scene, columns: body.columns)
    columns = OverviewColumns.columns(
      for: scene.size, scrolledOut: scene.state.columnOffset, reported: scene.state.reported)
    let sorted = columns.first { $0.id == scene.state.sort.column && $0.id != .worst }
    table = Table(
      columns: columns.map(\.column),
      sorting: sorted.map { Table.Sorting(id: $0.key, ascending: !scene.state.sort.isDescending) },
      styles: inks.table, glyphs: scene.glyphs, spacing: OverviewColumns.spacing(for: scene.size))
    layout = TableLayout(
      columns: table.columns, available: max(0, tableRect.columns - 2), spacing: table.spacing)
  }

  func draw(on canvas: inout Canvas, _ inks: Inks) {
    let viewport = Viewport(overview: scene, page: max(0, tableRect.rows - 1))
    canvas.fill(tableRect.row(0), with: Cell(" ", style: inks[.header]))
    table.draw(
      in: tableRect.inset(columns: 1, rows: 0), on: &canvas, count: scene.rows.rows.count, offset: viewport.offset,
      selected: viewport.selected
    ) { row($0, inks) }
    extendSelection(viewport, on: &canvas, inks)
    if scene.rows.rows.isEmpty { drawEmpty(on: &canvas, inks) }
    strip.draw(in: stripRect, on: &canvas, inks)
  }

  /// The selection reaches both edges, past the table's margins.
  private func extendSelection(_ viewport: Viewport, on canvas: inout Canvas, _ inks: Inks) {
    guard let selected = viewport.selected, (0..<viewport.page).contains(selected - viewport.offset) else { return }
    let line = tableRect.row(1 + selected - viewport.offset)
    for column in [line.left, line.right - 1] where line.columns > 1 {
      canvas.restyle(Rect(column: column, row: line.top, columns: 1, rows: 1)) {
        $0.selected(by: inks[.selection], over: inks[.text])
      }
    }
  }

  private func drawEmpty(on canvas: inout Canvas, _ inks: Inks) {
    let text =
      scene.rows.hidden > 0
      ? "no dependency matches the filter; Esc shows all \(scene.rows.hidden)"
      : "no outbound connections on this host, and no dependency is configured"
    canvas.put(
      text, in: tableRect.inset(columns: 1, rows: 0).row(2), style: inks[.muted], ellipsis: scene.glyphs.ellipsis)
  }

  private func row(_ index: Int, _ inks: Inks) -> TableRow {
    let row = scene.rows.rows[index]
    guard let place = row.index else { return goneRow(row.id, inks) }
    let dependency = scene.snapshot.dependencies[place]
    let context = CellContext(
      dependency: dependency, now: scene.now, glyphs: scene.glyphs, trend: scene.trends[row.id],
      isMatch: scene.state.isMatch(row.id))
    return TableRow(cells(messages(of: dependency), inks) { column, width in column.cell(context, width) })
  }

  private func messages(of dependency: Dependency) -> [RowMessage] {
    let messages = RowMessage.messages(for: dependency, now: scene.now, scene.glyphs)
    let isCompact = OverviewColumns.isCompact(scene.size, scrolledOut: scene.state.columnOffset)
    guard isCompact, messages.allSatisfy({ !$0.replacesFigures }),
      scene.state.reported.contains(.calls) || !messages.isEmpty
    else { return messages }
    return RowMessage.condition(of: dependency, now: scene.now, scene.glyphs).map { [$0] } ?? []
  }

  private func goneRow(_ id: DependencyID, _ inks: Inks) -> TableRow {
    TableRow(
      cells([.gone], inks) { column, _ in
        column.id == .name ? CellText(id.shown, .muted) : CellText(String(scene.glyphs.missing), .muted)
      })
  }

  /// One cell for each shown column, or for as many as a sentence covers.
  private func cells(
    _ messages: [RowMessage], _ inks: Inks, cell: (OverviewColumn, Int) -> CellText
  ) -> [TableCell] {
    let coverings = RowCovering.coverings(of: messages, columns: columns, layout: layout)
    var cells: [TableCell] = []
    var index = 0
    var shown = 0
    while index < columns.count {
      if let covering = coverings.first(where: { $0.columns.lowerBound == index }) {
        cells.append(TableCell(covering.text, style: inks[covering.role], span: covering.columns.count))
        index = covering.columns.upperBound
      } else {
        while shown < layout.placements.count, layout.placements[shown].index < index { shown += 1 }
        let isShown = shown < layout.placements.count && layout.placements[shown].index == index
        let content = isShown ? cell(columns[index], layout.placements[shown].width) : CellText("")
        cells.append(TableCell(content.text, style: inks[content.role]))
        index += 1
      }
    }
    return cells
  }
}
