/// The signs that the screen is drawn with, each one column wide.
///
/// Every level has a sign of its own, so that nothing is told by colour alone.
package struct Glyphs: Sendable, Hashable {
  package var marks: LevelMarks
  package var box: BoxLines
  package var barFull: Character
  package var barEmpty: Character
  /// Eight heights, lowest first; none of them is `gap` or `missing`.
  package var sparkline: [Character]
  /// Five densities, from nothing to full.
  package var heat: [Character]
  package var arrow: Character
  package var ellipsis: Character
  /// A reading that its source does not report.
  package var missing: Character
  /// A moment without a reading, in a series.
  package var gap: Character
  package var check: Character
  package var caret: Character
  package var sortedAscending: Character
  package var sortedDescending: Character
}

/// One sign for each level, no two alike.
package struct LevelMarks: Sendable, Hashable {
  package var critical: Character
  package var warning: Character
  package var ok: Character
  package var stale: Character
  package var unknown: Character
}

/// The lines and corners of a box, and the marks of an axis.
package struct BoxLines: Sendable, Hashable {
  package var horizontal: Character
  package var vertical: Character
  package var topLeft: Character
  package var topRight: Character
  package var bottomLeft: Character
  package var bottomRight: Character
  /// A mark on a vertical axis whose values stand at its left.
  package var tick: Character
}

extension Glyphs {
  /// For terminals in a UTF-8 locale.
  package static let unicode = Glyphs(
    marks: LevelMarks(critical: "✖", warning: "▲", ok: "●", stale: "○", unknown: "?"),
    box: BoxLines(
      horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", tick: "┤"),
    barFull: "█", barEmpty: "░",
    sparkline: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    heat: [" ", "░", "▒", "▓", "█"],
    arrow: "→", ellipsis: "…", missing: "–", gap: "·", check: "✔", caret: "▏",
    sortedAscending: "▴", sortedDescending: "▾")

  /// For every other terminal.
  package static let ascii = Glyphs(
    marks: LevelMarks(critical: "X", warning: "!", ok: "o", stale: "-", unknown: "?"),
    box: BoxLines(
      horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", tick: "+"),
    barFull: "#", barEmpty: ".",
    sparkline: ["_", ",", ":", "=", "+", "*", "%", "#"],
    heat: [" ", ".", ":", "*", "#"],
    arrow: ">", ellipsis: "~", missing: "-", gap: ".", check: "v", caret: "|",
    sortedAscending: "^", sortedDescending: "v")
}
