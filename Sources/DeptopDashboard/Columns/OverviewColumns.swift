internal import DeptopScreen

/// The columns of the overview, from left to right.
enum OverviewColumns {
  /// Columns that scrolling never takes away.
  static let fixed: [OverviewColumn] = [.mark, .name]
  static let scrollable: [OverviewColumn] = [
    .kind, .poolBar, .poolCounts, .wait, .requests, .trend, .connect, .roundTrip, .retransmits, .age, .dns,
  ]
  /// For terminals with room for a few columns only.
  static let compact: [OverviewColumn] = [.mark, .name, .poolUse, .connectSlow, .dns]

  /// The columns for a width, without those that are scrolled out at the left.
  static func columns(for size: Size, scrolledOut: Int) -> [OverviewColumn] {
    if ScreenAreas.isSmall(size), size.columns < 60 {
      return scrolledOut == 0 ? compact : fixed + scrollable.dropFirst(scrolledOut)
    }
    return fixed + scrollable.dropFirst(scrolledOut)
  }

  /// Empty columns between two neighbours.
  static func spacing(for size: Size) -> Int { size.columns < 140 ? 1 : 2 }
}
