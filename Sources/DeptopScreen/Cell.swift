/// One column of one row.
///
/// A wide character owns two columns: the first holds its text with width 2, the second holds
/// ``Cell/trailing(_:)``, an empty text of width 0 in the same style.
package struct Cell: Sendable, Hashable {
  /// One grapheme cluster; empty for the right half of a wide character.
  package var text: Character?
  /// Columns that the text occupies: 1 or 2; 0 for the right half of a wide character.
  package var width: UInt8
  package var style: Style

  package init(_ text: Character, width: UInt8 = 1, style: Style = .plain) {
    self.text = text
    self.width = width
    self.style = style
  }

  private init(trailing style: Style) {
    text = nil
    width = 0
    self.style = style
  }

  /// The right half of a wide character.
  package static func trailing(_ style: Style) -> Cell { Cell(trailing: style) }

  /// A space in the terminal's own colours.
  package static let blank = Cell(" ")
}
