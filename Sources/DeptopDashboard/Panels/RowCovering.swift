internal import DeptopScreen

/// The columns that a sentence covers, in as many of its words as fit.
struct RowCovering {
  var columns: Range<Int>
  var text: String
  var role: Role

  /// Finds room for sentences; none runs into the next one or into the DNS column.
  static func coverings(
    of messages: [RowMessage], columns: [OverviewColumn], layout: TableLayout
  ) -> [RowCovering] {
    guard !messages.isEmpty else { return [] }
    let shown = layout.placements
    var coverings: [RowCovering] = []
    for (number, message) in messages.enumerated() {
      guard let start = shown.firstIndex(where: { isAtOrBehind(message.from, columns[$0.index].id) }) else { continue }
      let next = messages.dropFirst(number + 1).first?.from ?? .dns
      let ends = [message.until, next].map { end in
        shown[start...].firstIndex { placement in
          let id = columns[placement.index].id
          return isAtOrBehind(end, id) || isAtOrBehind(next, id) || id == .dns
        } ?? shown.count
      }
      guard
        let covering = ends.lazy.compactMap({ fit(message, start, $0, layout) }).first
          ?? cut(message, start, ends[1], layout)
      else { continue }
      if let last = coverings.last, last.columns.upperBound > covering.columns.lowerBound { continue }
      coverings.append(covering)
    }
    return coverings
  }

  /// The first wording that fits before `end`, over no more columns than it needs; nil when none does.
  private static func fit(_ message: RowMessage, _ start: Int, _ end: Int, _ layout: TableLayout) -> RowCovering? {
    guard start < end else { return nil }
    let shown = layout.placements
    let left = shown[start].offset
    let room = shown[end - 1].end - left
    guard let text = message.variants.first(where: { columnWidth(of: $0) <= room }) else { return nil }
    let needed = columnWidth(of: text)
    let last = shown[start..<end].first { $0.end - left >= needed } ?? shown[end - 1]
    return RowCovering(columns: shown[start].index..<last.index + 1, text: text, role: message.role)
  }

  /// The shortest wording over all columns before `end`, to be cut where it is drawn.
  private static func cut(_ message: RowMessage, _ start: Int, _ end: Int, _ layout: TableLayout) -> RowCovering? {
    guard start < end, let text = message.variants.last else { return nil }
    let shown = layout.placements
    return RowCovering(columns: shown[start].index..<shown[end - 1].index + 1, text: text, role: message.role)
  }

  /// True for the column a sentence starts in and all that stand behind it.
  private static func isAtOrBehind(_ from: ColumnID, _ id: ColumnID) -> Bool {
    let order: [ColumnID] = [
      .worst, .name, .kind, .pool, .connections, .wait, .breaker, .requests, .amplification, .errors, .p50, .p95, .p99,
      .trend, .connect, .rtt, .retransmits, .age, .dns,
    ]
    guard let first = order.firstIndex(of: from), let place = order.firstIndex(of: id) else { return false }
    return place >= first
  }
}
