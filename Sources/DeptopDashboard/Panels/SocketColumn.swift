internal import DeptopModel
internal import DeptopScreen

/// One column of the list of connections.
struct SocketColumn: Sendable {
  let column: TableColumn
  /// The cell in a width; 0 where it is not shown.
  let cell: @Sendable (DetailSheet, Connection, Int) -> CellText

  private init(
    _ id: String, _ title: String, width: ClosedRange<Int>, weight: Int = 0, alignment: Alignment = .left,
    priority: Int, cell: @escaping @Sendable (DetailSheet, Connection, Int) -> CellText
  ) {
    column = TableColumn(
      id: id, title: title, minimumWidth: width.lowerBound, idealWidth: width.upperBound, weight: weight,
      alignment: alignment, priority: priority)
    self.cell = cell
  }

  /// The columns that say something of any of the connections.
  static func columns(
    for sockets: PreparedSockets, atMost limit: Int, _ sheet: DetailSheet, _ columns: Int
  ) -> [SocketColumn] {
    // The first ones are the ones in view; a later one is cut where it is longer.
    let first = Array(sockets.connections.prefix(min(limit, 40)))
    let traits = sockets.traits
    let all: [SocketColumn?] = [
      words(widest: widest(first) { $0.words(sheet.glyphs)[0] }, columns), owner(first, columns),
      remote(widest: widest(first) { $0.peerText(sheet.glyphs) }, columns),
      traits.contains(.otherNamespaces) ? namespace(first, sheet) : nil, traits.contains(.names) ? dns : nil,
      traits.contains(.pools) ? pool : nil, age, idle, reply, rtt, local, retransmits, unacknowledged,
      traits.contains(.resends) ? next : nil, traits.contains(.segments) ? segment : nil, state,
    ]
    return all.compactMap { $0 }
  }

  private static func widest(_ connections: [Connection], _ text: (Connection) -> String) -> Int {
    connections.map { columnWidth(of: text($0)) }.max() ?? 0
  }

  /// What the kernel says, in as many words as there is room for: the last column to go.
  private static func words(widest: Int, _ columns: Int) -> SocketColumn {
    let least = columns < 60 ? 18 : min(widest, 34)
    return SocketColumn(
      "condition", columns < 60 ? "KERNEL" : "WHAT THE KERNEL SAYS", width: least...max(least, min(widest, 56)),
      priority: 20
    ) { sheet, connection, width in
      let words = connection.words(sheet.glyphs)
      let text = words.first { columnWidth(of: $0) <= width } ?? words.last ?? ""
      return CellText(text, connection.signals.role)
    }
  }

  /// Which process of which service, or the service alone where room is scarce.
  private static func owner(_ connections: [Connection], _ columns: Int) -> SocketColumn {
    let isExact = columns >= 100
    let label: @Sendable (Connection) -> String? = { isExact ? $0.owner?.exactLabel : $0.owner?.shortLabel }
    let widest = widest(connections) { label($0) ?? "not readable" }
    let least = widest.clamped(to: 12...(columns >= 160 ? 26 : isExact ? 20 : 14))
    let width = least...max(least, min(widest, 30))
    return SocketColumn("owner", "OWNER", width: width, priority: 9) { _, connection, _ in
      CellText(label(connection) ?? "not readable", connection.owner == nil ? .muted : .text)
    }
  }

  private static func remote(widest: Int, _ columns: Int) -> SocketColumn {
    let least = columns >= 160 ? widest.clamped(to: 15...34) : 15
    return SocketColumn("address", "REMOTE", width: least...max(least, min(widest, 46)), priority: 10) {
      sheet, connection, width in
      let text = connection.peerText(sheet.glyphs)
      // Where both have no room, where it really goes says more.
      guard columnWidth(of: text) > width, let translated = connection.translated else {
        return CellText(text, .accent)
      }
      return CellText("\(sheet.glyphs.arrow) \(translated)", .accent)
    }
  }

  private static func namespace(_ connections: [Connection], _ sheet: DetailSheet) -> SocketColumn {
    let label: @Sendable (DetailSheet, Connection) -> String = { sheet, connection in
      connection.namespace == .own ? "" : sheet.scene.label(of: connection.namespace)
    }
    let widest = widest(connections) { label(sheet, $0) }
    return SocketColumn(
      "namespace", "NAMESPACE", width: widest.clamped(to: 9...12)...widest.clamped(to: 9...24), priority: 5
    ) { sheet, connection, _ in CellText(label(sheet, connection), .muted) }
  }

  private static let dns = SocketColumn("dns", "DNS", width: 8...8, weight: 1, priority: 8) { _, connection, _ in
    CellText(connection.standing.word, connection.standing.role)
  }

  private static let pool = SocketColumn("pool", "POOL", width: 6...7, priority: 4) { sheet, connection, _ in
    connection.pool.map { CellText(sanitized($0.isClosing ? "closing" : $0.state)) } ?? sheet.missing
  }

  private static let age = figure("age", "AGE", 5, priority: 7) { sheet, connection in
    CellText(
      (connection.isOlderThanSeen ? sheet.glyphs.atLeast : "") + (sheet.scene.now - connection.since).age)
  }

  private static let idle = figure("idle", "IDLE", 5, priority: 6) { sheet, connection in
    connection.idle.map { CellText($0.age) } ?? sheet.missing
  }

  /// How long a reply is awaited, else what the last one took.
  private static let reply = figure("reply", "REPLY", 5, priority: 6) { sheet, connection in
    if let awaited = connection.awaitingReply {
      let isNotable = awaited >= SocketSignals.notableWait
      return isNotable ? CellText(awaited.age, .warning) : CellText(awaited.text(sheet.glyphs))
    }
    return connection.signals.lastReply.map { CellText($0.text(sheet.glyphs), .muted) } ?? sheet.missing
  }

  private static let rtt = figure("rtt", "RTT", 5, priority: 3) { sheet, connection in sheet.text(connection.rtt) }

  private static let local = figure("local", "LOCAL", 6, priority: 2) { _, connection in
    CellText(":\(connection.local.port)", .muted)
  }

  private static let retransmits = count("retransmits", "RETR", 4, priority: 3) { UInt64($0.retransmits) }
  private static let unacknowledged = count("unacknowledged", "UNACK", 5, priority: 1) { UInt64($0.unacknowledged) }

  /// Until the kernel sends again what is not acknowledged.
  private static let next = figure("next", "RESEND", 6, priority: 1) { sheet, connection in
    connection.nextRetransmit.map { CellText("in \($0.age)") } ?? sheet.missing
  }

  private static let segment = figure("segment", "MSS", 5, priority: 0) { sheet, connection in
    connection.segmentSize.map { CellText("\($0)", .muted) } ?? sheet.missing
  }

  private static let state = SocketColumn("state", "STATE", width: 11...11, priority: 0) { _, connection, _ in
    CellText(sanitized(connection.state), .muted)
  }

  private static func figure(
    _ id: String, _ title: String, _ width: Int, priority: Int,
    _ cell: @escaping @Sendable (DetailSheet, Connection) -> CellText
  ) -> SocketColumn {
    SocketColumn(id, title, width: width...width, alignment: .right, priority: priority) { sheet, connection, _ in
      cell(sheet, connection)
    }
  }

  private static func count(
    _ id: String, _ title: String, _ width: Int, priority: Int, _ value: @escaping @Sendable (Connection) -> UInt64
  ) -> SocketColumn {
    figure(id, title, width, priority: priority) { _, connection in
      CellText(countText(value(connection)), value(connection) > 0 ? .text : .muted)
    }
  }
}

extension Connection {
  /// Where it goes, and where it really goes: `10.96.0.10:80 → 10.0.3.9:8080`.
  func peerText(_ glyphs: Glyphs) -> String {
    translated.map { "\(remote) \(glyphs.arrow) \($0)" } ?? remote.description
  }
}
