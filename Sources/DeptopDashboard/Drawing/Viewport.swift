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
    let body = ScreenAreas(scene.state).body
    let wanted = scene.state.offsets[scene.state.screen] ?? 0
    switch scene.state.screen {
    case .overview:
      self.init(overview: scene, page: max(0, OverviewPanel.areas(scene, body).table.rows - 1))
    case .findings:
      self.init(
        page: body.rows, offset: FindingsPage(scene, columns: body.columns).offset(from: wanted, page: body.rows))
    case .detail(let id):
      self.init(page: body.rows, wanted, of: DetailPage(scene, id, columns: body.columns).height)
    case .sources:
      self.init(page: body.rows - 1, wanted, of: scene.snapshot.sources.count)
    case .actions:
      self.init(page: body.rows, wanted, of: ActionsPage(scene, columns: body.columns).lines.count)
    case .namespaces:
      self.init(page: body.rows - 1, wanted, of: scene.snapshot.namespaces.count)
    case .clients:
      let groups = scene.state.groups(of: scene.snapshot)
      let selected = groups.isEmpty ? nil : groups.firstIndex { $0.id == scene.state.selectedClient } ?? 0
      let page = max(0, body.rows - 1)
      self.init(
        page: page, offset: Table.scrolled(wanted, toShow: selected, of: groups.count, visible: page),
        selected: selected)
    case .help:
      self.init(page: body.rows, wanted, of: HelpPage(scene, columns: body.columns).lines.count)
    }
  }

  /// The overview's, where it is known how many rows are in view.
  init(overview scene: Scene, page: Int) {
    let selected = scene.rows.row(of: scene.state.selectedDependency)
    let wanted = scene.state.offsets[.overview] ?? 0
    let offset = Table.scrolled(wanted, toShow: selected, of: scene.rows.rows.count, visible: page)
    self.init(page: page, offset: offset, selected: selected)
  }

  private init(page: Int, offset: Int, selected: Int? = nil) {
    self.page = page
    self.offset = offset
    self.selected = selected
  }

  /// Where nothing is selected: as far as wanted, and no further than the last line.
  private init(page: Int, _ wanted: Int, of lines: Int) {
    self.init(page: page, offset: wanted.clamped(to: 0...max(0, lines - page)))
  }
}
