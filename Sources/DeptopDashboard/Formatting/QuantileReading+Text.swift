internal import DeptopModel
internal import DeptopScreen

extension QuantileReading {
  /// A percentile in at most six columns, seven in ASCII: `12ms`; out of wide buckets, the bound that is certain.
  ///
  /// `≤250ms` is at most the bucket's upper bound; `≥10s` lies above the last bucket's lower one.
  func text(isBucketed: Bool, _ glyphs: Glyphs) -> String {
    guard isBucketed else { return isBelowRange ? "<1\(glyphs.micro)s" : value.text(glyphs) }
    return high.map { glyphs.atMost + $0.text(glyphs) } ?? glyphs.atLeast + low.text(glyphs)
  }

  /// True in the first bucket of a histogram, which holds everything that is shorter than it can tell.
  private var isBelowRange: Bool { value > .zero && low < Histogram.range.lowerBound }
}
