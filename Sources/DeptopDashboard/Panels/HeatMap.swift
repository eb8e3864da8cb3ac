internal import DeptopModel
internal import DeptopScreen

/// Response times over the last ten minutes: a column for each interval, a row for each power of two.
struct HeatMap: Sendable, Hashable {
  /// The last ten minutes, oldest first; nil where nothing was reported.
  private let slots: [HeatColumn?]
  /// The powers of two that have values.
  private let powers: ClosedRange<Int>

  /// Powers of two seconds that a response can take: from less than a nanosecond to more than a year.
  private static let believable = -32...25
  /// Rows above which neighbouring powers share one.
  private static let mostRows = 10
  /// Columns of the labels at the left.
  private static let labelWidth = 9

  /// nil when there is no value in the last ten minutes.
  init?(_ columns: [HeatColumn], now: WallTime) {
    func interval(_ time: WallTime) -> Int {
      Int((time.secondsSinceEpoch.clamped(to: -1e14...1e14) / HeatColumn.interval.seconds).rounded(.down))
    }
    // The interval that runs now is reported when it is over.
    let last = max(columns.map { interval($0.at) }.max() ?? 0, interval(now) - 1)
    var slots = [HeatColumn?](repeating: nil, count: HeatColumn.kept)
    var used: Set<Int> = []
    for column in columns where Self.believable.contains(column.first) {
      let place = HeatColumn.kept - 1 - (last - interval(column.at))
      guard slots.indices.contains(place) else { continue }
      slots[place] = column
      for (offset, count) in column.counts.prefix(Self.believable.count).enumerated() where count > 0 {
        used.insert(column.first + offset)
      }
    }
    guard let low = used.min(), let high = used.max() else { return nil }
    (self.slots, powers) = (slots, low...high)
  }

  /// Rows from the longest times to the shortest, then the axis and what the shades mean.
  func lines(columns: Int, _ glyphs: Glyphs) -> [StyledLine] {
    let width = min(HeatColumn.kept, columns - Self.labelWidth)
    guard width > 0 else { return [] }
    let step = (powers.count - 1) / Self.mostRows + 1
    let firsts = stride(from: powers.lowerBound, through: powers.upperBound, by: step).reversed()
    let cells = (0..<width).map { cell in
      slots[cell * slots.count / width..<(cell + 1) * slots.count / width].compactMap { $0 }
    }
    let rates = firsts.map { first in cells.map { Self.mean($0, first..<first + step) } }
    let most = rates.joined().compactMap { $0 }.max() ?? 0
    let rows = zip(firsts, rates).map { first, cells in
      let bound = Duration.seconds(Double(sign: .plus, exponent: first + step, significand: 1))
      let label = "to \(padded(bound.text(glyphs), to: 5, alignment: .right))\(glyphs.box.tick)"
      return StyledLine(label, .muted).appending(String(cells.map { Self.shade($0, most, glyphs) }), .sparkline)
    }
    return rows + axis(width, most, glyphs)
  }

  /// Values of an interval in some powers of two, in the mean of the intervals that share a cell; nil where none of
  /// them was reported.
  private static func mean(_ columns: [HeatColumn], _ powers: Range<Int>) -> Double? {
    guard !columns.isEmpty else { return nil }
    let sum = columns.reduce(0.0) { sum, column in
      powers.reduce(sum) { sum, power in
        let place = power - column.first
        return column.counts.indices.contains(place) ? sum + Double(column.counts[place]) : sum
      }
    }
    return sum / Double(columns.count)
  }

  /// Nothing, then up to a tenth, a third, two thirds and all of the fullest cell.
  private static func shade(_ value: Double?, _ most: Double, _ glyphs: Glyphs) -> Character {
    // In ASCII the sign for a gap is a shade too.
    guard let value else { return glyphs.heat.contains(glyphs.gap) ? glyphs.missing : glyphs.gap }
    guard value > 0, most > 0 else { return glyphs.heat[0] }
    let ratio = value / most
    return glyphs.heat[ratio <= 0.1 ? 1 : ratio <= 1.0 / 3 ? 2 : ratio <= 2.0 / 3 ? 3 : 4]
  }

  /// The times at both ends, and the shades between them where there is room.
  private func axis(_ width: Int, _ most: Double, _ glyphs: Glyphs) -> [StyledLine] {
    let margin = String(repeating: " ", count: Self.labelWidth)
    let signs = glyphs.heat.dropFirst().map(String.init).joined(separator: " ")
    let shades = "few \(signs) \(rateText(most)) in \(HeatColumn.interval.elapsed)"
    let (start, end) = ("10 min ago", "now")
    let space = width - start.count - end.count
    guard space >= shades.count + 4 else {
      let line = margin + start + String(repeating: " ", count: max(1, space)) + end
      return [StyledLine(line, .muted), StyledLine(margin + shades, .muted)]
    }
    let left = (space - shades.count) / 2
    let middle = padded(String(repeating: " ", count: left) + shades, to: space)
    return [StyledLine(margin + start + middle + end, .muted)]
  }
}
