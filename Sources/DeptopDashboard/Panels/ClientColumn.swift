internal import DeptopModel
internal import DeptopScreen

/// One column of the table of clients.
struct ClientColumn: Sendable {
  let column: TableColumn
  let cell: @Sendable (DetailSheet, ClientRow) -> CellText

  private init(
    _ title: String, width: ClosedRange<Int>, weight: Int = 0, alignment: Alignment = .right, priority: Int,
    cell: @escaping @Sendable (DetailSheet, ClientRow) -> CellText
  ) {
    column = TableColumn(
      id: title, title: title, minimumWidth: width.lowerBound, idealWidth: width.upperBound, weight: weight,
      alignment: alignment, priority: priority)
    self.cell = cell
  }

  static func client(width: ClosedRange<Int>) -> ClientColumn {
    ClientColumn("CLIENT", width: width, weight: 1, alignment: .left, priority: 20) { sheet, row in
      CellText(sanitized(row.name), sheet.role(of: row))
    }
  }

  static let active = count("ACT", priority: 19) { $0.active }
  static let idle = count("IDLE", priority: 18) { $0.idle }
  static let max = count("MAX", priority: 18) { $0.max }

  static let pending = ClientColumn("WAITING", width: 7...7, priority: 17) { sheet, row in
    guard let pending = row.pool?.value.pending else { return sheet.missing }
    return CellText("\(pending)", pending > 0 ? .warning : sheet.role(of: row))
  }

  /// How long the caller at the head of the queue has waited.
  static func longest(title: String, width: Int) -> ClientColumn {
    ClientColumn(title, width: width...width, priority: title == "WAIT" ? 19 : 9) { sheet, row in
      sheet.text(row.pool?.value.oldestWait, sheet.role(of: row))
    }
  }

  static let slowWait = ClientColumn("WAIT p99", width: 8...8, priority: 16) { sheet, row in
    sheet.text(row.detail?.calls?.waitTime) { $0.p99 }
  }

  /// The age of the oldest connection.
  static let oldest = ClientColumn("OLDEST", width: 6...6, priority: 8) { sheet, row in
    row.oldestConnection.map { CellText((sheet.scene.now - $0).age) } ?? sheet.missing
  }

  static let breaker = ClientColumn("BREAKER", width: 11...11, alignment: .left, priority: 15) { sheet, row in
    guard let state = row.breaker?.value.state else { return sheet.missing }
    return CellText(state.word, state == .closed ? .text : state.role)
  }

  static let requests = ClientColumn("REQ/s", width: 5...5, priority: 6) { sheet, row in
    row.detail?.calls.flatMap { $0.rate($0.counts.requests) }.map { CellText(rateText($0)) } ?? sheet.missing
  }

  static let errors = ClientColumn("ERR", width: 4...5, priority: 10) { sheet, row in
    guard let calls = row.detail?.calls else { return sheet.missing }
    guard let ratio = calls.errorRatio else {
      return calls.isWithoutTraffic ? CellText(String(sheet.glyphs.gap), .muted) : sheet.missing
    }
    return CellText(percentText(ratio), ratio >= CallReading.notableErrors ? .warning : .text)
  }

  static let slowest = ClientColumn("P99", width: 6...7, priority: 7) { sheet, row in
    sheet.text(row.detail?.calls?.responseTime) { $0.p99 }
  }

  static func source(width: ClosedRange<Int>) -> ClientColumn {
    ClientColumn("SOURCE", width: width, weight: 1, alignment: .left, priority: 11) { sheet, row in
      guard let source = row.source else { return sheet.missing }
      if let silent = sheet.dependency.silence(of: source) {
        return CellText("stale \((sheet.scene.now - silent.since).age)", .stale)
      }
      return row.isVerified ? CellText(source.shown, .muted) : CellText("unverified: \(source.shown)", .warning)
    }
  }

  static let mode = ClientColumn("MODE", width: 11...11, alignment: .left, priority: 1) { sheet, row in
    guard let pool = row.pool?.value else { return CellText("") }
    if pool.isDisabled { return CellText("disabled", .muted) }
    return pool.isPaused ? CellText("paused", .warning) : CellText(pool.mode.map(sanitized) ?? "", .muted)
  }

  private static func count(
    _ title: String, priority: Int, _ count: @escaping @Sendable (PoolReading) -> Int?
  ) -> ClientColumn {
    ClientColumn(title, width: 4...4, priority: priority) { sheet, row in
      row.pool.flatMap { count($0.value) }.map { CellText("\($0)", sheet.role(of: row)) } ?? sheet.missing
    }
  }
}

extension DetailSheet {
  func role(of row: ClientRow) -> Role { dependency.silence(of: row.source) == nil ? .text : .stale }

  /// A percentile as a cell; missing where nobody reports it.
  func text(_ summary: LatencySummary?, _ quantile: (LatencySummary) -> QuantileReading) -> CellText {
    summary.map { CellText(quantile($0).text(isBucketed: $0.isBucketed, glyphs)) } ?? missing
  }
}
