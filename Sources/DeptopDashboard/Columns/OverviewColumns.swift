internal import DeptopScreen

/// The columns of the overview, from left to right.
enum OverviewColumns {
  /// Columns that scrolling never takes away.
  static let fixed: [OverviewColumn] = [.mark, .name]

  /// The other columns: those about calls and breakers only where clients report them.
  static func scrollable(_ reported: ReportedColumns) -> [OverviewColumn] {
    let breakers: [OverviewColumn] = reported.contains(.breakers) ? [.breaker] : []
    guard reported.contains(.calls) else {
      return [.kind, .poolBar, .poolCounts, .wait] + breakers
        + [.requests, .trend, .connect, .roundTrip, .retransmits, .age, .dns]
    }
    // What clients say of their calls comes before the probe's word, and before what never changes.
    return [.kind.ranked(34), .poolBar, .poolCounts, .slowWait] + breakers
      + [.requests, .retry, .errors, .p50, .p95, .p99, .trend, .connect.ranked(32)]
      + [.roundTrip, .retransmits, .age, .dns]
  }

  /// For terminals with room for a few columns only.
  static func compact(_ reported: ReportedColumns) -> [OverviewColumn] {
    reported.contains(.calls)
      ? [.mark, .name, .poolUse, .compactP99, .compactDNS] : [.mark, .name, .poolUse, .connectSlow, .dns]
  }

  /// The columns for a width, without those that are scrolled out at the left.
  static func columns(for size: Size, scrolledOut: Int, reported: ReportedColumns) -> [OverviewColumn] {
    if isCompact(size, scrolledOut: scrolledOut) { return compact(reported) }
    return fixed + scrollable(reported).dropFirst(scrolledOut)
  }

  /// True where a few columns have to do.
  static func isCompact(_ size: Size, scrolledOut: Int) -> Bool {
    ScreenAreas.isSmall(size) && size.columns < 60 && scrolledOut == 0
  }

  /// Empty columns between two neighbours.
  static func spacing(for size: Size) -> Int { size.columns < 140 ? 1 : 2 }
}
