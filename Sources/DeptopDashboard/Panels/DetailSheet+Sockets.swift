internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// Every connection: those that left DNS first, then the oldest.
  func sockets() -> Panel {
    guard let detail else {
      return panel(
        "sockets", [summary].compactMap { $0 }, none: scene.state.detailProblem.map(sanitized) ?? "asking the collector"
      )
    }
    let connections = detail.connections.sorted(by: Self.precedes)
    let title = "sockets: \(summaryText)"
    guard !connections.isEmpty else { return panel(title, [], none: "no connections") }
    return Panel(title, columns: Self.socketColumns, count: connections.count, glyphs) { row(connections[$0]) }
  }

  private var summary: StyledLine? {
    if let problem = scene.state.detailProblem { return StyledLine(sanitized(problem), .error) }
    return dependency.sockets == nil ? nil : StyledLine(summaryText + "; asking for the list", .muted)
  }

  private var summaryText: String {
    guard let sockets = dependency.sockets?.value else { return "no data yet" }
    let parts = [
      "\(sockets.established) established", "\(sockets.idle) idle",
      sockets.connecting > 0 ? "\(sockets.connecting) connecting" : nil,
      sockets.closing > 0 ? "\(sockets.closing) closing" : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  private static func precedes(_ left: Connection, _ right: Connection) -> Bool {
    let ranks = (left.standing.isStale ? 0 : 1, right.standing.isStale ? 0 : 1)
    return (ranks.0, left.since, left.cookie) < (ranks.1, right.since, right.cookie)
  }

  private static let socketColumns = [
    TableColumn(id: "owner", title: "OWNER", minimumWidth: 12, idealWidth: 19, weight: 2, priority: 9),
    TableColumn(id: "local", title: "LOCAL", minimumWidth: 6, idealWidth: 6, alignment: .right, priority: 2),
    TableColumn(id: "remote", title: "REMOTE", minimumWidth: 15, idealWidth: 18, weight: 1, priority: 10),
    TableColumn(id: "dns", title: "DNS", minimumWidth: 8, idealWidth: 8, weight: 1, priority: 8),
    TableColumn(id: "state", title: "STATE", minimumWidth: 11, idealWidth: 11, priority: 1),
    TableColumn(id: "pool", title: "POOL", minimumWidth: 6, idealWidth: 7, priority: 4),
    TableColumn(id: "age", title: "AGE", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 7),
    TableColumn(id: "idle", title: "IDLE", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 6),
    TableColumn(id: "reply", title: "REPLY", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 6),
    TableColumn(id: "rtt", title: "RTT", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 3),
    TableColumn(id: "retransmits", title: "RETR", minimumWidth: 4, idealWidth: 4, alignment: .right, priority: 3),
    TableColumn(id: "unacknowledged", title: "UNACK", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 1),
  ]

  private func row(_ connection: Connection) -> [CellText] {
    let age = (connection.isOlderThanSeen ? glyphs.atLeast : "") + (scene.now - connection.since).age
    let pool = connection.pool.map { CellText(sanitized($0.isClosing ? "closing" : $0.state)) } ?? missing
    return [
      CellText(connection.owner?.label ?? "not readable", connection.owner == nil ? .muted : .text),
      CellText(":\(connection.local.port)", .muted), CellText(connection.remote.description, .accent),
      CellText(connection.standing.word, connection.standing.role), CellText(sanitized(connection.state)), pool,
      CellText(age), connection.idle.map { CellText($0.age) } ?? missing,
      connection.awaitingReply.map { CellText($0.age, .warning) } ?? missing, text(connection.rtt),
      CellText(countText(UInt64(connection.retransmits)), connection.retransmits > 0 ? .text : .muted),
      CellText(countText(UInt64(connection.unacknowledged)), connection.unacknowledged > 0 ? .text : .muted),
    ]
  }
}
