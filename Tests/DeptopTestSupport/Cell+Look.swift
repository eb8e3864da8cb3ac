package import DeptopScreen

extension Cell {
  /// What the eye sees of a cell: of a blank only the background, unless a line or the swapped foreground shows.
  package var look: Cell {
    guard text == " " else { return self }
    var seen = self
    seen.style.attributes.remove(.italic)
    if seen.style.attributes.isDisjoint(with: [.reverse, .underline]) {
      seen.style = Style(background: style.background)
    }
    return seen
  }
}
