internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// The pools, one line for each client that reports one; processes with sockets where none does.
  func pools() -> Panel {
    guard !dependency.pools.isEmpty else { return clients() }
    let pools = dependency.pools.sorted { $0.value.client < $1.value.client }
    return Panel("pools by client", columns: Self.poolColumns, count: pools.count, glyphs) { poolRow(pools[$0]) }
  }

  private static let poolColumns = [
    TableColumn(id: "client", title: "CLIENT", minimumWidth: 8, idealWidth: 17, weight: 1, priority: 10),
    TableColumn(id: "active", title: "ACT", minimumWidth: 4, idealWidth: 4, alignment: .right, priority: 9),
    TableColumn(id: "idle", title: "IDLE", minimumWidth: 4, idealWidth: 4, alignment: .right, priority: 8),
    TableColumn(id: "max", title: "MAX", minimumWidth: 4, idealWidth: 4, alignment: .right, priority: 8),
    TableColumn(id: "pending", title: "WAITING", minimumWidth: 7, idealWidth: 7, alignment: .right, priority: 7),
    TableColumn(id: "wait", title: "WAIT", minimumWidth: 5, idealWidth: 5, alignment: .right, priority: 9),
    TableColumn(id: "source", title: "SOURCE", minimumWidth: 10, idealWidth: 12, weight: 1, priority: 2),
    TableColumn(id: "mode", title: "MODE", minimumWidth: 11, idealWidth: 11, priority: 1),
  ]

  private func poolRow(_ reading: Reading<PoolReading>) -> [CellText] {
    let pool = reading.value
    let isSilent = dependency.silence(of: reading.source)
    let role: Role = isSilent == nil ? .text : .stale
    let limit = pool.max.map { CellText("\($0)", role) } ?? missing
    let source = isSilent.map { "stale \((scene.now - $0.since).age)" } ?? reading.source.shown
    var mode = pool.mode.map(sanitized) ?? ""
    if pool.isPaused { mode = "paused" }
    if pool.isDisabled { mode = "disabled" }
    return [
      CellText(sanitized(pool.client), role), CellText("\(pool.active)", role), CellText("\(pool.idle)", role), limit,
      CellText("\(pool.pending)", pool.pending > 0 ? .warning : role), text(pool.oldestWait, role),
      CellText(source, isSilent == nil ? .muted : .stale), CellText(mode, pool.isPaused ? .warning : .muted),
    ]
  }

  private func clients() -> Panel {
    guard let sockets = dependency.sockets?.value else {
      return panel("clients", [], none: "no data yet")
    }
    let lines = sockets.clients.sorted { $0.connections > $1.connections }.map { client in
      StyledLine(padded(countText(UInt64(client.connections)), to: 4, alignment: .right) + "  ")
        .appending(client.owner?.label ?? "owner not readable", client.owner == nil ? .muted : .text)
    }
    let silent = dependency.silentPoolSource.flatMap { silence(of: $0.source) }
    return panel("clients by sockets (no pool data)", [silent].compactMap { $0 } + lines, none: "no connections")
  }
}
