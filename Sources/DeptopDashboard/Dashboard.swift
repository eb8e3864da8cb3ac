package import DeptopModel
package import DeptopScreen

/// The whole screen as a pure function of what is known, what is wanted and the time.
package enum Dashboard {
  /// Draws one frame of the state's size.
  ///
  /// - Parameters:
  ///   - snapshot: the latest one, or nil before the first; a frozen state brings its own.
  ///   - state: what is wanted, and the terminal's size.
  ///   - inks: the theme at the terminal's colour depth.
  ///   - now: the moment that ages count to.
  /// - Returns: a canvas of the state's size.
  /// - Complexity: O(cells) plus O(dependencies) for finding the selected row, once the state has seen the snapshot.
  package static func draw(_ snapshot: Snapshot?, state: DashboardState, inks: Inks, now: WallTime) -> Canvas {
    var canvas = Canvas(size: state.size, filledWith: Cell(" ", style: inks[.text]))
    let areas = ScreenAreas(state)
    guard let shown = state.shown(snapshot) else {
      StartPanel(state: state, now: now).draw(in: areas, on: &canvas, inks)
      CaptionPanel(state)?.draw(in: areas.caption, dependencies: [], on: &canvas, inks)
      KeyBar(state: state, snapshot: nil, now: now, shownRows: nil).draw(in: areas.bar, on: &canvas, inks)
      if state.isASCII { canvas.foldToASCII() }
      return canvas
    }
    let scene = Scene(snapshot: shown, state: state, now: now)
    drawBody(scene, areas.body, on: &canvas, inks)
    for rect in [areas.header, areas.caption, areas.bar] { canvas.fill(rect, with: Cell(" ", style: inks[.text])) }
    if case .lost = state.link { dim(areas.body, on: &canvas) }
    HeaderPanel(scene: scene).draw(in: areas.header, on: &canvas, inks)
    CaptionPanel(state)?.draw(in: areas.caption, dependencies: scene.snapshot.dependencies, on: &canvas, inks)
    KeyBar(state: state, snapshot: snapshot, now: now, shownRows: scene.rows.rows.count)
      .draw(in: areas.bar, on: &canvas, inks)
    if let index = state.sortMenu { SortMenu(state, index: index).draw(on: &canvas, inks) }
    if let menu = state.breakerMenu { BreakerMenuBox(menu: menu, scene: scene).draw(on: &canvas, inks) }
    if let menu = state.repairMenu { RepairMenuBox(menu: menu, scene: scene).draw(on: &canvas, inks) }
    DialogContent(scene)?.draw(on: &canvas, inks)
    if state.isASCII { canvas.foldToASCII() }
    return canvas
  }

  private static func drawBody(_ scene: Scene, _ body: Rect, on canvas: inout Canvas, _ inks: Inks) {
    // The overview finds its own.
    let offset = scene.state.screen == .overview ? 0 : Viewport(scene).offset
    switch scene.state.screen {
    case .overview: OverviewPanel(scene, body, inks).draw(on: &canvas, inks)
    case .detail(let id):
      DetailPage(scene, id, columns: body.columns).draw(in: body, offset: offset, on: &canvas, inks)
    case .findings: FindingsPage(scene, columns: body.columns).draw(in: body, offset: offset, on: &canvas, inks)
    case .sources: SourcesPanel(scene: scene).draw(in: body, offset: offset, on: &canvas, inks)
    case .actions:
      canvas.put(
        ActionsPage(scene, columns: body.columns).lines, in: body, offset: offset, inks, scene.glyphs)
    case .namespaces: NamespacesPanel(scene: scene).draw(in: body, offset: offset, on: &canvas, inks)
    case .clients: ClientsPanel(scene: scene).draw(in: body, offset: offset, on: &canvas, inks)
    case .help:
      canvas.put(HelpPage(scene, columns: body.columns).lines, in: body, offset: offset, inks, scene.glyphs)
    }
  }

  /// What is shown is the past: it steps back behind the message that says so.
  private static func dim(_ rect: Rect, on canvas: inout Canvas) {
    canvas.restyle(rect) { style in
      Style(
        foreground: style.foreground, background: style.background,
        attributes: style.attributes.subtracting(.bold).union(.dim))
    }
  }
}
