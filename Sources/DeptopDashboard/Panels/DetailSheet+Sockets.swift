internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// A list of this many connections is shown as a whole above everything else when something is the matter with any
  /// of them; of a longer one the first are.
  private static let shortList = 24
  private static let mostUrgent = 12

  /// Every connection with what the kernel says of it, in the order that was chosen.
  func sockets(columns: Int) -> Panel {
    guard let detail else {
      return panel(
        "sockets", [summary].compactMap { $0 }, none: scene.state.detailProblem.map(sanitized) ?? "asking the collector"
      )
    }
    return list(detail, title: "sockets: \(summaryText(columns - 9))", columns)
  }

  /// The first of them, for the top of the page; nil when nothing is the matter with any.
  func urgentSockets(columns: Int) -> Panel? {
    guard dependency.sockets?.value.conditions.isTroubled == true else { return nil }
    guard let detail else { return sockets(columns: columns) }
    let count = detail.connections.count
    guard count > Self.shortList else { return sockets(columns: columns) }
    let start = "\(scene.state.socketOrder == .worst ? "worst" : "first") \(Self.mostUrgent) of \(count) sockets: "
    return list(
      detail, title: start + summaryText(columns - start.count), columns, atMost: Self.mostUrgent)
  }

  /// The whole list, where the top of the page has not shown it.
  func remainingSockets(columns: Int) -> Panel? {
    guard dependency.sockets?.value.conditions.isTroubled == true else { return sockets(columns: columns) }
    guard let detail, detail.connections.count > Self.shortList else { return nil }
    return list(detail, title: "all \(detail.connections.count) sockets", columns)
  }

  private func list(_ detail: DependencyDetail, title: String, _ columns: Int, atMost limit: Int = .max) -> Panel {
    guard !detail.connections.isEmpty else { return panel(title, [], none: "no connections") }
    let sockets = scene.state.sockets(of: detail)
    let table = SocketColumn.columns(for: sockets, atMost: limit, self, columns)
    let order = scene.state.socketOrder
    return Panel(
      title, columns: table.map(\.column),
      sorting: Table.Sorting(id: order.column.rawValue, ascending: !order.isDescending),
      count: min(limit, sockets.connections.count), glyphs
    ) { index, widths in
      let connection = sockets.connections[index]
      return zip(table, widths).map { $0.cell(self, connection, $1) }
    }
  }

  private var summary: StyledLine? {
    if let problem = scene.state.detailProblem { return StyledLine(sanitized(problem), .error) }
    return dependency.sockets == nil ? nil : StyledLine(summaryText(.max) + "; asking for the list", .muted)
  }

  /// The connections by condition, in as much detail as there is room for.
  private func summaryText(_ columns: Int) -> String {
    guard let sockets = dependency.sockets?.value else { return "no data yet" }
    let texts = sockets.conditionTexts(at: scene.now, glyphs)
    // Where none fits, the end is cut off: what matters most stands at the start.
    return texts.first { columnWidth(of: $0) <= columns } ?? texts[1]
  }
}
