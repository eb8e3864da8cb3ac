internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// Requests per second.
  static let requests = OverviewColumn(
    .requests, title: "REQ/s", width: 5...5, alignment: .right, priority: 65
  ) { context, _ in
    let source = context.dependency.calls.flatMap { $0.value.counts.requests == nil ? nil : $0.source }
    guard let rate = context.dependency.requestRate else { return context.missing }
    return context.stale(source ?? context.dependency.requests?.source).map { stale in
      columnWidth(of: stale.text) <= 5 ? stale : CellText("stale", .stale)
    } ?? CellText(rateText(rate))
  }

  /// Requests per second over two minutes, else connections.
  static let trend = OverviewColumn(
    .trend, title: "2 MIN", width: Trend.columns...Trend.columns, priority: 35
  ) { context, width in
    guard let trend = context.trend else { return CellText("") }
    return CellText(Sparkline(values: trend.peaks, width: width).text(context.glyphs), .sparkline)
  }
}
