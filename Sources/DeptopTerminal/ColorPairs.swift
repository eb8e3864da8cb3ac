import CCurses
import DeptopScreen

/// The colour pairs that ncurses knows so far.
struct ColorPairs {
  private struct Colors: Hashable {
    let foreground: Int32
    let background: Int32
  }

  private let palette: Palette
  private let limit: Int32
  private var known: [Colors: Int32] = [:]

  /// Starts without any; the limit is what the terminal type allows, the default pair 0 included.
  init(palette: Palette, limit: Int32) {
    self.palette = palette
    self.limit = limit
  }

  /// The pair of a style's colours, defined when it is new; nil when no pair is left.
  mutating func pair(for style: Style) -> Int32? {
    let colors = Colors(
      foreground: palette.number(for: style.foreground), background: palette.number(for: style.background))
    if colors == Colors(foreground: -1, background: -1) { return 0 }
    if let pair = known[colors] { return pair }
    let pair = Int32(known.count + 1)
    guard pair < limit, ccurses_define_pair(pair, colors.foreground, colors.background) else { return nil }
    known[colors] = pair
    return pair
  }

  /// Makes room; whatever is on the screen must be drawn anew after this.
  mutating func forgetAll() {
    known = [:]
    ccurses_forget_pairs()
  }
}
