/// A horizontal bar that shows how much of something is used.
package struct Bar: Sendable, Hashable {
  /// The used part, 0…1; larger values are drawn as full, `nil` and not-a-number as unknown.
  package var ratio: Double?
  /// Columns of the whole bar.
  package var width: Int

  package init(ratio: Double?, width: Int) {
    self.ratio = ratio
    self.width = max(0, width)
  }

  /// The columns that are drawn as used, or `nil` where the ratio is unknown.
  ///
  /// A bar is empty only at 0 and full only from 1 on; anything between shows at least one column of each where it
  /// has two or more.
  package var filled: Int? {
    guard let ratio, !ratio.isNaN else { return nil }
    guard ratio > 0 else { return 0 }
    guard ratio < 1 else { return width }
    return min(max(1, Int((ratio * Double(width)).rounded())), max(1, width - 1), width)
  }

  /// The bar; an unknown ratio is the sign for a missing reading and otherwise blank, never an empty bar.
  package func text(_ glyphs: Glyphs) -> String {
    guard width > 0 else { return "" }
    guard let filled else { return String(glyphs.missing) + String(repeating: " ", count: width - 1) }
    return String(repeating: glyphs.barFull, count: filled)
      + String(repeating: glyphs.barEmpty, count: width - filled)
  }
}
