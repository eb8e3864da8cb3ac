internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// Median and 99th percentile of the time that the probe needs to connect.
  static let connect = OverviewColumn(
    .connect, title: "CONN p50/p99", width: 12...12, alignment: .right, priority: 60
  ) { context, _ in
    guard let connect = context.dependency.connect else { return context.missing }
    if let failure = failure(of: connect, context) { return failure }
    guard let median = connect.histogram.quantile(0.5), let slow = connect.histogram.quantile(0.99) else {
      return context.missing
    }
    return CellText(
      "\(median.text(context.glyphs))/\(padded(slow.text(context.glyphs), to: 5, alignment: .right))")
  }

  /// The 99th percentile alone, for few columns.
  static let connectSlow = OverviewColumn(
    .connect, key: "connect99", title: "CONN", width: 5...5, alignment: .right, priority: 60
  ) { context, _ in
    guard let connect = context.dependency.connect else { return context.missing }
    if connect.addresses.contains(where: \.isFailing) { return CellText("fails", .critical) }
    if context.stale(connect.source) != nil { return CellText("stale", .stale) }
    return connect.histogram.quantile(0.99).map { CellText($0.text(context.glyphs)) } ?? context.missing
  }

  private static func failure(of connect: ConnectSummary, _ context: CellContext) -> CellText? {
    if let stale = context.stale(connect.source) { return stale }
    let failing = connect.addresses.filter(\.isFailing).count
    guard failing > 0 else { return nil }
    return CellText("\(failing) of \(connect.addresses.count) fail", .critical)
  }
}

extension AddressConnect {
  /// True when the last attempt failed.
  var isFailing: Bool { last == nil && lastFailure != nil }
}
