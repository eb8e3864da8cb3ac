/// A series of readings as one row of small columns, oldest at the left.
package struct Sparkline: Sendable, Hashable {
  /// Readings from 0 up, oldest first; `nil` and not-a-number are moments without a reading.
  package var values: [Double?]
  /// Columns to draw.
  package var width: Int
  /// The reading that the tallest column stands for; the largest reading of the series if `nil`.
  package var ceiling: Double?

  package init(values: [Double?], width: Int, ceiling: Double? = nil) {
    self.values = values
    self.width = max(0, width)
    self.ceiling = ceiling
  }

  /// The height of each column drawn, 0…7, or `nil` for a gap.
  ///
  /// A series shorter than the width has fewer elements than the width. In a longer one neighbouring readings share
  /// a column, which shows the highest of them, so that a short peak stays visible; it is a gap only when none of
  /// them is known.
  package var heights: [Int?] {
    let columns = peaks
    let known = columns.compactMap { $0 }
    let top = ceiling ?? known.filter(\.isFinite).max() ?? 0
    return columns.map { $0.map { Self.height(of: $0, top: top) } }
  }

  /// The row of `width` columns; gaps are drawn with the sign for one, never as 0, and what lies before the first
  /// element of a short series is blank.
  package func text(_ glyphs: Glyphs) -> String {
    let drawn = heights
    var row = String(repeating: " ", count: width - drawn.count)
    for height in drawn { row.append(height.map { glyphs.sparkline[$0] } ?? glyphs.gap) }
    return row
  }

  /// The highest known reading of each column.
  private var peaks: [Double?] {
    let known = values.map { $0.flatMap { $0.isNaN ? nil : $0 } }
    guard known.count > width else { return known }
    return (0..<width).map { column in
      let share = known[column * known.count / width..<(column + 1) * known.count / width]
      return share.compactMap { $0 }.max()
    }
  }

  private static func height(of value: Double, top: Double) -> Int {
    guard value > 0 else { return 0 }
    guard top > 0, value < top else { return 7 }
    return min(7, Int(value / top * 8))
  }
}
