package import DeptopModel
package import DeptopScreen

/// A snapshot as plain text: what `deptop status` prints, and what goes to the clipboard.
///
/// Made from the same columns as the screen. Everything from outside is sanitised; lines end without spaces.
package struct StatusText: Sendable {
  package var glyphs: Glyphs
  package var clock: LocalClock

  package init(glyphs: Glyphs = .unicode, clock: LocalClock = LocalClock()) {
    self.glyphs = glyphs
    self.clock = clock
  }

  /// Those about calls and breakers only where a client reports them.
  private static func columns(_ dependencies: [Dependency]) -> [OverviewColumn] {
    let reported = ReportedColumns(dependencies)
    let hasCalls = reported.contains(.calls)
    var columns: [OverviewColumn] = [.name, .kind, .poolCounts, hasCalls ? .slowWait : .wait]
    if reported.contains(.breakers) { columns.append(.breaker) }
    columns.append(.requests)
    if hasCalls { columns += [.errors, .p99] }
    return columns + [.connect, .roundTrip, .retransmits, .age, .dns]
  }

  /// Header, table worst first, and findings, each line ended by a line feed.
  package func status(of snapshot: Snapshot, now: WallTime) -> String {
    let order = RowOrder(snapshot, .worst).sorted(Array(snapshot.dependencies.indices))
    let columns = Self.columns(snapshot.dependencies)
    let rows = order.map { row(of: snapshot.dependencies[$0], columns, now) }
    var lines = [header(of: snapshot)]
    if let notice = snapshot.collector.notice { lines.append("collector: \(sanitized(notice))") }
    lines += [""] + (rows.isEmpty ? ["no outbound connections, and no dependency is configured"] : table(rows, columns))
    let findings = findings(of: snapshot, now: now)
    lines += [""] + (findings.isEmpty ? [snapshot.withoutFindings.text] : findings)
    return lines.map(\.trimmingTail).joined(separator: "\n") + "\n"
  }

  /// One line or more for each finding that is not pending, worst first, with the action that fits.
  package func findings(of snapshot: Snapshot, now: WallTime) -> [String] {
    snapshot.findings.filter { $0.state != .pending }.map { finding in
      let action =
        finding.presentAction.map { " [deptop \($0) \(finding.dependency.shown)\(method(of: finding))]" } ?? ""
      return "\(finding.presentLevel.mark(glyphs)) \(finding.dependency.shown): \(finding.sentence(at: now))\(action)"
    }
  }

  /// What a finding asks of its action, as an option.
  private func method(of finding: Finding) -> String {
    if finding.presentAction == .drain, let scope = finding.actionScope { return " --scope \(scope.rawValue)" }
    guard finding.presentAction == .repair, let label = finding.actionLabel else { return "" }
    return RepairMethod(named: label).map { " --method \($0.rawValue)" } ?? ""
  }

  /// One dependency with its findings, for the clipboard.
  package func summary(of id: DependencyID, in snapshot: Snapshot, now: WallTime) -> String {
    guard let dependency = snapshot.dependencies.first(where: { $0.id == id }) else { return id.shown }
    let host = sanitized(snapshot.host.name) + (snapshot.host.environment.map { " " + sanitized($0) } ?? "")
    var lines = ["\(host) \(clock.dateAndTime(snapshot.takenAt))"]
    let columns = Self.columns([dependency])
    lines += table([row(of: dependency, columns, now)], columns)
    lines += snapshot.findings.filter { $0.dependency == id && $0.state != .pending }.map { finding in
      "\(finding.presentLevel.mark(glyphs)) \(finding.sentence(at: now))"
    }
    return lines.map(\.trimmingTail).joined(separator: "\n")
  }

  private func header(of snapshot: Snapshot) -> String {
    let counts = LevelCounts(snapshot.dependencies)
    let levels = [Level.critical, .warning, .stale, .unknown, .ok].filter { counts[$0] > 0 }
      .map { "\(counts[$0]) \($0.word)" }
    let host = sanitized(snapshot.host.name) + (snapshot.host.environment.map { " " + sanitized($0) } ?? "")
    let list = levels.isEmpty ? "" : ": " + levels.joined(separator: ", ")
    let count = counted(counts.total, "dependency", "dependencies")
    return "\(host)  \(clock.dateAndTime(snapshot.takenAt))  \(count)\(list)"
  }

  /// The level's sign and word, then a cell for each column; a sentence replaces the cells that it covers.
  private func row(of dependency: Dependency, _ columns: [OverviewColumn], _ now: WallTime) -> [String] {
    let context = CellContext(dependency: dependency, now: now, glyphs: glyphs)
    var cells = columns.map { $0.cell(context, 60).text }
    var remarks: [String] = []
    for message in RowMessage.messages(for: dependency, now: now, glyphs) where message.replacesFigures {
      if message.from == .pool {
        for column in columns.indices where [.connections, .wait].contains(columns[column].id) {
          cells[column] = String(glyphs.missing)
        }
      }
      remarks.append(message.variants[0])
    }
    if !dependency.pools.isEmpty, let sockets = dependency.sockets?.value,
      let trouble = SocketOverlay(sockets, now: now, glyphs).trouble
    {
      remarks.append(trouble)
    }
    let level = "\(dependency.level.mark(glyphs)) \(dependency.level.word)"
    return [level] + cells.map(\.trimmingTail) + [remarks.joined(separator: "; ")]
  }

  private func table(_ rows: [[String]], _ columns: [OverviewColumn]) -> [String] {
    let titles = ["LEVEL"] + columns.map(\.column.title) + [""]
    let alignments = [Alignment.left] + columns.map(\.column.alignment) + [.left]
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { columnWidth(of: $0[column]) }.max() ?? 0 }
    return all.map { row in
      row.indices.map { padded(row[$0], to: widths[$0], alignment: alignments[$0]) }.joined(separator: "  ")
    }
  }
}
