internal import DeptopModel
internal import DeptopScreen

/// Which part of the screen's content is in view; the same answer for moving about and for drawing.
struct Viewport {
  /// Rows or lines in view.
  let page: Int
  /// The first of them.
  let offset: Int
  /// The selected row, where rows are selected.
  let selected: Int?

  init(_ scene: Scene) {
    let body = ScreenAreas(scene.size).body
    let wanted = scene.state.offsets[scene.state.screen] ?? 0
    switch scene.state.screen {
    case .overview:
      page = max(0, OverviewPanel.areas(scene, body).table.rows - 1)
      selected = scene.rows.row(of: scene.state.selectedDependency)
      offset = Table.scrolled(wanted, toShow: selected, of: scene.rows.rows.count, visible: page)
    case .findings:
      page = body.rows
      selected = nil
      offset = FindingsPage(scene, columns: body.columns).offset(from: wanted, page: page)
    case .detail(let id):
      page = body.rows
      selected = nil
      offset = wanted.clamped(to: 0...max(0, DetailPage(scene, id, columns: body.columns).height - page))
    case .sources:
      (page, selected) = (body.rows - 1, nil)
      offset = wanted.clamped(to: 0...max(0, scene.snapshot.sources.count - body.rows + 1))
    case .actions:
      (page, selected) = (body.rows, nil)
      offset = wanted.clamped(to: 0...max(0, ActionsPage(scene, columns: body.columns).lines.count - body.rows))
    case .help:
      (page, selected) = (body.rows, nil)
      offset = wanted.clamped(to: 0...max(0, HelpPage(scene, columns: body.columns).lines.count - body.rows))
    }
  }
}
