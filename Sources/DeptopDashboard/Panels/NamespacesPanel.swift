internal import DeptopModel
internal import DeptopScreen

/// Every network namespace of the host with its counters and limits, those with something to worry about first.
struct NamespacesPanel {
  let scene: Scene

  func draw(in body: Rect, offset: Int, on canvas: inout Canvas, _ inks: Inks) {
    canvas.fill(body.row(0), with: Cell(" ", style: inks[.header]))
    let namespaces = Self.ordered(scene.snapshot.namespaces)
    let table = Table(
      columns: columns(namespaces), styles: inks.table, glyphs: scene.glyphs,
      spacing: OverviewColumns.spacing(for: scene.size))
    table.draw(in: body.inset(columns: 1, rows: 0), on: &canvas, count: namespaces.count, offset: offset) { index in
      TableRow(row(namespaces[index], inks))
    }
    if namespaces.isEmpty {
      canvas.put(
        "the collector tells of no network namespace", in: body.inset(columns: 1, rows: 0).row(2), style: inks[.muted],
        ellipsis: scene.glyphs.ellipsis)
    }
  }

  /// Those at a limit first, then those that cannot be swept, then the others as they come.
  private static func ordered(_ namespaces: [NamespaceStatus]) -> [NamespaceStatus] {
    namespaces.enumerated().sorted { left, right in
      left.element.level == right.element.level
        ? left.offset < right.offset : left.element.level.badness > right.element.level.badness
    }.map(\.element)
  }

  private func columns(_ namespaces: [NamespaceStatus]) -> [TableColumn] {
    let labels = namespaces.map { columnWidth(of: sanitized($0.label)) }.max() ?? 0
    let servers = namespaces.map { columnWidth(of: $0.serverText) }.max() ?? 0
    func figure(_ title: String, _ width: Int, _ priority: Int) -> TableColumn {
      TableColumn(
        id: title, title: title, minimumWidth: width, idealWidth: width, alignment: .right, priority: priority)
    }
    return [
      TableColumn(id: "mark", title: "", minimumWidth: 1, idealWidth: 1, priority: 20),
      TableColumn(
        id: "label", title: "NAMESPACE", minimumWidth: labels.clamped(to: 11...14),
        idealWidth: labels.clamped(to: 11...28), priority: 19),
      figure("PROC", 4, 9), figure("CONN", 4, 16),
      TableColumn(
        id: "servers", title: "NAME SERVERS", minimumWidth: 12, idealWidth: servers.clamped(to: 12...34), weight: 1,
        priority: 7),
      figure("RST/min", 7, 15), figure("SYN/min", 7, 14), figure("RTO/min", 7, 13), figure("OVERFL", 6, 10),
      figure("CONNTRACK", 11, 12), figure("PORTS", 11, 11), figure("KEEPALIVE", 9, 8),
    ]
  }

  /// A cell for each column; why a namespace is not read stands over all of those that are empty because of it.
  private func row(_ status: NamespaceStatus, _ inks: Inks) -> [TableCell] {
    let start = [
      CellText(status.level.mark(scene.glyphs), status.level.role), CellText(sanitized(status.label)),
      number(status.processes),
    ].map { TableCell($0.text, style: inks[$0.role]) }
    if let problem = status.problem {
      return start + [TableCell("not swept: " + sanitized(problem), style: inks[.warning], span: Self.figures)]
    }
    return start + figures(of: status).map { TableCell($0.text, style: inks[$0.role]) }
  }

  /// Columns from the connections on.
  private static let figures = 9

  private func figures(of status: NamespaceStatus) -> [CellText] {
    let (counters, limits) = (status.lastMinute, status.limits)
    return [
      number(status.connections),
      status.nameservers.isEmpty ? missing : CellText(status.serverText, .muted),
      count(counters?.establishedResets), count(counters?.synRetransmits), count(counters?.timeouts),
      count(counters?.listenOverflows, .warning),
      share(limits?.tracked, limits?.trackedMaximum, status.trackedRatio),
      share(
        limits?.localPortsUsed.map { UInt64(max(0, $0)) }, limits?.localPorts.map { UInt64(max(0, $0)) },
        status.portRatio),
      limits?.keepaliveTime.map { CellText($0.spoken(scene.glyphs), .muted) } ?? missing,
    ]
  }

  private var missing: CellText { CellText(String(scene.glyphs.missing), .muted) }

  private func number(_ value: Int?) -> CellText {
    value.map { CellText(countText(UInt64(max(0, $0)))) } ?? missing
  }

  private func count(_ value: UInt64?, _ role: Role = .text) -> CellText {
    value.map { CellText(countText($0), $0 > 0 ? role : .muted) } ?? missing
  }

  private func share(_ used: UInt64?, _ most: UInt64?, _ ratio: Double?) -> CellText {
    guard let used else { return missing }
    let limit = most.map(countText) ?? String(scene.glyphs.missing)
    let isNotable = (ratio ?? 0) >= NamespaceStatus.notableShare
    return CellText("\(countText(used))/\(padded(limit, to: 4, alignment: .right))", isNotable ? .warning : .text)
  }
}

extension NamespaceStatus {
  /// The part of a limit from which on it is worth a warning.
  static let notableShare = 0.8

  /// How much of connection tracking is taken, 0…1; nil where it is not known.
  var trackedRatio: Double? {
    guard let used = limits?.tracked, let most = limits?.trackedMaximum, most > 0 else { return nil }
    return Double(used) / Double(most)
  }

  /// How much of the local ports one destination takes, 0…1; nil where it is not known.
  var portRatio: Double? {
    guard let used = limits?.localPortsUsed, let all = limits?.localPorts, all > 0 else { return nil }
    return Double(used) / Double(all)
  }

  /// A limit that is nearly reached, else whether it is read at all.
  var level: Level {
    if [trackedRatio, portRatio].contains(where: { ($0 ?? 0) >= Self.notableShare }) { return .warning }
    return problem == nil ? .ok : .unknown
  }

  fileprivate var serverText: String { nameservers.map(sanitized).joined(separator: " ") }
}
