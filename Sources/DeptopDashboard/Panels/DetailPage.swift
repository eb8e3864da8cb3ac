internal import DeptopModel
internal import DeptopScreen

/// One dependency: a title, then panels, side by side where there is room.
struct DetailPage {
  private let scene: Scene
  private let title: [StyledLine]
  /// From top to bottom: panels below one another, side by side with others.
  private let rows: [[[Panel]]]

  init(_ scene: Scene, _ id: DependencyID, columns: Int) {
    self.scene = scene
    guard let dependency = scene.dependency(id) else {
      title = [StyledLine(" \(id.shown): no longer known to the collector (Esc goes back)", .unknown)]
      rows = []
      return
    }
    let sheet = DetailSheet(scene, dependency)
    title = DetailTitle(sheet).lines(columns: columns)
    rows = columns >= 100 ? Self.wide(sheet, columns) : Self.narrow(sheet, columns).map { [[$0]] }
  }

  /// Every panel has its place, whatever the readings are.
  private static func wide(_ sheet: DetailSheet, _ columns: Int) -> [[[Panel]]] {
    let width = (columns - 1) / 2 - 4
    let pools = sheet.pools()
    let left = [sheet.hasReports ? nil : pools, sheet.response(columns: width), sheet.connect(columns: width)]
    let right = [
      sheet.resolution(columns: width), sheet.path(columns: width), sheet.calls(columns: width),
      sheet.timeouts(columns: width), sheet.actions(columns: width),
    ]
    let breakers = sheet.breakers(columns: columns - 4)
    let top = [sheet.findings(columns: columns - 4), sheet.hasReports ? pools : nil, breakers].compactMap { $0 }
    let sockets = [sheet.urgentSockets(columns: columns - 4), sheet.remainingSockets(columns: columns - 4)]
    let rows: [[[Panel?]]] = [[top], [[sockets[0]]], [left, right], [[sockets[1]]]]
    return rows.map { $0.map { $0.compactMap { $0 } } }.filter { !$0.allSatisfy(\.isEmpty) }
  }

  /// Those with something to worry about first.
  private static func narrow(_ sheet: DetailSheet, _ columns: Int) -> [Panel] {
    let (width, concerns) = (columns - 4, DetailConcerns(sheet))
    let panels: [(Panel?, Bool)] = [
      (sheet.resolution(columns: width), concerns.resolution), (sheet.path(columns: width), concerns.path),
      (sheet.pools(), concerns.pools), (sheet.breakers(columns: width), concerns.breakers),
      (sheet.calls(columns: width), concerns.calls), (sheet.timeouts(columns: width), concerns.timeouts),
      (sheet.response(columns: width), concerns.response), (sheet.connect(columns: width), false),
      (sheet.remainingSockets(columns: width), false), (sheet.actions(columns: width), false),
    ]
    return [sheet.findings(columns: width), sheet.urgentSockets(columns: width)].compactMap { $0 }
      + panels.filter(\.1).compactMap(\.0) + panels.filter { !$0.1 }.compactMap(\.0)
  }

  /// Rows of the whole page.
  var height: Int { rows.reduce(title.count) { $0 + Self.height(of: $1) } }

  func draw(in body: Rect, offset: Int, on canvas: inout Canvas, _ inks: Inks) {
    var top = body.top - offset + title.count
    for row in rows {
      let height = Self.height(of: row)
      let line = Rect(column: body.left, row: top, columns: body.columns, rows: height)
      let parts = Layout(.horizontal, row.map { _ in .flexible() }, spacing: 1).rects(in: line)
      for (panels, part) in zip(row, parts) { draw(panels, in: part, body, on: &canvas, inks) }
      top += height
    }
    for (index, line) in title.enumerated() where index >= offset {
      canvas.put(line, in: body.row(index - offset), inks, scene.glyphs)
    }
  }

  /// Panels below one another; the last of them takes what room is left.
  private func draw(_ panels: [Panel], in part: Rect, _ body: Rect, on canvas: inout Canvas, _ inks: Inks) {
    var top = part.top
    for (index, panel) in panels.enumerated() {
      let rows = index == panels.count - 1 ? part.bottom - top : panel.height
      let place = Rect(column: part.left, row: top, columns: part.columns, rows: rows)
      panel.draw(in: place, visible: body, on: &canvas, inks, scene.glyphs)
      top += rows
    }
  }

  private static func height(of row: [[Panel]]) -> Int {
    row.map { $0.reduce(0) { $0 + $1.height } }.max() ?? 0
  }
}
