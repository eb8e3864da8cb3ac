internal import DeptopModel
internal import DeptopScreen

/// One dependency: a title, then panels, side by side where there is room.
struct DetailPage {
  private let scene: Scene
  private let columns: Int
  private let title: StyledLine
  private let rows: [[Panel]]

  init(_ scene: Scene, _ id: DependencyID, columns: Int) {
    self.scene = scene
    self.columns = columns
    guard let dependency = scene.dependency(id) else {
      title = StyledLine(" \(id.shown): no longer known to the collector (Esc goes back)", .unknown)
      rows = []
      return
    }
    title = Self.title(of: dependency, scene)
    let sheet = DetailSheet(scene, dependency)
    let isWide = columns >= 100
    let half = (columns - 1) / 2 - 4
    let width = isWide ? half : columns - 4
    let findings = sheet.findings(columns: columns - 4)
    let pools = sheet.pools()
    let dns = sheet.resolution(columns: width)
    let connect = sheet.connect(columns: width)
    let actions = sheet.actions(columns: width)
    let sockets = sheet.sockets()
    rows =
      isWide
      ? [[findings], [pools, dns], [connect, actions], [sockets]]
      : [[findings], [dns], [pools], [connect], [sockets], [actions]]
  }

  /// Rows of the whole page.
  var height: Int { 1 + rows.reduce(0) { $0 + Self.height(of: $1) } }

  func draw(in body: Rect, offset: Int, on canvas: inout Canvas, _ inks: Inks) {
    var top = body.top - offset + 1
    for row in rows {
      let height = Self.height(of: row)
      let line = Rect(column: body.left, row: top, columns: body.columns, rows: height)
      let parts = Layout(.horizontal, row.map { _ in .flexible() }, spacing: 1).rects(in: line)
      for (panel, part) in zip(row, parts) { panel.draw(in: part, visible: body, on: &canvas, inks, scene.glyphs) }
      top += height
    }
    guard offset == 0 else { return }
    canvas.put(title, in: body.row(0), inks, scene.glyphs)
  }

  private static func height(of row: [Panel]) -> Int { row.map(\.height).max() ?? 0 }

  private static func title(of dependency: Dependency, _ scene: Scene) -> StyledLine {
    var line = StyledLine(" \(dependency.level.mark(scene.glyphs)) ", dependency.level.role)
    line.append(dependency.id.shown, .title)
    line.append("  \(dependency.level.word)", dependency.level.role)
    if let kind = dependency.kind { line.append("  \(kind.shown)", .muted) }
    if let endpoint = dependency.endpoint { line.append("  \(endpoint)", .accent) }
    if dependency.origin == .discovered { line.append("  discovered, not configured", .muted) }
    if let last = dependency.lastTrafficAt, scene.now - last >= .seconds(60) {
      line.append("  no traffic for \((scene.now - last).elapsed)", .muted)
    }
    return line
  }
}
