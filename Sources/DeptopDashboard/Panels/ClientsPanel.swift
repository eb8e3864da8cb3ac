internal import DeptopModel
internal import DeptopScreen

/// Services or processes with what they are connected to, those with the worst dependency first.
struct ClientsPanel {
  let scene: Scene

  func draw(in body: Rect, offset: Int, on canvas: inout Canvas, _ inks: Inks) {
    canvas.fill(body.row(0), with: Cell(" ", style: inks[.header]))
    let groups = scene.state.groups(of: scene.snapshot)
    let rect = body.inset(columns: 1, rows: 0)
    let table = Table(
      columns: columns(groups), styles: inks.table, glyphs: scene.glyphs,
      spacing: OverviewColumns.spacing(for: scene.size))
    let selected = groups.isEmpty ? nil : groups.firstIndex { $0.id == scene.state.selectedClient } ?? 0
    let layout = TableLayout(columns: table.columns, available: rect.columns, spacing: table.spacing)
    let room = layout.placements.first { table.columns[$0.index].id == "dependencies" }?.width ?? 0
    table.draw(in: rect, on: &canvas, count: groups.count, offset: offset, selected: selected) { index in
      TableRow(row(groups[index], room: room).map { TableCell($0.text, style: inks[$0.role]) })
    }
    if groups.isEmpty {
      canvas.put("no connections", in: rect.row(2), style: inks[.muted], ellipsis: scene.glyphs.ellipsis)
    }
  }

  private func columns(_ groups: [ClientGroup]) -> [TableColumn] {
    let isByService = scene.state.grouping == .service
    let names = groups.map { columnWidth(of: sanitized($0.name)) }.max() ?? 0
    func figure(_ id: String, _ title: String, _ width: Int = 4, priority: Int) -> TableColumn {
      TableColumn(
        id: id, title: title, minimumWidth: width, idealWidth: width, alignment: .right, priority: priority)
    }
    var columns = [
      TableColumn(id: "mark", title: "", minimumWidth: 1, idealWidth: 1, priority: 20),
      TableColumn(
        id: "client", title: isByService ? "SERVICE" : "PROCESS", minimumWidth: 12,
        idealWidth: names.clamped(to: 12...28), priority: 19),
    ]
    if isByService {
      columns.append(figure("processes", "PROCESSES", 9, priority: 7))
    } else {
      columns.append(figure("pid", "PID", 7, priority: 9))
      columns.append(TableColumn(id: "service", title: "SERVICE", minimumWidth: 9, idealWidth: 18, priority: 8))
    }
    return columns + [
      TableColumn(id: "namespace", title: "NAMESPACE", minimumWidth: 9, idealWidth: 16, priority: 6),
      figure("connections", "CONN", priority: 16), figure("dead", "DEAD", priority: 17),
      figure("waiting", "WAIT", priority: 15),
      TableColumn(
        id: "dependencies", title: "CONNECTED TO, WORST FIRST", minimumWidth: scene.size.columns < 60 ? 12 : 24,
        idealWidth: 30, weight: 1, priority: 18),
    ]
  }

  private func row(_ group: ClientGroup, room: Int) -> [CellText] {
    [
      CellText(group.level.mark(scene.glyphs), group.level.role),
      CellText(sanitized(group.name), group.id == .unreadable ? .muted : .text),
    ] + identity(of: group) + [
      CellText(namespaces(of: group), .muted), CellText(countText(UInt64(max(0, group.connections)))),
      count(group.dead, .critical), count(group.waiting, .text), uses(of: group, room: room),
    ]
  }

  /// How many processes a service has, or the process and its service.
  private func identity(of group: ClientGroup) -> [CellText] {
    let missing = CellText(String(scene.glyphs.missing), .muted)
    guard scene.state.grouping == .process else {
      return [group.processes.isEmpty ? missing : CellText("\(group.processes.count)", .muted)]
    }
    guard case .process(let owner) = group.id else { return [missing, missing] }
    return [CellText("\(owner.pid)", .muted), owner.unit.map { CellText($0.label, .muted) } ?? missing]
  }

  private func count(_ count: Int, _ role: Role) -> CellText {
    CellText("\(count)", count > 0 ? role : .muted)
  }

  private func namespaces(of group: ClientGroup) -> String {
    let labels = group.namespaces.sorted().map { scene.label(of: $0) }
    return labels.count > 1 ? "\(labels.count) namespaces" : labels.first ?? ""
  }

  /// As many of its dependencies as there is room for, and how many are left.
  private func uses(of group: ClientGroup, room: Int) -> CellText {
    var text = ""
    for (index, use) in group.uses.enumerated() {
      let left = group.uses.count - index - 1
      let next = text + (index > 0 ? "  " : "") + word(use)
      let more = left > 0 ? "  and \(left) more" : ""
      guard index == 0 || columnWidth(of: next + more) <= room else {
        text += "  and \(left + 1) more"
        break
      }
      text = next
    }
    return CellText(text, group.level >= .warning ? group.level.role : .text)
  }

  private func word(_ use: ClientGroup.Use) -> String {
    let dead = use.dead > 0 ? " (\(use.dead) dead)" : ""
    return "\(use.level.mark(scene.glyphs)) \(use.dependency.shown) \(use.connections)\(dead)"
  }
}

extension Scene {
  /// What a person would call a namespace.
  func label(of namespace: NamespaceID) -> String {
    snapshot.namespaces.first { $0.id == namespace }.map { sanitized($0.label) } ?? namespace.description
  }
}
