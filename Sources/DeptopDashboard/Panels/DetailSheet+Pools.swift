internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// The pools, one line for each client that reports one; processes with sockets where none does.
  func pools() -> Panel {
    let rows = ClientRow.rows(of: dependency, detail)
    guard !rows.isEmpty else { return clients() }
    let columns = hasReports ? Self.reportColumns : Self.poolColumns
    return Panel("pools by client", columns: columns.map(\.column), count: rows.count, glyphs) { index in
      columns.map { $0.cell(self, rows[index]) }
    }
  }

  /// True when clients report more than their pools.
  var hasReports: Bool { dependency.calls != nil || !dependency.breakers.isEmpty || detail?.clients.isEmpty == false }

  private static let poolColumns: [ClientColumn] = [
    .client(width: 8...17), .active, .idle, .max, .pending, .longest(title: "WAIT", width: 5), .source(width: 10...12),
    .mode,
  ]

  private static let reportColumns: [ClientColumn] = [
    .client(width: 17...22), .active, .idle, .max, .pending, .longest(title: "LONGEST", width: 7), .slowWait, .oldest,
    .breaker, .requests, .errors, .slowest, .source(width: 14...20), .mode,
  ]

  private func clients() -> Panel {
    guard let sockets = dependency.sockets?.value else {
      return panel("clients", [], none: "no data yet")
    }
    let lines = sockets.clients.sorted { $0.connections > $1.connections }.map { client in
      var line = StyledLine(padded(countText(UInt64(client.connections)), to: 4, alignment: .right) + "  ")
      line.append(client.owner?.exactLabel ?? "owner not readable", client.owner == nil ? .muted : .text)
      if client.dead > 0 { line.append("  \(client.dead) dead", .critical) }
      if client.waiting > 0 { line.append("  \(client.waiting) waiting") }
      return line
    }
    let silent = dependency.silentPoolSource.flatMap { silence(of: $0.source) }
    return panel("clients by sockets (no pool data)", [silent].compactMap { $0 } + lines, none: "no connections")
  }
}
