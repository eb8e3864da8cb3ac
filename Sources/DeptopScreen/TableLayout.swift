/// Which columns of a table are shown in a given width, and where.
package struct TableLayout: Sendable, Hashable {
  /// A column that is shown.
  package struct Placement: Sendable, Hashable {
    /// Its place among all columns of the table.
    package let index: Int
    /// Columns from the table's left edge.
    package let offset: Int
    package let width: Int

    /// The first column to the right of it.
    package var end: Int { offset + width }
  }

  /// The shown columns from left to right; their order is never changed.
  package let placements: [Placement]

  /// Finds the widths for `available` columns.
  ///
  /// First, columns are dropped by priority until the minimum widths fit; one is always left, narrower than its
  /// minimum if it must be. Then the room goes to the ideal widths, highest priority first, and what is left of it
  /// to the columns with a weight.
  ///
  /// - Complexity: O(*n*²) in the number of columns.
  package init(columns: [TableColumn], available: Int, spacing: Int = 1) {
    let shown = Self.shown(columns, available: available, spacing: spacing)
    let gaps = spacing * max(0, shown.count - 1)
    let widths = Self.widths(shown.map { columns[$0] }, total: max(0, available - gaps))
    var offset = 0
    var placements: [Placement] = []
    for (index, width) in zip(shown, widths) where width > 0 {
      placements.append(Placement(index: index, offset: offset, width: width))
      offset += width + spacing
    }
    self.placements = placements
  }

  /// The placement that a text across several columns gets, or `nil` where none of them is shown.
  package func placement(across indices: Range<Int>) -> Placement? {
    let covered = placements.filter { indices.contains($0.index) }
    guard let first = covered.first, let last = covered.last else { return nil }
    return Placement(index: first.index, offset: first.offset, width: last.end - first.offset)
  }

  private static func shown(_ columns: [TableColumn], available: Int, spacing: Int) -> [Int] {
    var shown = Array(columns.indices)
    var needed = shown.reduce(-spacing) { $0 + columns[$1].minimumWidth + spacing }
    while needed > available, shown.count > 1 {
      var lowest = 0
      for place in shown.indices where columns[shown[place]].priority <= columns[shown[lowest]].priority {
        lowest = place
      }
      needed -= columns[shown.remove(at: lowest)].minimumWidth + spacing
    }
    return shown
  }

  private static func widths(_ columns: [TableColumn], total: Int) -> [Int] {
    if columns.count == 1, columns[0].minimumWidth > total { return [total] }
    var widths = columns.map(\.minimumWidth)
    var left = total - widths.reduce(0, +)
    let urgent = columns.indices.sorted { (columns[$1].priority, $0) < (columns[$0].priority, $1) }
    for index in urgent {
      let growth = min(left, columns[index].idealWidth - widths[index])
      widths[index] += growth
      left -= growth
    }
    let limits = Array(repeating: Int.max, count: columns.count)
    let extra = apportioned(left, weights: columns.map(\.weight), limits: limits)
    return zip(widths, extra).map(+)
  }
}
