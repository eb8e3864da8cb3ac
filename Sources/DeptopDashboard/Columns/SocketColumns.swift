internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// Median of the connections' round-trip times.
  static let roundTrip = OverviewColumn(
    .rtt, title: "RTT", width: 5...5, alignment: .right, priority: 20
  ) { context, _ in
    guard let time = context.dependency.sockets?.value.rttMedian else { return context.missing }
    return CellText(time.text(context.glyphs))
  }

  /// Retransmissions over the life of the connections.
  static let retransmits = OverviewColumn(
    .retransmits, title: "RETR", width: 4...4, alignment: .right, priority: 10
  ) { context, _ in
    guard let sockets = context.dependency.sockets else { return context.missing }
    return CellText(countText(sockets.value.retransmits), sockets.value.retransmits > 0 ? .text : .muted)
  }

  /// The age of the oldest connection; a lower bound where it was there before the collector.
  static let age = OverviewColumn(
    .age, title: "AGE", width: 5...5, alignment: .right, priority: 30
  ) { context, _ in
    guard let sockets = context.dependency.sockets?.value, let since = sockets.oldestSince else {
      return context.missing
    }
    return CellText((sockets.isOldestOlder ? context.glyphs.atLeast : "") + (context.now - since).age)
  }
}
