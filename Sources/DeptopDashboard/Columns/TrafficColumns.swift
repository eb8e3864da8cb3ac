internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// Requests per second.
  static let requests = OverviewColumn(
    .requests, title: "REQ/s", width: 5...5, alignment: .right, priority: 65
  ) { context, _ in
    guard let requests = context.dependency.requests else { return context.missing }
    return context.stale(requests.source) ?? CellText(rateText(requests.value.rate))
  }

  /// Requests per second over two minutes, else connections.
  static let trend = OverviewColumn(
    .trend, title: "2 MIN", width: Trend.columns...Trend.columns, priority: 35
  ) { context, width in
    guard let trend = context.trend else { return CellText("") }
    return CellText(Sparkline(values: trend.peaks, width: width).text(context.glyphs), .sparkline)
  }
}
